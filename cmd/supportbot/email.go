package main

import (
	"context"

	"supportbot"
	"supportbot/channels/email"
	"supportbot/internal/store"
)

// emailFlags are the server by which people are answered who have left an address.
type emailFlags struct {
	SMTPURL  string `help:"Mail server, as smtp://user:password@mail.example.com:587, or smtps:// where TLS comes first; without one nobody is answered by e-mail." name:"smtp-url" placeholder:"URL" env:"SUPPORTBOT_SMTP_URL"`
	SMTPFrom string `help:"Address that people see, such as \"Support <support@example.com>\"." name:"smtp-from" placeholder:"ADDRESS" env:"SUPPORTBOT_SMTP_FROM"`
}

// email is the account. The page on which people go on is known only if no other
// site has one.
func (f emailFlags) email(publicURL string, origins []string) email.Config {
	c := email.Config{URL: f.SMTPURL, From: f.SMTPFrom, Mask: maskWritten}
	if publicURL != "" && len(origins) == 0 {
		c.Link = publicURL + "/"
	}
	return c
}

// seen is told what pages have shown, nil if it is nothing to anybody.
func (f emailFlags) seen(s *store.Store) func(context.Context, supportbot.Address, int64) error {
	if f.SMTPURL == "" {
		return nil
	}
	return s.Seen
}

// emailSettings are the lines of --print-config.
func (f emailFlags) emailSettings(secret func(string) string) [][2]string {
	return [][2]string{{"smtp_url", secret(f.SMTPURL)}, {"smtp_from", f.SMTPFrom}}
}
