package twilio

import (
	"context"
	"errors"
	"time"

	"supportbot"
	"supportbot/channels"
)

// Onward keeps which calls go on by SMS. Its conformance suite is
// internal/store/storetest.
type Onward interface {
	// GoOn keeps that the conversation of a call goes on at a number. It tells whether
	// it does: not if most calls of that number have gone on within 24 hours.
	GoOn(ctx context.Context, call supportbot.Address, number string, most int) (kept bool, err error)

	// GoesOn returns the number at which a call goes on; ErrNotFound if it does not.
	GoesOn(ctx context.Context, call supportbot.Address) (number string, err error)

	// Call returns the latest call that goes on at a number, and since when; ErrNotFound
	// if there is none.
	Call(ctx context.Context, number string) (call supportbot.Address, since time.Time, err error)
}

// onwardLimit is how long what a number writes belongs to its last call; longer only
// while an agent is waited for or speaks.
const onwardLimit = 24 * time.Hour

// conversation is where a message belongs: to the call that goes on by SMS, else to
// the number itself.
func (m *Messages) conversation(ctx context.Context, at supportbot.Address) (supportbot.Address, error) {
	if at.Channel != supportbot.SMS {
		return at, nil
	}
	call, since, err := m.ledger.Call(ctx, at.Peer)
	switch {
	case errors.Is(err, supportbot.ErrNotFound):
		return at, nil
	case err != nil:
		return at, err
	case time.Since(since) < onwardLimit:
		return call, nil
	}
	status, err := m.conversations.Status(ctx, call)
	if err == nil && status.Case != nil {
		at = call
	}
	return at, err
}

// onward sends what is said in the conversations of calls that go on by SMS.
type onward struct{ *Sender }

// Onward is the sender for calls that go on by SMS.
func (s *Sender) Onward() channels.Sender { return onward{s} }

// Send implements channels.Sender.
func (s onward) Send(ctx context.Context, call supportbot.Address, m supportbot.Message, _ string) error {
	number, err := s.ledger.GoesOn(ctx, call)
	switch {
	case errors.Is(err, supportbot.ErrNotFound):
		return &channels.Failure{Kind: channels.Gone, Err: errors.New("the call does not go on by SMS")}
	case err != nil:
		return &channels.Failure{Kind: channels.Absent, Err: err}
	}
	return s.send(ctx, supportbot.Address{Channel: supportbot.SMS, Peer: number}, m, "&call="+call.Peer)
}
