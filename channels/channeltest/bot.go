package channeltest

import (
	"bytes"
	"context"
	"slices"
	"sync"
	"time"

	"supportbot"
	"supportbot/channels"
)

// Bot is a bot in memory. It takes each message once, whatever a channel does, and
// answers a repeat with the outcome of the first time.
type Bot struct {
	mu      sync.Mutex
	turn    Turn
	before  func(context.Context, supportbot.Inbound) error
	fault   func() error
	deaf    bool
	reads   int
	threads map[supportbot.Address]*Thread
	taken   []supportbot.Inbound
}

// Turn is what comes of a message that is new: what is said is added to the thread.
type Turn func(*Thread, supportbot.Inbound) supportbot.Outcome

// Thread is one conversation of a Bot.
type Thread struct {
	Messages []supportbot.Message
	Status   channels.Status
	Taken    []supportbot.Inbound // each message once, in the order in which they came
	known    map[string]known     // by id
	watchers []chan struct{}
}

type known struct {
	raw     []byte
	outcome supportbot.Outcome
}

// NewBot returns a bot that has heard nothing, and lives by a turn.
func NewBot(turn Turn) *Bot {
	return &Bot{turn: turn, threads: map[supportbot.Address]*Thread{}}
}

// SayBack is a turn that repeats what was said, in Chinese unless the person asked
// for another language.
func SayBack(t *Thread, in supportbot.Inbound) supportbot.Outcome {
	if t.Status.Language = supportbot.Chinese; in.Language.Valid() {
		t.Status.Language = in.Language
	}
	said := in.Text + in.Choice + in.Digits
	out := supportbot.Outcome{Language: t.Status.Language}
	if said != "" {
		out.Seq = t.Say(supportbot.Message{From: supportbot.FromUser, Text: said, ReplyTo: in.ID}).Seq
	}
	out.Replies = []supportbot.Message{t.Say(supportbot.Message{From: supportbot.FromBot, Text: "收到：" + said})}
	return out
}

// Say adds a message to the transcript, and returns it with its number.
func (t *Thread) Say(m supportbot.Message) supportbot.Message {
	m.Seq, m.At = int64(len(t.Messages))+1, time.Now()
	t.Messages = append(t.Messages, m)
	return m
}

// Before has every message look at f before the bot does: f may wait, fail or panic.
// A repeat does so as well. nil ends that.
func (b *Bot) Before(f func(context.Context, supportbot.Inbound) error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.before = f
}

// Fail has every call ask fault first whether it fails; nil ends that.
func (b *Bot) Fail(fault func() error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fault = fault
}

// Deafen has Watch hint at nothing any more.
func (b *Bot) Deafen() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.deaf = true
}

// Taken returns what came, in order, without the time.
func (b *Bot) Taken() []supportbot.Inbound {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.taken)
}

// In changes a conversation from outside a turn, as an agent does, and hints at it.
// It begins one that is not there yet.
func (b *Bot) In(at supportbot.Address, change func(*Thread)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.thread(at)
	change(t)
	b.hint(t)
}

// All is In for every conversation.
func (b *Bot) All(change func(supportbot.Address, *Thread)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for at, t := range b.threads {
		change(at, t)
		b.hint(t)
	}
}

// Watched counts who follows conversations.
func (b *Bot) Watched() (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, t := range b.threads {
		n += len(t.watchers)
	}
	return n
}

// Reads counts how often transcripts were read.
func (b *Bot) Reads() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.reads
}

// Handle implements channels.Conversations.
func (b *Bot) Handle(ctx context.Context, in supportbot.Inbound, raw []byte) (supportbot.Outcome, error) {
	b.mu.Lock()
	before := b.before
	b.mu.Unlock()
	if before != nil {
		if err := before(ctx, in); err != nil {
			return supportbot.Outcome{}, err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.failing(); err != nil {
		return supportbot.Outcome{}, err
	}
	t := b.thread(in.Address)
	if first, ok := t.known[in.ID]; ok {
		if !bytes.Equal(first.raw, raw) {
			return supportbot.Outcome{}, supportbot.ErrConflict
		}
		return first.outcome, nil
	}
	in.At = time.Time{}
	b.taken, t.Taken = append(b.taken, in), append(t.Taken, in)
	outcome := b.turn(t, in)
	t.known[in.ID] = known{bytes.Clone(raw), outcome}
	b.hint(t)
	return outcome, nil
}

// Messages implements channels.Conversations.
func (b *Bot) Messages(ctx context.Context, at supportbot.Address, after int64, limit int) ([]supportbot.Message, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reads++
	if err := b.failing(); err != nil {
		return nil, err
	}
	t := b.threads[at]
	if t == nil || after >= int64(len(t.Messages)) {
		return nil, ctx.Err()
	}
	list := t.Messages[after:]
	return slices.Clone(list[:min(limit, len(list))]), ctx.Err()
}

// Status implements channels.Conversations.
func (b *Bot) Status(_ context.Context, at supportbot.Address) (channels.Status, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if t := b.threads[at]; t != nil {
		return t.Status, b.failing()
	}
	return channels.Status{}, b.failing()
}

// Watch implements channels.Conversations.
func (b *Bot) Watch(at supportbot.Address) (<-chan struct{}, func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t, changed := b.thread(at), make(chan struct{}, 1)
	t.watchers = append(t.watchers, changed)
	return changed, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		t.watchers = slices.DeleteFunc(t.watchers, func(w chan struct{}) bool { return w == changed })
	}
}

// thread is a conversation; mu is held here and below.
func (b *Bot) thread(at supportbot.Address) *Thread {
	if b.threads[at] == nil {
		b.threads[at] = &Thread{known: map[string]known{}}
	}
	return b.threads[at]
}

func (b *Bot) failing() error {
	if b.fault == nil {
		return nil
	}
	return b.fault()
}

func (b *Bot) hint(t *Thread) {
	for _, w := range t.watchers {
		if b.deaf {
			return
		}
		select {
		case w <- struct{}{}:
		default: // the hint before was not seen yet
		}
	}
}
