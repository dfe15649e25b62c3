// Package feed tells another desk what happens to cases, by webhook.
package feed

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"time"

	"supportbot"
	"supportbot/channels"
	"supportbot/internal/delivery"
)

// Desk is another desk. It is safe for concurrent use.
type Desk struct {
	url string
	to  channels.Webhook
}

// NewDesk returns a desk that is told at a URL, signed by a secret in the form of
// channels.ParseSecret. The error says which setting is at fault, and no secret.
func NewDesk(to, secret string) (*Desk, error) {
	u, err := url.Parse(to)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || u.Scheme != "https" && (u.Scheme != "http" || !channels.IsHere(u.Hostname())) {
		return nil, fmt.Errorf("--desk-url %q must be an https URL such as https://desk.example.com/supportbot, without a password; http is only for this machine", to)
	}
	key, err := channels.ParseSecret(secret)
	if err != nil {
		return nil, fmt.Errorf("--desk-secret %w", err)
	}
	return &Desk{to, channels.NewWebhook(to, key)}, nil
}

// told is the body of a webhook.
type told struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      any       `json:"data"`
}

type data struct {
	Conversation supportbot.ThreadID `json:"conversation"`
	Sequence     int64               `json:"sequence"`
	Case         supportbot.CaseNews `json:"case"`
	Message      *message            `json:"message,omitempty"`
}

// message is a line of the transcript, as the agent API shows it.
type message struct {
	Seq  int64             `json:"seq"`
	From supportbot.Sender `json:"from"`
	Text string            `json:"text"`
	At   time.Time         `json:"at"`
}

// Send tells one event, for delivery.NewFeed.
func (d *Desk) Send(ctx context.Context, e delivery.Delivery) error {
	what := data{Conversation: e.Thread, Sequence: e.Seq, Case: e.Event.Case}
	if m := e.Message; m.Seq != 0 {
		what.Message = &message{m.Seq, m.From, m.Text, m.At}
	}
	return d.to.Post(ctx, e.Key, told{string(e.Event.Kind), e.Event.At.UTC(), what})
}

// Examine says how the desk stands, for supportbot doctor; with apply it is sent a
// test event.
func (d *Desk) Examine(ctx context.Context, apply bool) ([]channels.Finding, error) {
	f := channels.Finding{What: "the desk at " + d.url + " has an address and a secret of the right form; nothing was sent: with --apply a test event is"}
	if apply {
		f.What = "the desk at " + d.url + " takes a test event"
		if err := d.to.Post(ctx, "test-"+rand.Text(), told{"test", time.Now().UTC(), struct{}{}}); err != nil {
			f.What = "the desk at " + d.url + " does not take a test event"
			f.Remedy = fmt.Sprintf("%v; it must answer 2xx to what is signed by --desk-secret, also to types that it does not know", err)
		}
	}
	return []channels.Finding{f}, nil
}
