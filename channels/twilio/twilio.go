// Package twilio is the channel for those who reach the bot over Twilio: SMS and
// WhatsApp messages, and calls. Twilio calls webhooks that it signs; what the bot
// says goes out through its REST API.
package twilio

import (
	"fmt"
	"net/url"
	"regexp"
)

// Config is the account at Twilio and how the world reaches this server.
type Config struct {
	AccountSID   string // "AC" and 32 hexadecimal digits
	AuthToken    string // secret: it signs webhooks and opens the REST API
	From         string // the number that messages and calls come from, as E.164: "+14155550100"
	WhatsAppFrom string // the WhatsApp sender, as E.164; "" switches WhatsApp off
	Server       string // another base URL in the place of https://api.twilio.com; "" for Twilio itself
	PublicURL    string // scheme and host, as Twilio calls them: "https://bot.example.com"
}

// The forms of what a Config holds.
var (
	sidForm  = regexp.MustCompile(`^AC[0-9a-fA-F]{32}$`)
	e164Form = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
)

// Enabled tells whether the channels are switched on at all.
func (c Config) Enabled() bool { return c.AccountSID != "" || c.AuthToken != "" }

// Check refuses settings that could not work; the error names the flag.
func (c Config) Check() error {
	if !c.Enabled() {
		return nil
	}
	site := func(setting, value string) error {
		u, err := url.Parse(value)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
			return fmt.Errorf("%s %q must be scheme and host, such as https://bot.example.com, without a path", setting, value)
		}
		return nil
	}
	switch {
	case !sidForm.MatchString(c.AccountSID):
		return fmt.Errorf("--twilio-account-sid %q must be AC and 32 hexadecimal digits, as the Twilio console shows it", c.AccountSID)
	case c.AuthToken == "":
		return fmt.Errorf("--twilio-auth-token is missing; the Twilio console shows it beside the account SID")
	case !e164Form.MatchString(c.From):
		return fmt.Errorf("--twilio-from must be a number of the account with its country code, such as +14155550100")
	case c.WhatsAppFrom != "" && !e164Form.MatchString(c.WhatsAppFrom):
		return fmt.Errorf("--twilio-whatsapp-from must be a WhatsApp sender of the account with its country code, such as +14155550100")
	case c.PublicURL == "":
		return fmt.Errorf("--public-url is missing: Twilio signs the URL that it calls, so it must be known")
	}
	if err := site("--public-url", c.PublicURL); err != nil {
		return err
	}
	if c.Server != "" {
		return site("--twilio-server", c.Server)
	}
	return nil
}
