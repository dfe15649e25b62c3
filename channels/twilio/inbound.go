package twilio

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"

	"supportbot"
)

// whatsApp is before a number that is reached there.
const whatsApp = "whatsapp:"

// inbound is a message as Twilio posts it:
// https://www.twilio.com/docs/messaging/guides/webhook-request.
type inbound struct {
	at    supportbot.Address
	to    supportbot.Address // the conversation that it belongs to, which may be that of a call
	id    string
	text  string
	media string // the kind of what is attached, such as "image/jpeg"; "" for nothing
}

// errForm: a form that no message of Twilio has.
var errForm = errors.New("a message needs MessageSid and From, a number with its country code")

// read reads the form of a message.
func read(form url.Values) (m inbound, err error) {
	m.at.Channel, m.at.Peer = supportbot.SMS, form.Get("From")
	if peer, ok := strings.CutPrefix(m.at.Peer, whatsApp); ok {
		m.at.Channel, m.at.Peer = supportbot.WhatsApp, peer
	}
	sid := form.Get("MessageSid")
	if sid == "" || len(sid) > 64 || !e164Form.MatchString(m.at.Peer) {
		return m, errForm
	}
	m.id = idOf(sid)
	m.text = strings.TrimSpace(strings.ToValidUTF8(form.Get("Body"), "\uFFFD"))
	m.text = strings.ReplaceAll(m.text, "\x00", "")
	if n := form.Get("NumMedia"); n != "" && n != "0" {
		m.media = form.Get("MediaContentType0")
		if m.media == "" {
			m.media = "unknown"
		}
	}
	if m.text == "" && form.Get("Latitude") != "" { // a place, on WhatsApp
		m.media = "location"
	}
	return m, nil
}

// raw is what defines the message: when Twilio repeats it at the fallback URL, the
// form has more in it.
func (m inbound) raw() []byte {
	raw, _ := json.Marshal([]string{m.text, m.media}) // of texts it cannot fail
	return raw
}

// idOf writes a SID in letters: one in a thousand has digits in it that pass for the
// number of a card, and would be refused as an id.
func idOf(sid string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + 'g'
		}
		return r
	}, sid)
}
