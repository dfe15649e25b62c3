package webchat

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"supportbot"
	"supportbot/channels"
)

// memory is a small bot that keeps its conversations in memory and honours ids.
type memory struct {
	mu      sync.Mutex
	threads map[supportbot.Address]*thread
	handled []supportbot.Inbound // new ones, in the order in which they came
	fail    error                // what Handle answers, if anything
	delay   time.Duration        // of Handle
	reads   int                  // of transcripts
	offer   []supportbot.Choice  // with what is said back
}

type thread struct {
	messages []supportbot.Message
	seen     map[string]record
	status   channels.Status
	watchers []chan struct{}
}

type record struct {
	raw     string
	outcome supportbot.Outcome
}

func newMemory() *memory {
	return &memory{threads: map[supportbot.Address]*thread{}}
}

func (m *memory) Handle(ctx context.Context, in supportbot.Inbound, raw []byte) (supportbot.Outcome, error) {
	m.mu.Lock()
	delay := m.delay
	m.mu.Unlock()
	select {
	case <-time.After(delay):
	case <-ctx.Done():
		return supportbot.Outcome{}, ctx.Err()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return supportbot.Outcome{}, m.fail
	}
	t := m.thread(in.Address)
	if before, ok := t.seen[in.ID]; ok {
		if before.raw != string(raw) {
			return supportbot.Outcome{}, supportbot.ErrConflict
		}
		return before.outcome, nil
	}
	if in.Text == crash {
		panic("a turn that fails")
	}
	m.handled = append(m.handled, in)
	outcome := t.turn(in, m.offer)
	t.seen[in.ID] = record{string(raw), outcome}
	t.hint()
	return outcome, nil
}

func (m *memory) thread(at supportbot.Address) *thread {
	if m.threads[at] == nil {
		m.threads[at] = &thread{seen: map[string]record{}}
	}
	return m.threads[at]
}

// menu is offered with the greeting.
var menu = []supportbot.Choice{
	{Label: "忘记密码", Value: "topic:forgot-password"},
	{Label: "绑卡失败", Value: "topic:binding-failed"},
	{Label: "转人工", Value: "control:agent"},
}

const guide = "请按下面的步骤做：\n\n1. 在终端上选 **“忘记密码”**。\n2. 输入收到的验证码，不要告诉任何人。\n3. 设置新密码，再登录一次。\n\n可疑电话请拨 **110**，详见[银行说明](https://bank.example/help)。"

func (t *thread) turn(in supportbot.Inbound, offer []supportbot.Choice) supportbot.Outcome {
	var seq int64
	own := func(text string) {
		seq = t.add(supportbot.Message{From: supportbot.FromUser, Text: text, ReplyTo: in.ID})
	}
	bot := func(text string, choices ...supportbot.Choice) {
		t.add(supportbot.Message{From: supportbot.FromBot, Text: text, Choices: choices})
	}
	language, toLanguage := strings.CutPrefix(in.Choice, "language:")
	switch {
	case in.Kind == supportbot.InOpen:
		t.status.Language = in.Language
		bot("您好，我是**自动助手**。请选一项，或直接打字。", menu...)
	case toLanguage:
		t.status.Language = supportbot.Language(language)
		bot("Now in **English**.")
	case in.Choice == "control:agent":
		own("转人工")
		t.status.Case = &supportbot.CaseRef{ID: "1-1", Reason: "talk-to-agent", Priority: supportbot.Normal, State: supportbot.CaseWaiting}
		bot("已经为您叫了人工客服。")
	case in.Choice == "control:leave":
		t.status.Case, t.status.Agent = nil, ""
		bot("好，我们继续。")
	case in.Kind == supportbot.InChoice:
		own(menu[slices.IndexFunc(menu, func(c supportbot.Choice) bool { return c.Value == in.Choice })].Label)
		bot(guide, supportbot.Choice{Label: "好了", Value: "yes"}, supportbot.Choice{Label: "还是不行", Value: "no"})
	default:
		own(in.Text)
		if t.status.Agent == "" {
			bot("收到："+in.Text, offer...)
		}
	}
	return supportbot.Outcome{Seq: seq}
}

func (t *thread) add(message supportbot.Message) int64 {
	message.Seq = int64(len(t.messages) + 1)
	message.At = time.Now()
	t.messages = append(t.messages, message)
	return message.Seq
}

func (t *thread) hint() {
	for _, w := range t.watchers {
		select {
		case w <- struct{}{}:
		default:
		}
	}
}

// agentSays has an agent take every conversation and write to it.
func (m *memory) agentSays(name, text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, t := range m.threads {
		t.status.Agent = name
		t.status.Case = &supportbot.CaseRef{ID: "1-1", Reason: "talk-to-agent", Priority: supportbot.Normal, State: supportbot.CaseActive}
		t.add(supportbot.Message{From: supportbot.FromAgent, Author: name, Text: text})
		t.hint()
	}
}

func (m *memory) Messages(_ context.Context, at supportbot.Address, after int64, limit int) ([]supportbot.Message, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads++
	t, ok := m.threads[at]
	if !ok || after >= int64(len(t.messages)) {
		return nil, nil
	}
	list := t.messages[after:]
	return slices.Clone(list[:min(limit, len(list))]), nil
}

func (m *memory) Status(_ context.Context, at supportbot.Address) (channels.Status, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if t, ok := m.threads[at]; ok {
		return t.status, nil
	}
	return channels.Status{}, nil
}

func (m *memory) Watch(at supportbot.Address) (<-chan struct{}, func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.thread(at)
	changed := make(chan struct{}, 1)
	t.watchers = append(t.watchers, changed)
	return changed, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		t.watchers = slices.DeleteFunc(t.watchers, func(w chan struct{}) bool { return w == changed })
	}
}

// read returns how often a transcript was read.
func (m *memory) read() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.reads
}

// watched returns how many chats are followed.
func (m *memory) watched() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for _, t := range m.threads {
		n += len(t.watchers)
	}
	return n
}

// crash is a text that Handle panics on.
const crash = "!"

var errDown = errors.New("the disk is full")

// fails lets Handle answer err from now on; nil ends it.
func (m *memory) fails(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fail = err
}

// takes lets Handle take a while from now on.
func (m *memory) takes(delay time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.delay = delay
}

// ages moves all messages into the past.
func (m *memory) ages(by time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, t := range m.threads {
		for i := range t.messages {
			t.messages[i].At = t.messages[i].At.Add(-by)
		}
	}
}

// texts lists what was handled once and for all, as "kind text|choice".
func (m *memory) texts() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []string
	for _, in := range m.handled {
		list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s%s", in.Kind, in.Text, in.Choice)))
	}
	return list
}
