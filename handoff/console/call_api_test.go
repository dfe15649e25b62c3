package console_test

import (
	"context"
	"errors"

	"supportbot"
	"supportbot/handoff"
)

// phones are telephones at which everybody answers at once.
type phones struct{ *memory }

func (p phones) Call(ctx context.Context, id, agent string, fence int64) (bool, error) {
	return p.Wish(ctx, id, agent, fence, handoff.Talk)
}

func (p phones) Wish(ctx context.Context, id, agent string, fence int64, _ handoff.Wish) (bool, error) {
	c, err := p.Case(ctx, id)
	return c.Owner == agent && c.Fence == fence, err
}

func (phones) State(context.Context, supportbot.Case, string) (string, bool, error) {
	return "connected", true, nil
}

func (phones) SetPhone(context.Context, string, string, string) error {
	return errors.New("nobody has asked for that")
}
