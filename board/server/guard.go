package server

import (
	"cmp"
	"crypto/rand"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"

	"github.com/landfall-go/landfall/board/wire"
)

// policy is the Content-Security-Policy of pages: nothing from elsewhere, no script
// and no style in the page itself (a style element needs the nonce).
func policy(nonce string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce + "'; img-src 'self' data: blob:; " +
		"font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; " +
		"object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// sandboxed is the policy of everything that is no page of ours: what people wrote
// is shown, if at all, where no script runs.
const sandboxed = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"

// guard answers only requests that are meant for this server, and forbids browsers
// what nobody needs.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", sandboxed)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		if !s.hosts.knows(r.Host) {
			refuse(w, http.StatusMisdirectedRequest, wire.Forbidden, "this server is not called "+clip(r.Host)+"; --public-url names it")
			return
		}
		writes := r.Method != http.MethodGet && r.Method != http.MethodHead
		if (writes || isUpgrade(r)) && !s.hosts.isOwn(r.Header.Get("Origin"), r.Host) {
			refuse(w, http.StatusForbidden, wire.Forbidden, "this comes from another page")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func isUpgrade(r *http.Request) bool { return r.Header.Get("Upgrade") != "" }

func clip(s string) string {
	if len(s) > 80 {
		s = s[:80]
	}
	return strings.ToValidUTF8(s, "")
}

// hosts are the names that the server is known under. A page elsewhere whose name
// was pointed at this address (DNS rebinding) has another.
type hosts struct {
	names    map[string]bool
	anyIP    bool   // shared: whoever knows an address of this machine may use it
	public   string // the origin that browsers see, if a proxy changes it
	scheme   string
	fallback string // the port of the scheme
}

func newHosts(c *Config, address string) *hosts {
	h := &hosts{names: map[string]bool{}, scheme: "http", fallback: "80"}
	if c.TLSCert != "" {
		h.scheme, h.fallback = "https", "443"
	}
	host, port, _ := net.SplitHostPort(address)
	for _, name := range []string{"localhost", "127.0.0.1", "::1"} {
		h.names[net.JoinHostPort(name, port)] = true
	}
	if at, err := netip.ParseAddr(host); err == nil && !at.IsLoopback() {
		h.anyIP = true
	}
	if h.anyIP {
		if name, err := os.Hostname(); err == nil {
			name = strings.ToLower(name)
			h.names[net.JoinHostPort(name, port)], h.names[net.JoinHostPort(name+".local", port)] = true, true
		}
	}
	if u, err := url.Parse(c.PublicURL); err == nil && u.Host != "" {
		h.public = u.Scheme + "://" + strings.ToLower(u.Host)
		h.names[withPort(strings.ToLower(u.Host), map[string]string{"https": "443"}[u.Scheme])] = true
	}
	return h
}

// checkPublic refuses a public URL that is no origin of a web page.
func checkPublic(text string) error {
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil {
		return err
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return errors.New("it is to be as https://board.example.com, with no path")
	}
	return nil
}

// withPort adds the port that goes without saying.
func withPort(host, port string) string {
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), cmp.Or(port, "80"))
}

// knows says whether a request is for this server.
func (h *hosts) knows(host string) bool {
	host = strings.ToLower(host)
	full := withPort(host, h.fallback)
	if h.names[full] {
		return true
	}
	if u, ok := strings.CutPrefix(h.public, "https://"); ok && u == host {
		return true
	}
	name, _, err := net.SplitHostPort(full)
	if err != nil || !h.anyIP {
		return false
	}
	_, err = netip.ParseAddr(name)
	return err == nil // an address cannot be rebound
}

// isOwn says whether a request comes from a page of this server.
func (h *hosts) isOwn(origin, host string) bool {
	if origin == "" {
		return false
	}
	return strings.EqualFold(origin, h.scheme+"://"+host) || h.public != "" && strings.EqualFold(origin, h.public)
}

// nonce returns what only one page knows.
func nonce() string { return rand.Text() }
