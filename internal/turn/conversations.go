package turn

import (
	"context"
	"errors"

	"supportbot"
	"supportbot/channels"
)

// Messages implements channels.Conversations.
func (p *Path) Messages(ctx context.Context, at supportbot.Address, after int64, limit int) ([]supportbot.Message, error) {
	t, err := p.store.Thread(ctx, at)
	if errors.Is(err, supportbot.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	p.hub.learn(at, t.ID)
	if t.LastSeq <= after {
		return nil, nil
	}
	return p.store.Messages(ctx, t.ID, after, limit)
}

// Status implements channels.Conversations.
func (p *Path) Status(ctx context.Context, at supportbot.Address) (channels.Status, error) {
	var status channels.Status
	t, err := p.store.Thread(ctx, at)
	if errors.Is(err, supportbot.ErrNotFound) {
		return status, nil
	}
	if err != nil {
		return status, err
	}
	s, err := sessionOf(t)
	if err != nil {
		return status, err
	}
	status.Language, status.Ended = s.Language, s.Ended
	if t.Case != nil && t.Case.State.Live() {
		status.Case, status.Agent = t.Case.Ref(), t.Case.Owner
	}
	return status, nil
}
