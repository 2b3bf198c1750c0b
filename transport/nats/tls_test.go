package nats_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	natsio "github.com/nats-io/nats.go"

	"github.com/landfall-go/landfall/transport"
	"github.com/landfall-go/landfall/transport/nats"
	"github.com/landfall-go/landfall/transport/nats/embedded"
)

// certificate makes a certificate for the loopback interface, and the file by
// which it is trusted.
func certificate(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "landfall"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file
}

func TestTLSAndPassword(t *testing.T) {
	cert, ca := certificate(t)
	server := start(t, embedded.Options{
		TLS:   &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS13},
		Users: []embedded.User{{Name: "rover", Password: "secret"}},
	})
	conn := connect(t, server.URL(), nats.WithConnection(natsio.RootCAs(ca), natsio.UserInfo("rover", "secret")))
	if _, err := conn.Answer("Rover", "echo", func(_ context.Context, request []byte) []byte { return request }); err != nil {
		t.Fatal(err)
	}
	until(t, func() error { _, err := conn.Call(t.Context(), "Rover", "echo", nil); return err })
	until(t, func() error { return conn.Publish(t.Context(), rover, []transport.Message{message(1)}) })

	for what, options := range map[string][]natsio.Option{
		"an authority that is not trusted": {natsio.UserInfo("rover", "secret")},
		"a wrong password":                 {natsio.RootCAs(ca), natsio.UserInfo("rover", "wrong")},
	} {
		if _, err := nats.Connect(t.Context(), server.URL(), nats.WithConnection(options...)); err == nil || errors.Is(err, transport.ErrInvalid) {
			t.Errorf("connect with %s: %v", what, err)
		}
	}
	if _, err := nats.Connect(t.Context(), server.URL(), nats.WithConnection(natsio.RootCAs("nowhere.pem"))); !errors.Is(err, transport.ErrInvalid) {
		t.Errorf("connect with a file that is not there: %v", err)
	}
}
