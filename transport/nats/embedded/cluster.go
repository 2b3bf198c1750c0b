package embedded

import (
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
)

// Cluster are servers that share what is published. It is safe for concurrent
// use.
type Cluster struct {
	Servers []*Server
}

// StartCluster starts n servers in this process which are one cluster, for tests
// of what happens when one is lost. Options are those of each, on free ports; Dir
// has one directory for each below it. It returns when the cluster has a leader.
func StartCluster(n int, o Options) (*Cluster, error) {
	const attempts = 3 // somebody else may take a port that was free
	var err error
	for range attempts {
		c := &Cluster{}
		if err = c.start(n, o); err == nil {
			return c, nil
		}
		c.Shutdown()
	}
	return nil, fmt.Errorf("start a cluster: %w", err)
}

func (c *Cluster) start(n int, o Options) error {
	ports, err := freePorts(2 * n)
	if err != nil {
		return err
	}
	var routes []*url.URL
	for _, port := range ports[:n] {
		routes = append(routes, &url.URL{Scheme: "nats", Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(port))})
	}
	dir := o.Dir
	for i := range n {
		name := fmt.Sprintf("landfall-%d", i+1)
		if o.Port = ports[n+i]; dir != "" {
			o.Dir = filepath.Join(dir, name)
		}
		s, err := startWith(o, func(out *natsserver.Options) {
			out.ServerName = name
			out.Cluster = natsserver.ClusterOpts{Name: "landfall", Host: "127.0.0.1", Port: ports[i]}
			out.Routes = routes
		})
		if err != nil {
			return err
		}
		c.Servers = append(c.Servers, s)
	}
	for deadline := time.Now().Add(readyWithin); !c.ready(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			return fmt.Errorf("it has no leader after %s", readyWithin)
		}
	}
	return nil
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

// freePorts finds ports that nobody listens on now.
func freePorts(n int) ([]int, error) {
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close() // after all are found, so that none is found twice
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}
