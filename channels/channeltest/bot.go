package channeltest

import (
	"bytes"
	"context"
	"sync"
	"time"

	"supportbot"
	"supportbot/channels"
)

// Bot takes what a channel hands on, each message once, and keeps it. It says
// nothing.
type Bot struct {
	mu    sync.Mutex
	taken []supportbot.Inbound
	raw   map[key][]byte
	fault func() error
}

type key struct {
	at supportbot.Address
	id string
}

// NewBot returns a bot that has heard nothing.
func NewBot() *Bot { return &Bot{raw: map[key][]byte{}} }

// Fail has every call ask fault first whether it fails; nil ends that.
func (b *Bot) Fail(fault func() error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fault = fault
}

// Taken returns what came, in order, without the time.
func (b *Bot) Taken() []supportbot.Inbound {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.taken
}

// Handle implements channels.Conversations.
func (b *Bot) Handle(_ context.Context, in supportbot.Inbound, raw []byte) (supportbot.Outcome, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fault != nil {
		if err := b.fault(); err != nil {
			return supportbot.Outcome{}, err
		}
	}
	k := key{in.Address, in.ID}
	before, ok := b.raw[k]
	switch {
	case ok && !bytes.Equal(before, raw):
		return supportbot.Outcome{}, supportbot.ErrConflict
	case !ok:
		b.raw[k] = bytes.Clone(raw)
		in.At = time.Time{}
		b.taken = append(b.taken, in)
	}
	return supportbot.Outcome{}, nil
}

// Messages implements channels.Conversations.
func (b *Bot) Messages(context.Context, supportbot.Address, int64, int) ([]supportbot.Message, error) {
	return nil, nil
}

// Status implements channels.Conversations: everybody speaks Chinese.
func (b *Bot) Status(context.Context, supportbot.Address) (channels.Status, error) {
	return channels.Status{Language: supportbot.Chinese}, nil
}

// Watch implements channels.Conversations.
func (b *Bot) Watch(supportbot.Address) (<-chan struct{}, func()) { return nil, func() {} }
