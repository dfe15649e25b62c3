package main

import (
	"fmt"
	"log/slog"
	"strings"

	"supportbot/channels"
	"supportbot/channels/twilio"
	"supportbot/handoff/console"
	"supportbot/internal/store"
)

// twilioFlags are the account for SMS and WhatsApp.
type twilioFlags struct {
	TwilioAccountSID       string   `help:"Account at Twilio, for SMS and WhatsApp; without one they are off." name:"twilio-account-sid" placeholder:"SID" env:"SUPPORTBOT_TWILIO_ACCOUNT_SID"`
	TwilioAuthToken        string   `help:"The account's auth token." name:"twilio-auth-token" placeholder:"TOKEN" env:"SUPPORTBOT_TWILIO_AUTH_TOKEN"`
	TwilioFrom             string   `help:"The account's number, such as +14155550100." name:"twilio-from" placeholder:"NUMBER" env:"SUPPORTBOT_TWILIO_FROM"`
	TwilioWhatsAppFrom     string   `help:"The account's WhatsApp sender, such as +14155550100; without one WhatsApp is off." name:"twilio-whatsapp-from" placeholder:"NUMBER" env:"SUPPORTBOT_TWILIO_WHATSAPP_FROM"`
	TwilioWhatsAppTemplate string   `help:"Template that asks a person to write again, once WhatsApp takes no free words any more." name:"twilio-whatsapp-template" placeholder:"SID" env:"SUPPORTBOT_TWILIO_WHATSAPP_TEMPLATE"`
	TwilioServer           string   `help:"Another base URL in the place of https://api.twilio.com." name:"twilio-server" placeholder:"URL" env:"SUPPORTBOT_TWILIO_SERVER"`
	TwilioCountries        []string `help:"Beginnings of the numbers that are served, such as +86,+852; by default +86 and the countries of the account's numbers." name:"twilio-countries" placeholder:"PREFIX" env:"SUPPORTBOT_TWILIO_COUNTRIES"`
	TwilioDeleteMedia      bool     `help:"Delete pictures at Twilio once they are kept here." name:"twilio-delete-media" env:"SUPPORTBOT_TWILIO_DELETE_MEDIA"`
	TwilioDailySegments    uint     `help:"SMS segments and WhatsApp messages that are paid for a day; what is more waits." name:"twilio-daily-segments" default:"2000" env:"SUPPORTBOT_TWILIO_DAILY_SEGMENTS"`
}

func (f twilioFlags) twilio(publicURL string) twilio.Config {
	return twilio.Config{
		AccountSID: f.TwilioAccountSID, AuthToken: f.TwilioAuthToken, From: f.TwilioFrom, WhatsAppFrom: f.TwilioWhatsAppFrom,
		Server: f.TwilioServer, PublicURL: publicURL,
		Countries: f.TwilioCountries, DailySegments: int(f.TwilioDailySegments), Template: f.TwilioWhatsAppTemplate,
		DeleteMedia: f.TwilioDeleteMedia,
	}
}

// messages returns the channels for SMS and WhatsApp, nil if they are off.
func (cmd *serveCmd) messages(config twilio.Config, conv channels.Conversations, s *store.Store, log *slog.Logger) *twilio.Messages {
	if !cmd.twilio(cmd.PublicURL).Enabled() {
		log.Info("SMS and WhatsApp are off; set SUPPORTBOT_TWILIO_ACCOUNT_SID, _TWILIO_AUTH_TOKEN, _TWILIO_FROM and SUPPORTBOT_PUBLIC_URL to switch them on")
	}
	if !config.Enabled() {
		return nil
	}
	return twilio.NewMessages(conv, s, s, config, log)
}

// texts sends text messages to numbers on file, nil if SMS is off.
func (cmd *serveCmd) texts(s *store.Store) console.Texts {
	config := cmd.twilio(cmd.PublicURL)
	if !config.Enabled() {
		return nil
	}
	return twilio.NewSender(config, s)
}

// twilioSettings are the lines of --print-config.
func (f twilioFlags) twilioSettings(secret func(string) string) [][2]string {
	return [][2]string{
		{"twilio_account_sid", f.TwilioAccountSID}, {"twilio_auth_token", secret(f.TwilioAuthToken)},
		{"twilio_from", f.TwilioFrom}, {"twilio_whatsapp_from", f.TwilioWhatsAppFrom}, {"twilio_whatsapp_template", f.TwilioWhatsAppTemplate},
		{"twilio_server", f.TwilioServer}, {"twilio_countries", strings.Join(f.TwilioCountries, ",")},
		{"twilio_delete_media", fmt.Sprint(f.TwilioDeleteMedia)}, {"twilio_daily_segments", fmt.Sprint(f.TwilioDailySegments)},
	}
}
