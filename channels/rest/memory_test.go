package rest_test

import (
	"context"

	"supportbot"
	"supportbot/channels/channeltest"
)

// memory is a bot that says back what it hears. A text "wait" is not answered before
// its context ends.
type memory struct{ *channeltest.Bot }

func newMemory() memory {
	m := memory{channeltest.NewBot(turn)}
	m.Before(func(ctx context.Context, in supportbot.Inbound) error {
		if in.Text == "wait" {
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	})
	return m
}

func turn(t *channeltest.Thread, in supportbot.Inbound) supportbot.Outcome {
	said := in.Text
	if in.Kind == supportbot.InChoice {
		said = "chose " + in.Choice
	}
	out := supportbot.Outcome{Seq: t.Say(supportbot.Message{From: supportbot.FromUser, Text: said}).Seq}
	switch said {
	case "silence":
		out.Ended = true
		return out
	case "agent":
		out.Case = &supportbot.CaseRef{ID: "1-1", Reason: "forgot-password", Priority: supportbot.Normal, State: supportbot.CaseWaiting}
	}
	out.Replies = []supportbot.Message{t.Say(supportbot.Message{
		From: supportbot.FromBot, Text: string(in.Language) + "<" + said + ">", Choices: []supportbot.Choice{{Label: "是", Value: "yes", Key: "1"}},
	})}
	return out
}

// fail has every call fail.
func (m memory) fail(err error) { m.Fail(func() error { return err }) }

// agent writes into a conversation from outside a turn.
func (m memory) agent(at supportbot.Address, text string) {
	m.In(at, func(t *channeltest.Thread) { t.Say(supportbot.Message{From: supportbot.FromAgent, Text: text}) })
}
