package twilio

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"time"

	"supportbot"
	"supportbot/channels"
)

// lineBot is a bot that says back what it hears, and keeps it in memory. "agent"
// brings a case, "number" asks for one, "bye" ends, "slow" takes a while.
type lineBot struct {
	mu      sync.Mutex
	threads map[supportbot.Address]*talk
	fault   error         // of every call
	slow    time.Duration // how long "slow" takes
}

type talk struct {
	seen     map[string]kept
	messages []supportbot.Message
	status   channels.Status
	events   []supportbot.Inbound // that took effect, in order
}

type kept struct {
	raw     []byte
	outcome supportbot.Outcome
}

func newLineBot() *lineBot { return &lineBot{threads: map[supportbot.Address]*talk{}} }

func (m *lineBot) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fault = err
}

func (m *lineBot) Handle(ctx context.Context, in supportbot.Inbound, raw []byte) (supportbot.Outcome, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if in.Text == "slow" && len(m.threads) == 0 {
		m.mu.Unlock()
		time.Sleep(m.slow)
		m.mu.Lock()
	}
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
	out := t.turn(in)
	t.events = append(t.events, in)
	t.seen[in.ID] = kept{raw, out}
	return out, ctx.Err()
}

func (t *talk) turn(in supportbot.Inbound) (out supportbot.Outcome) {
	if language, ok := strings.CutPrefix(in.Choice, "language:"); ok {
		in.Language = supportbot.Language(language)
	}
	if in.Language.Valid() {
		t.status.Language = in.Language
	}
	if !t.status.Language.Valid() {
		t.status.Language = supportbot.Chinese
	}
	said := in.Text + in.Digits + in.Choice
	if said != "" {
		out.Seq = t.say(supportbot.Message{From: supportbot.FromUser, Text: said})
	}
	out.Language = t.status.Language
	t.status.Ended = false
	reply := supportbot.Message{From: supportbot.FromBot, Text: string(in.Kind) + " " + said}
	switch said {
	case "agent":
		t.status.Case = &supportbot.CaseRef{ID: "1-1", State: supportbot.CaseWaiting}
	case "number":
		reply.Keys = 15
	case "notice":
		reply.Notice = true
	case "bye":
		t.status.Ended = true
	}
	if in.Kind == supportbot.InHangup {
		t.status.Case = nil
		return out
	}
	out.Ended = t.status.Ended
	if t.status.Case != nil {
		out.Case = t.status.Case
	}
	if t.status.Agent == "" {
		reply.Choices = []supportbot.Choice{{Label: "好", Value: "yes", Key: "1"}, {Label: "No, thanks", Value: "no", Key: "2"}}
		reply.Seq = t.say(reply)
		out.Replies = []supportbot.Message{reply}
	}
	return out
}

func (t *talk) say(m supportbot.Message) int64 {
	m.Seq = int64(len(t.messages)) + 1
	t.messages = append(t.messages, m)
	return m.Seq
}

func (m *lineBot) thread(at supportbot.Address) *talk {
	t, ok := m.threads[at]
	if !ok {
		t = &talk{seen: map[string]kept{}}
		m.threads[at] = t
	}
	return t
}

// at changes a call's conversation from outside a turn, as an agent does.
func (m *lineBot) at(sid string, change func(*talk)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	change(m.thread(supportbot.Address{Channel: supportbot.Voice, Peer: strings.Map(lettered, sid)}))
}

func (m *lineBot) Messages(_ context.Context, at supportbot.Address, after int64, limit int) ([]supportbot.Message, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok := m.threads[at]
	if m.fault != nil || !ok || after >= int64(len(t.messages)) {
		return nil, m.fault
	}
	return t.messages[after:min(after+int64(limit), int64(len(t.messages)))], nil
}

func (m *lineBot) Status(_ context.Context, at supportbot.Address) (channels.Status, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if t, ok := m.threads[at]; ok && m.fault == nil {
		return t.status, nil
	}
	return channels.Status{}, m.fault
}

func (m *lineBot) Watch(supportbot.Address) (<-chan struct{}, func()) { return nil, func() {} }
