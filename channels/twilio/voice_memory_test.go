package twilio

import (
	"context"
	"strings"
	"time"

	"supportbot"
	"supportbot/channels/channeltest"
)

// lineBot is a bot that says back what it hears on the phone. "agent" brings a case,
// "number" asks for one, "bye" ends, and "slow", as the first word, takes a while.
type lineBot struct {
	*channeltest.Bot
	slow time.Duration // how long "slow" takes
}

func newLineBot() *lineBot {
	m := &lineBot{Bot: channeltest.NewBot(talk)}
	m.Before(func(_ context.Context, in supportbot.Inbound) error {
		if in.Text == "slow" && len(m.Taken()) == 0 {
			time.Sleep(m.slow)
		}
		return nil
	})
	return m
}

// fail has every call fail.
func (m *lineBot) fail(err error) { m.Fail(func() error { return err }) }

func talk(t *channeltest.Thread, in supportbot.Inbound) (out supportbot.Outcome) {
	if language, ok := strings.CutPrefix(in.Choice, "language:"); ok {
		in.Language = supportbot.Language(language)
	}
	if in.Language.Valid() {
		t.Status.Language = in.Language
	}
	if !t.Status.Language.Valid() {
		t.Status.Language = supportbot.Chinese
	}
	said := in.Text + in.Digits + in.Choice
	if said != "" {
		out.Seq = t.Say(supportbot.Message{From: supportbot.FromUser, Text: said}).Seq
	}
	out.Language = t.Status.Language
	t.Status.Ended = false
	reply := supportbot.Message{From: supportbot.FromBot, Text: string(in.Kind) + " " + said}
	switch said {
	case "agent":
		t.Status.Case = &supportbot.CaseRef{ID: "1-1", State: supportbot.CaseWaiting}
	case "number":
		reply.Keys = 15
	case "notice":
		reply.Notice = true
	case "bye":
		t.Status.Ended = true
	}
	if in.Kind == supportbot.InHangup {
		t.Status.Case = nil
		return out
	}
	out.Ended, out.Case = t.Status.Ended, t.Status.Case
	if t.Status.Agent == "" {
		reply.Choices = []supportbot.Choice{{Label: "好", Value: "yes", Key: "1"}, {Label: "No, thanks", Value: "no", Key: "2"}}
		out.Replies = []supportbot.Message{t.Say(reply)}
	}
	return out
}

// at changes a call's conversation from outside a turn, as an agent does.
func (m *lineBot) at(sid string, change func(*channeltest.Thread)) {
	m.In(supportbot.Address{Channel: supportbot.Voice, Peer: strings.Map(lettered, sid)}, change)
}
