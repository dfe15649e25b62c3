// Package email answers by SMTP people who have left an address and gone. Nothing
// comes in by it: who wants to go on comes back to the page.
package email

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"
)

// Config is the account by which mail is sent.
type Config struct {
	URL  string              // of the server: smtp://user:password@host:port, or smtps:// where TLS comes first
	From string              // the address that people see, with a name if it is to have one
	Link string              // of the page on which people go on, "" if it is not known
	Mask func(string) string // takes out what no mail may hold

	client []mail.Option // of tests
}

// Enabled tells whether mail is sent.
func (c Config) Enabled() bool { return c.URL != "" }

// Check refuses settings that could not work, or not safely.
func (c Config) Check() error {
	if !c.Enabled() {
		if c.From != "" {
			return errors.New("--smtp-from needs --smtp-url")
		}
		return nil
	}
	u, err := url.Parse(c.URL)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" || u.Path != "" || u.RawQuery != "" {
		return errors.New("--smtp-url must be such as smtp://user:password@mail.example.com:587, or smtps:// where TLS comes first")
	}
	if _, err := netmail.ParseAddress(c.From); err != nil {
		return fmt.Errorf("--smtp-from %q must be an address such as support@example.com: %w", c.From, err)
	}
	return nil
}

// callLimit is how long the server may take to let us in, and then to take a mail: less
// in all than a try of internal/delivery.
const callLimit = 20 * time.Second

// connection makes a client of a checked configuration. What is said to another
// machine is encrypted, or not said.
func (c Config) connection() (*mail.Client, error) {
	u, err := url.Parse(c.URL)
	if err != nil {
		return nil, errors.New("email: --smtp-url is no URL")
	}
	options := []mail.Option{
		mail.WithTimeout(callLimit), mail.WithoutNoop(), mail.WithTLSPolicy(mail.TLSMandatory), mail.WithPort(mail.DefaultPortTLS),
		mail.WithTLSConfig(&tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12}),
	}
	switch {
	case u.Scheme == "smtps":
		options = append(options, mail.WithSSL(), mail.WithPort(mail.DefaultPortSSL))
	case loopback(u.Hostname()):
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	}
	if port, err := strconv.Atoi(u.Port()); err == nil {
		options = append(options, mail.WithPort(port))
	}
	if u.User != nil {
		password, _ := u.User.Password()
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(u.User.Username()), mail.WithPassword(password))
	}
	return mail.NewClient(u.Hostname(), append(options, c.client...)...)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
