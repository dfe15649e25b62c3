package webchat

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"supportbot"
	"supportbot/channels/channeltest"
)

// memory is a bot that greets with a menu, and says back what it hears.
type memory struct {
	*channeltest.Bot
	offer []supportbot.Choice // with what is said back
}

func newMemory() *memory {
	m := &memory{}
	m.Bot = channeltest.NewBot(m.turn)
	m.takes(0)
	return m
}

// menu is offered with the greeting.
var menu = []supportbot.Choice{
	{Label: "忘记密码", Value: "topic:forgot-password"},
	{Label: "绑卡失败", Value: "topic:binding-failed"},
	{Label: "转人工", Value: "control:agent"},
}

const guide = "请按下面的步骤做：\n\n1. 在终端上选 **“忘记密码”**。\n2. 输入收到的验证码，不要告诉任何人。\n3. 设置新密码，再登录一次。\n\n可疑电话请拨 **110**，详见[银行说明](https://bank.example/help)。"

func (m *memory) turn(t *channeltest.Thread, in supportbot.Inbound) supportbot.Outcome {
	var seq int64
	own := func(text string) {
		seq = t.Say(supportbot.Message{From: supportbot.FromUser, Text: text, ReplyTo: in.ID}).Seq
	}
	bot := func(text string, choices ...supportbot.Choice) {
		t.Say(supportbot.Message{From: supportbot.FromBot, Text: text, Choices: choices})
	}
	language, toLanguage := strings.CutPrefix(in.Choice, "language:")
	switch {
	case in.Kind == supportbot.InOpen:
		t.Status.Language = in.Language
		bot("您好，我是**自动助手**。请选一项，或直接打字。", menu...)
	case toLanguage:
		t.Status.Language = supportbot.Language(language)
		bot("Now in **English**.")
	case in.Choice == "control:agent":
		own("转人工")
		t.Status.Case = &supportbot.CaseRef{ID: "1-1", Reason: "talk-to-agent", Priority: supportbot.Normal, State: supportbot.CaseWaiting}
		bot("已经为您叫了人工客服。")
	case in.Choice == "control:leave":
		t.Status.Case, t.Status.Agent = nil, ""
		bot("好，我们继续。")
	case in.Kind == supportbot.InChoice:
		own(menu[slices.IndexFunc(menu, func(c supportbot.Choice) bool { return c.Value == in.Choice })].Label)
		bot(guide, supportbot.Choice{Label: "好了", Value: "yes"}, supportbot.Choice{Label: "还是不行", Value: "no"})
	default:
		own(in.Text)
		if t.Status.Agent == "" {
			bot("收到："+in.Text, m.offer...)
		}
	}
	return supportbot.Outcome{Seq: seq}
}

// agentSays has an agent take every conversation and write to it.
func (m *memory) agentSays(name, text string) {
	m.All(func(_ supportbot.Address, t *channeltest.Thread) {
		t.Status.Agent = name
		t.Status.Case = &supportbot.CaseRef{ID: "1-1", Reason: "talk-to-agent", Priority: supportbot.Normal, State: supportbot.CaseActive}
		t.Say(supportbot.Message{From: supportbot.FromAgent, Author: name, Text: text})
	})
}

// crash is a text that Handle panics on.
const crash = "!"

var errDown = errors.New("the disk is full")

// fails lets Handle answer err from now on; nil ends it. All else goes on.
func (m *memory) fails(err error) {
	if err == nil {
		m.takes(0)
		return
	}
	m.Before(func(context.Context, supportbot.Inbound) error { return err })
}

// takes lets Handle take a while from now on.
func (m *memory) takes(delay time.Duration) {
	m.Before(func(ctx context.Context, in supportbot.Inbound) error {
		select {
		case <-time.After(delay):
		case <-ctx.Done():
			return ctx.Err()
		}
		if in.Text == crash {
			panic("a turn that fails")
		}
		return nil
	})
}

// ages moves all messages into the past.
func (m *memory) ages(by time.Duration) {
	m.All(func(_ supportbot.Address, t *channeltest.Thread) {
		for i := range t.Messages {
			t.Messages[i].At = t.Messages[i].At.Add(-by)
		}
	})
}

// texts lists what was handled once and for all, as "kind text|choice".
func (m *memory) texts() []string {
	var list []string
	for _, in := range m.Taken() {
		list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s%s", in.Kind, in.Text, in.Choice)))
	}
	return list
}
