package rest_test

import (
	"bytes"
	"context"
	"sync"

	"supportbot"
	"supportbot/channels"
)

// memory is a bot that says back what it hears and keeps it in memory. A text
// "wait" is not answered before its context ends.
type memory struct {
	mu       sync.Mutex
	threads  map[supportbot.Address]*thread
	watchers map[supportbot.Address]chan struct{}
	fault    error // of every call
	mute     bool  // Watch never hints
}

type thread struct {
	seen     map[string]handled
	messages []supportbot.Message
}

type handled struct {
	raw     []byte
	outcome supportbot.Outcome
}

func newMemory() *memory {
	return &memory{
		threads:  make(map[supportbot.Address]*thread),
		watchers: make(map[supportbot.Address]chan struct{}),
	}
}

func (m *memory) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fault = err
}

func (m *memory) Handle(ctx context.Context, in supportbot.Inbound, raw []byte) (supportbot.Outcome, error) {
	if in.Text == "wait" {
		<-ctx.Done()
		return supportbot.Outcome{}, ctx.Err()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fault != nil {
		return supportbot.Outcome{}, m.fault
	}
	t := m.thread(in.Address)
	if before, ok := t.seen[in.ID]; ok {
		if !bytes.Equal(before.raw, raw) {
			return supportbot.Outcome{}, supportbot.ErrConflict
		}
		return before.outcome, nil
	}
	said := in.Text
	if in.Kind == supportbot.InChoice {
		said = "chose " + in.Choice
	}
	out := supportbot.Outcome{Seq: m.say(in.Address, supportbot.FromUser, said)}
	switch said {
	case "silence":
		out.Ended = true
	case "agent":
		out.Case = &supportbot.CaseRef{ID: "1-1", Reason: "forgot-password", Priority: supportbot.Normal, State: supportbot.CaseWaiting}
		fallthrough
	default:
		m.say(in.Address, supportbot.FromBot, string(in.Language)+"<"+said+">", supportbot.Choice{Label: "是", Value: "yes", Key: "1"})
		out.Replies = t.messages[out.Seq:]
	}
	t.seen[in.ID] = handled{raw, out}
	return out, nil
}

func (m *memory) Messages(ctx context.Context, at supportbot.Address, after int64, limit int) ([]supportbot.Message, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fault != nil {
		return nil, m.fault
	}
	t, ok := m.threads[at]
	if !ok || after >= int64(len(t.messages)) {
		return nil, ctx.Err()
	}
	return t.messages[after:min(after+int64(limit), int64(len(t.messages)))], ctx.Err()
}

func (m *memory) Status(context.Context, supportbot.Address) (channels.Status, error) {
	return channels.Status{}, nil
}

func (m *memory) Watch(at supportbot.Address) (<-chan struct{}, func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	changed := make(chan struct{}, 1)
	m.watchers[at] = changed
	return changed, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.watchers, at)
	}
}

// agent writes into a conversation from outside a turn.
func (m *memory) agent(at supportbot.Address, text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.say(at, supportbot.FromAgent, text)
}

func (m *memory) watched(at supportbot.Address) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.watchers[at] != nil
}

func (m *memory) thread(at supportbot.Address) *thread {
	t, ok := m.threads[at]
	if !ok {
		t = &thread{seen: make(map[string]handled)}
		m.threads[at] = t
	}
	return t
}

func (m *memory) say(at supportbot.Address, from supportbot.Sender, text string, offered ...supportbot.Choice) int64 {
	t := m.thread(at)
	seq := int64(len(t.messages)) + 1
	t.messages = append(t.messages, supportbot.Message{Seq: seq, From: from, Text: text, Choices: offered})
	if changed := m.watchers[at]; changed != nil && !m.mute {
		select {
		case changed <- struct{}{}:
		default:
		}
	}
	return seq
}
