package turn

import (
	"context"
	"errors"
	"slices"

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
		status.Case, status.Agent, status.Contact = t.Case.Ref(), t.Case.Owner, t.Case.Packet.Contact != ""
	}
	if at.Channel.IsVoice() && status.Case != nil && t.Case.State.Queued() {
		status.Ahead, err = p.ahead(ctx, t.Case.ID)
	}
	return status, err
}

// ahead counts the cases that are served before one that waits.
func (p *Path) ahead(ctx context.Context, id string) (int, error) {
	queue, err := p.store.Cases(ctx, supportbot.CaseWaiting, "", channels.MostAhead)
	if err != nil {
		return 0, err
	}
	if i := slices.IndexFunc(queue, func(c supportbot.Case) bool { return c.ID == id }); i >= 0 {
		return i, nil
	}
	return len(queue), nil
}
