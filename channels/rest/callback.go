package rest

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"supportbot"
	"supportbot/channels"
)

// Callback posts what the bot and agents say to a program, signed as
// https://www.standardwebhooks.com asks for.
type Callback struct{ to channels.Webhook }

// NewCallback returns a callback to a URL. secret is "whsec_" and the base64 of
// 24 to 64 random bytes, as the receiver has it too.
func NewCallback(to, secret string) (*Callback, error) {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.Fragment != "" {
		return nil, fmt.Errorf("--rest-callback %q must be a URL such as https://shop.example.com/bot, without a password", to)
	}
	key, err := channels.ParseSecret(secret)
	if err != nil {
		return nil, fmt.Errorf("--rest-callback-secret %w", err)
	}
	return &Callback{channels.NewWebhook(to, key)}, nil
}

// said is the body of a callback.
type said struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      struct {
		Conversation string `json:"conversation"`
		entry
	} `json:"data"`
}

// Send implements channels.Sender.
func (c *Callback) Send(ctx context.Context, to supportbot.Address, m supportbot.Message, key string) error {
	body := said{Type: "message.created", Timestamp: m.At}
	body.Data.Conversation = to.Peer
	body.Data.entry = entry{m.Seq, m.From, m.Author, m.Text, choicesOf(m)}
	return c.to.Post(ctx, key, body)
}
