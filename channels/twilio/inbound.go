package twilio

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
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
	kinds []string // of what is attached, such as "image/jpeg"
	refs  []string // of the pictures among it, see mediaRef

	unseen supportbot.Unseen // what the bot cannot see of it, "" for nothing
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
	m.attached(form)
	return m, nil
}

// mostMedia is how many files a message of Twilio's has at most.
const mostMedia = 10

// attached reads what a message holds beside or instead of words. On WhatsApp a place
// comes without a file, and a sticker is one that looks like a picture.
func (m *inbound) attached(form url.Values) {
	n, _ := strconv.Atoi(form.Get("NumMedia")) // what is no number is none
	kind := form.Get("MessageType")
	if kind == "location" || kind == "contacts" || m.text == "" && form.Get("Latitude") != "" {
		m.unseen, m.kinds = supportbot.Something, []string{kind}
	}
	for i := range min(n, mostMedia) {
		file := form.Get(fmt.Sprint("MediaContentType", i))
		m.kinds = append(m.kinds, file)
		what := supportbot.Something
		switch family, _, _ := strings.Cut(file, "/"); {
		case family == "image" && kind != "sticker":
			what = supportbot.Photo
			m.refs = append(m.refs, mediaRef(form.Get(fmt.Sprint("MediaUrl", i))))
		case family == "audio", family == "video":
			what = supportbot.Sound
		}
		if m.unseen == "" || m.unseen == supportbot.Something || what == supportbot.Photo {
			m.unseen = what
		}
	}
}

// raw is what defines the message: when Twilio repeats it at the fallback URL, the
// form has more in it.
func (m inbound) raw() []byte {
	raw, _ := json.Marshal(append([]string{m.text}, m.kinds...)) // of texts it cannot fail
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
