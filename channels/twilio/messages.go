package twilio

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/time/rate"

	"supportbot"
	"supportbot/channels"
	"supportbot/channels/pictures"
	"supportbot/channels/throttle"
)

// Where Twilio calls.
const (
	messagesPath = "/channels/twilio/messages"
	statusPath   = "/channels/twilio/status"
)

// perMinute is how many messages of one person are taken in a minute: twice what
// anybody types.
const perMinute = 30

// Messages takes in SMS and WhatsApp messages. Replies go out by a Sender.
type Messages struct {
	conversations channels.Conversations
	ledger        Ledger
	config        Config
	pictures      *pictures.Fetcher
	log           *slog.Logger
	rate          *throttle.Rate
	foreign       rate.Sometimes
}

// NewMessages returns the channels for SMS and WhatsApp; album keeps the pictures
// that come over them.
func NewMessages(conversations channels.Conversations, ledger Ledger, album pictures.Store, config Config, log *slog.Logger) *Messages {
	files := newMedia(config)
	fetcher := pictures.New(album, conversations, files.fetch, log, supportbot.SMS, supportbot.WhatsApp, supportbot.Voice)
	if config.DeleteMedia {
		fetcher.OnceKept(files.discard)
	}
	return &Messages{
		conversations: conversations, ledger: ledger, config: config, pictures: fetcher, log: log,
		rate: throttle.NewRate(perMinute), foreign: rate.Sometimes{Interval: time.Minute},
	}
}

// Run fetches pictures until ctx ends.
func (m *Messages) Run(ctx context.Context) { m.pictures.Run(ctx) }

// Routes lists what Twilio calls.
func (m *Messages) Routes() []channels.Route {
	return []channels.Route{
		{Pattern: "POST " + messagesPath, Handler: m.config.signed(http.HandlerFunc(m.receive), m.log)},
		{Pattern: "POST " + statusPath, Handler: m.config.signed(http.HandlerFunc(m.status), m.log)},
	}
}

// receive takes one message. It is answered once it is durable; what the bot says
// to it comes by the outbox, so that a repeat says nothing twice.
func (m *Messages) receive(w http.ResponseWriter, r *http.Request) {
	in, err := read(r.PostForm)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if !m.config.serves(in.at.Peer) {
		m.foreign.Do(func() {
			m.log.Warn("a message from a country that is not served was dropped; --twilio-countries names those that are", "channel", string(in.at.Channel), "country", country(in.at.Peer))
		})
		respond(w, "")
		return
	}
	if wait := m.rate.Take(string(in.at.Channel) + in.at.Peer); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(throttle.Seconds(wait)))
		http.Error(w, "too many messages", http.StatusTooManyRequests)
		return
	}
	answer, err := m.handle(r.Context(), in)
	switch {
	case err == nil:
		respond(w, answer)
	case errors.Is(err, supportbot.ErrBusy):
		http.Error(w, "try again soon", http.StatusServiceUnavailable)
	case errors.Is(err, supportbot.ErrConflict), errors.Is(err, supportbot.ErrInvalid):
		m.log.Warn("a message was refused", "channel", string(in.at.Channel), "error", err)
		http.Error(w, "the message was refused", http.StatusBadRequest)
	default:
		m.log.Error("a message was not taken", "channel", string(in.at.Channel), "error", err)
		http.Error(w, "try again", http.StatusInternalServerError)
	}
}

// handle has a message taken, and returns what is to be answered at once, if
// anything.
func (m *Messages) handle(ctx context.Context, in inbound) (answer string, err error) {
	reach, err := m.ledger.Reach(ctx, in.at)
	if err != nil && !errors.Is(err, supportbot.ErrNotFound) {
		return "", err
	}
	known := err == nil
	if in.to, err = m.conversation(ctx, in); err != nil {
		return "", err
	}
	wish, answered := wishOf(in.at.Channel, in.text, reach.Stopped)
	switch {
	case wish == stop:
		return m.stop(ctx, in, known, answered)
	case wish == start && known:
		if err := m.ledger.Consent(ctx, in.at, in.id, false); err != nil {
			return "", err
		}
		fallthrough
	case wish == start: // what is open is asked again, or the bot says hello
		return "", m.take(ctx, in, supportbot.InOpen, "")
	}
	if agreed, err := m.agree(ctx, in); agreed || err != nil {
		return "", err // what was held back goes out now
	}
	if in.unseen != "" && in.text == "" {
		return "", m.take(ctx, in, supportbot.InUnseen, "")
	}
	return "", m.take(ctx, in, supportbot.InText, in.text)
}

// take gives a message to the bot, has its pictures fetched once it is durable, and
// has what was held back go out.
func (m *Messages) take(ctx context.Context, in inbound, kind supportbot.InboundKind, text string) error {
	_, err := m.conversations.Handle(ctx, supportbot.Inbound{Address: in.to, ID: in.id, Kind: kind, Text: text, Unseen: in.unseen}, in.raw())
	for i, ref := range in.refs {
		if err == nil {
			err = m.pictures.Want(ctx, in.to, fmt.Sprintf("%s.%d", in.id, i+1), ref)
		}
	}
	if err == nil && in.at.Channel == supportbot.WhatsApp {
		err = m.ledger.Wake(ctx, in.to)
	}
	return err
}

// stop has nothing more sent. An agent who waits for the person is shown why; else
// the conversation rests. What Twilio does not answer itself is answered once.
func (m *Messages) stop(ctx context.Context, in inbound, known, answered bool) (answer string, err error) {
	if known {
		if err := m.ledger.Consent(ctx, in.at, in.id, true); err != nil {
			return "", err
		}
		status, err := m.conversations.Status(ctx, in.to)
		if err != nil {
			return "", err
		}
		kind, text := supportbot.InHangup, ""
		if status.Case != nil {
			kind, text = supportbot.InText, in.text
		}
		if err := m.take(ctx, in, kind, text); err != nil {
			return "", err
		}
	}
	if answered {
		return "", nil
	}
	return m.pay(ctx, in, phrases[stopped][m.language(ctx, in)])
}

// language is that of the conversation, else Chinese, in which most merchants write.
func (m *Messages) language(ctx context.Context, in inbound) supportbot.Language {
	if status, err := m.conversations.Status(ctx, in.to); err == nil && status.Language != "" {
		return status.Language
	}
	return supportbot.Chinese
}

// pay counts an answer like what the bot sends, and swallows what would go beyond
// the day's limit.
func (m *Messages) pay(ctx context.Context, in inbound, answer string) (string, error) {
	within, err := m.ledger.Spend(ctx, cost(in.at.Channel, answer), m.config.DailySegments)
	if err != nil || !within {
		return "", err
	}
	return answer, nil
}

// What is said outside of content.
type phrase int

const (
	stopped phrase = iota
)

var phrases = map[phrase]map[supportbot.Language]string{
	stopped: {
		supportbot.Chinese: "已退订，不会再给您发消息。要恢复，请回复“取消退订”。",
		supportbot.English: "You will get no more messages. Reply START to get them again.",
	},
}

// respond answers with TwiML: a message, or nothing to be sent.
func respond(w http.ResponseWriter, message string) {
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	if message == "" {
		_, _ = io.WriteString(w, "<Response/>")
		return
	}
	_ = xml.NewEncoder(w).Encode(struct {
		XMLName xml.Name `xml:"Response"`
		Message string
	}{Message: message})
}
