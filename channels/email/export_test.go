package email

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"time"

	"github.com/wneessen/go-mail"
)

// Away has a configuration find its server, whatever it is called, at an address, and
// trust it if it shows a certificate of roots.
func (c Config) Away(address, name string, roots *x509.CertPool) Config {
	c = c.Trusting(name, roots)
	c.client = append(c.client, mail.WithDialContextFunc(func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}))
	return c
}

// Trusting has a configuration trust a server of that name, and wait for it a moment.
func (c Config) Trusting(name string, roots *x509.CertPool) Config {
	c.client = []mail.Option{mail.WithTLSConfig(&tls.Config{ServerName: name, RootCAs: roots}), mail.WithTimeout(2 * time.Second)}
	return c
}

// Hasty is a sender that waits for nobody.
func Hasty(c Config, ledger Ledger) *Sender {
	s := NewSender(c, ledger)
	s.patience = 0
	return s
}
