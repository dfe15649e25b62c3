// Package twilio is the channel for those who reach the bot over Twilio: SMS and
// WhatsApp messages, and calls. Twilio calls webhooks that it signs; what the bot
// says goes out through its REST API.
package twilio

import (
	"cmp"
	"errors"
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

	Countries     []string // prefixes of the numbers that are served, such as "+86"; nil for DefaultCountries and our own
	DailySegments int      // SMS segments and WhatsApp messages that a day may cost
	Template      string   // SID of a WhatsApp template that asks a person to write again, "HX…"; "" for none
	DeleteMedia   bool     // pictures are deleted at Twilio once they are kept here
}

// The forms of what a Config holds.
var (
	sidForm  = regexp.MustCompile(`^AC[0-9a-fA-F]{32}$`)
	tmplForm = regexp.MustCompile(`^HX[0-9a-fA-F]{32}$`)
	e164Form = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
)

// twilioServer is the REST API.
const twilioServer = "https://api.twilio.com"

// api is the base URL of the REST API.
func (c Config) api() string { return cmp.Or(c.Server, twilioServer) }

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
		return errors.New("--twilio-auth-token is missing; the Twilio console shows it beside the account SID")
	case !e164Form.MatchString(c.From):
		return errors.New("--twilio-from must be a number of the account with its country code, such as +14155550100")
	case c.WhatsAppFrom != "" && !e164Form.MatchString(c.WhatsAppFrom):
		return errors.New("--twilio-whatsapp-from must be a WhatsApp sender of the account with its country code, such as +14155550100")
	case c.Template != "" && !tmplForm.MatchString(c.Template):
		return fmt.Errorf("--twilio-whatsapp-template %q must be HX and 32 hexadecimal digits, as Twilio's Content Template Builder shows it", c.Template)
	case c.DailySegments < 1:
		return fmt.Errorf("--twilio-daily-segments %d must be 1 at least", c.DailySegments)
	case c.PublicURL == "":
		return errors.New("--public-url is missing: Twilio signs the URL that it calls, so it must be known")
	}
	if err := checkCountries(c.Countries); err != nil {
		return err
	}
	if err := site("--public-url", c.PublicURL); err != nil {
		return err
	}
	if c.Server != "" {
		return site("--twilio-server", c.Server)
	}
	return nil
}
