package embedded

import (
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
)

// Cluster are servers that share what is published. It is safe for concurrent
// use.
type Cluster struct {
	Servers []*Server
}

// StartCluster starts n servers in this process which are one cluster, for tests
// of what happens when one is lost. Options are those of each; Dir has one
// directory for each below it. It returns when the cluster has a leader.
func StartCluster(n int, o Options) (*Cluster, error) {
	routes, err := freeRoutes(n)
	if err != nil {
		return nil, fmt.Errorf("start a cluster of NATS: %w", err)
	}
	c := &Cluster{}
	dir := o.Dir
	for i := range n {
		name := fmt.Sprintf("landfall-%d", i+1)
		if dir != "" {
			o.Dir = filepath.Join(dir, name)
		}
		s, err := startWith(o, func(out *natsserver.Options) {
			out.ServerName = name
			out.Cluster = natsserver.ClusterOpts{Name: "landfall", Host: routes[i].Hostname(), Port: port(routes[i])}
			out.Routes = routes
		})
		if err != nil {
			c.Shutdown()
			return nil, err
		}
		c.Servers = append(c.Servers, s)
	}
	for deadline := time.Now().Add(readyWithin); !c.ready(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			c.Shutdown()
			return nil, fmt.Errorf("start a cluster of NATS: no leader within %s", readyWithin)
		}
	}
	return c, nil
}

// ready says whether the servers have a leader that knows them all, and have
// caught up with it.
func (c *Cluster) ready() bool {
	leader := false
	for _, s := range c.Servers {
		if !s.server.JetStreamIsCurrent() {
			return false
		}
		leader = leader || s.server.JetStreamIsLeader() && len(s.server.JetStreamClusterPeers()) == len(c.Servers)
	}
	return leader
}

// URL is where the servers listen, separated by commas.
func (c *Cluster) URL() string {
	all := ""
	for i, s := range c.Servers {
		if i > 0 {
			all += ","
		}
		all += s.URL()
	}
	return all
}

// Leader returns the server that leads a stream, or nil while there is none.
func (c *Cluster) Leader(stream string) *Server {
	for _, s := range c.Servers {
		if s.server.Running() && s.server.JetStreamIsStreamLeader(natsserver.DEFAULT_GLOBAL_ACCOUNT, stream) {
			return s
		}
	}
	return nil
}

// Shutdown stops all servers.
func (c *Cluster) Shutdown() {
	for _, s := range c.Servers {
		s.Shutdown()
	}
}

// freeRoutes finds ports that nobody listens on now.
func freeRoutes(n int) ([]*url.URL, error) {
	var routes []*url.URL
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close() // after all are found, so that none is found twice
		routes = append(routes, &url.URL{Scheme: "nats", Host: l.Addr().String()})
	}
	return routes, nil
}

func port(u *url.URL) int {
	addr, err := net.ResolveTCPAddr("tcp", u.Host)
	if err != nil {
		return 0 // ours are always addresses
	}
	return addr.Port
}
