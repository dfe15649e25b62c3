package twilio

import (
	"context"
	"errors"
	"strings"
	"time"

	"supportbot"
	"supportbot/channels"
)

// Onward keeps which calls go on in writing. Its conformance suite is
// internal/store/storetest.
type Onward interface {
	// GoOn keeps that the conversation of a call goes on in writing. It tells whether it
	// does: not if most calls have gone on there within 24 hours, or most of the number
	// that calls at others.
	GoOn(ctx context.Context, m channels.Move, most int) (kept bool, err error)

	// GoesOn returns where a call goes on, without By; ErrNotFound if it does not.
	GoesOn(ctx context.Context, call supportbot.Address) (channels.Move, error)

	// Moved returns the latest call that goes on at a number, of those that somebody
	// there has agreed to or of the others; ErrNotFound if there is none.
	Moved(ctx context.Context, to supportbot.Address, agreed bool) (channels.Move, error)

	// Agree keeps that whoever is where a call goes on wants it, and wrote so just now.
	Agree(ctx context.Context, call supportbot.Address) error
}

// onwardLimit is how long what a number writes belongs to its last call; longer only
// while an agent is waited for or speaks. So long may it be agreed to.
const onwardLimit = 24 * time.Hour

// agreements are the words by which somebody agrees that a call goes on at their
// number. They are no answers to anything else: who has another conversation there
// agrees to nothing by accident.
var agreements = map[string]bool{"接着办": true, "接著辦": true, "GO ON": true}

// conversation is where a message belongs: to the call that goes on at its number,
// else to the number itself.
func (m *Messages) conversation(ctx context.Context, in inbound) (supportbot.Address, error) {
	moved, err := m.ledger.Moved(ctx, in.at, true)
	switch {
	case errors.Is(err, supportbot.ErrNotFound):
		return in.at, nil
	case err != nil:
		return in.at, err
	case time.Since(moved.Since) < onwardLimit:
		return moved.Call, nil
	}
	live, err := m.live(ctx, moved.Call)
	if live {
		return moved.Call, err
	}
	return in.at, err
}

// live tells whether an agent is waited for or speaks in a conversation.
func (m *Messages) live(ctx context.Context, at supportbot.Address) (bool, error) {
	status, err := m.conversations.Status(ctx, at)
	return err == nil && status.Case != nil, err
}

// agree has a call go on at a number, if a message says so and somebody there was
// asked: by the invitation to a number that was keyed in, or by the template with
// which WhatsApp begins.
func (m *Messages) agree(ctx context.Context, in inbound) (agreed bool, err error) {
	if !agreements[strings.ToUpper(strings.Trim(in.text, wordEnds))] {
		return false, nil
	}
	call, asked, err := m.asked(ctx, in)
	if !asked || err != nil {
		return false, err
	}
	if err := m.ledger.Agree(ctx, call); err != nil {
		return false, err
	}
	return true, m.ledger.Wake(ctx, call)
}

// asked returns the call that a number was asked about within a day, and has not
// agreed to. Who has a case there keeps it, and is taken nowhere else.
func (m *Messages) asked(ctx context.Context, in inbound) (call supportbot.Address, asked bool, err error) {
	moved, err := m.ledger.Moved(ctx, in.at, false)
	switch {
	case err == nil && time.Since(moved.Since) < onwardLimit:
		live, err := m.live(ctx, in.to)
		return moved.Call, !live, err
	case err != nil && !errors.Is(err, supportbot.ErrNotFound):
		return call, false, err
	case in.to == in.at || in.at.Channel != supportbot.WhatsApp:
		return call, false, nil
	}
	reach, err := m.ledger.Reach(ctx, in.to)
	return in.to, reach.Heard.IsZero(), err
}

// onward sends what is said in the conversations of calls that go on in writing.
type onward struct{ *Sender }

// Onward is the sender for calls that go on in writing.
func (s *Sender) Onward() channels.Sender { return onward{s} }

// Send implements channels.Sender.
func (s onward) Send(ctx context.Context, call supportbot.Address, m supportbot.Message, _ string) error {
	moved, err := s.ledger.GoesOn(ctx, call)
	switch {
	case errors.Is(err, supportbot.ErrNotFound):
		return &channels.Failure{Kind: channels.Gone, Err: errors.New("the call does not go on in writing")}
	case err != nil:
		return &channels.Failure{Kind: channels.Absent, Err: err}
	case !moved.Agreed && time.Since(moved.Since) >= onwardLimit:
		return &channels.Failure{Kind: channels.Gone, Err: errors.New("nobody at the number that the caller keyed in has agreed within a day")}
	case !moved.Agreed:
		return s.invite(ctx, moved, m)
	}
	return s.send(ctx, call, moved.To, m)
}

// invite holds a message back until somebody at the number agrees, and asks for that,
// once. It says nothing of the conversation: who keyed the number in may have
// mistyped it, or not mean well.
func (s onward) invite(ctx context.Context, moved channels.Move, m supportbot.Message) error {
	if err := s.may(ctx, moved.To); err != nil {
		return err
	}
	text, asks := invitation[languageOf(m.Text, supportbot.Chinese)], s.message(moved.To)
	if moved.To.Channel == supportbot.WhatsApp {
		asks.SetContentSid(s.config.Template)
	} else {
		asks.SetBody(text)
	}
	if err := s.askOnce(ctx, moved.Call, m, asks, cost(moved.To.Channel, text)); err != nil {
		return err
	}
	return &channels.Failure{Kind: channels.Limited, After: held, Err: errors.New("nobody at the number that the caller keyed in has agreed yet; held back until they do")}
}

var invitation = wording{
	supportbot.Chinese: "有人打电话给我们的自动客服，要在这个号码用短信接着办事。是您要的，请回复“接着办”；不是，不用理会。退订回TD。",
	supportbot.English: "Someone called our support assistant and asked to go on by text here. If that was you, reply GO ON. If not, ignore this. STOP for no more.",
}
