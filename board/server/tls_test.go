package server_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/landfall-go/landfall/board/server"
	"github.com/landfall-go/landfall/board/wire"
)

// certificate writes a certificate for loopback and its key.
func certificate(t *testing.T) (cert, key string, pool *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "board"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	text, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	cert, key = filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: text}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool = x509.NewCertPool()
	pool.AddCert(parsed)
	return cert, key, pool
}

// TestTLS speaks TLS, over which cookies are for this server alone and never go
// without it.
func TestTLS(t *testing.T) {
	cert, key, pool := certificate(t)
	s := start(t, func(c *server.Config) { c.TLSCert, c.TLSKey = cert, key })
	if !strings.HasPrefix(s.URL(), "https://127.0.0.1:") {
		t.Fatalf("the address is %s", s.URL())
	}
	ann := s.visitor()
	ann.http.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	t.Cleanup(ann.http.CloseIdleConnections)
	ann.must("POST", "/api/enter", wire.Enter{Name: "Ann"}, &ann.me)
	for _, c := range ann.http.Jar.Cookies(mustURL(ann.base)) {
		if !strings.HasPrefix(c.Name, "__Host-") {
			t.Errorf("the cookie is called %s", c.Name)
		}
	}
	a := ann.open(ann.board("Ordering"))
	a.do("AddNotes", notes(note("note-1", "over TLS")))
	res, err := http.Get("http" + strings.TrimPrefix(ann.base, "https") + "/api/me")
	if err == nil {
		_ = res.Body.Close()
		if res.StatusCode < 400 {
			t.Errorf("it answers without TLS: %d", res.StatusCode)
		}
	}
}

// TestConfig refuses what cannot be served before anybody is told of a link.
func TestConfig(t *testing.T) {
	for _, c := range []struct {
		change func(*server.Config)
		says   string
	}{
		{func(c *server.Config) { c.TLSCert = "cert.pem" }, "go together"},
		{func(c *server.Config) { c.TLSCert, c.TLSKey = "none.pem", "none.key" }, "--tls-cert none.pem"},
		{func(c *server.Config) { c.PublicURL = "storm.example.com" }, "--public-url storm.example.com: it is to be as https://"},
		{func(c *server.Config) { c.PublicURL = "https://example.com/board/" }, "with no path"},
		{func(c *server.Config) { c.PublicURL = "javascript:alert(1)" }, "it is to be as https://"},
		{func(c *server.Config) { c.Listen = "nonsense" }, "--listen nonsense"},
	} {
		config := server.Config{Path: t.TempDir(), Pages: pages, Store: "memory:", Listen: "127.0.0.1:0"}
		c.change(&config)
		s, err := server.New(t.Context(), config)
		if err == nil {
			_ = s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v, and nothing of %q", err, c.says)
		}
	}
}
