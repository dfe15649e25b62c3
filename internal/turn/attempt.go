package turn

import (
	"context"
	"errors"
	"fmt"

	"supportbot"
	"supportbot/internal/telemetry"
)

// Sends has what the bot and agents say on a channel put into the outbox, in the
// commit of its turn; hint is told the conversation afterwards and must not
// block. Call it before the first message.
func (p *Path) Sends(channel supportbot.Channel, hint func(supportbot.ThreadID)) {
	if p.sends == nil {
		p.sends = map[supportbot.Channel]func(supportbot.ThreadID){}
	}
	p.sends[channel] = hint
}

// turn takes the row that is next in line through its turn. A session that
// cannot be read or a mistake of ours must not stop the conversation for ever: it
// begins anew; and if that cannot be kept either, the row is given up. What fails
// for another reason, such as a full disk, is left for a better time.
func (p *Path) turn(ctx context.Context, thread supportbot.Thread, row Row) error {
	err := p.attempt(ctx, Content.Turn, thread, row)
	if errors.Is(err, supportbot.ErrFull) {
		err = p.attempt(ctx, Content.Full, thread, row)
	}
	if !errors.Is(err, supportbot.ErrInvalid) {
		return err
	}
	telemetry.TurnsAnew.Inc()
	p.log.ErrorContext(ctx, "turn failed, the conversation begins anew", "thread", int64(thread.ID), "seq", row.Seq, "error", err)
	err = p.attempt(ctx, Content.Anew, thread, row)
	if !errors.Is(err, supportbot.ErrInvalid) {
		return err
	}
	p.log.ErrorContext(ctx, "inbox row given up, the conversation goes on without it", "thread", int64(thread.ID), "seq", row.Seq, "error", err)
	return p.store.GiveUp(ctx, thread.ID, row, err.Error())
}

// turnOf is Content.Turn, Content.Full or Content.Anew.
type turnOf func(Content, supportbot.Thread, Row) (supportbot.Commit, error)

// attempt computes a turn and commits it; ErrInvalid if that would fail again.
func (p *Path) attempt(ctx context.Context, turn turnOf, thread supportbot.Thread, row Row) error {
	content, err := p.contentOf(ctx, thread)
	if err != nil {
		return err
	}
	if content.Desk, err = p.desk(ctx, thread, row); err != nil {
		return err
	}
	commit, err := p.compute(ctx, turn, content, thread, row)
	if err != nil {
		return fmt.Errorf("%w: %w", supportbot.ErrInvalid, err)
	}
	if err := p.commit(ctx, thread.Address.Channel, commit); err != nil {
		return err
	}
	p.changed(thread, row, commit, nil)
	return nil
}

// compute makes a panic an error.
func (p *Path) compute(ctx context.Context, turn turnOf, content Content, thread supportbot.Thread, row Row) (c supportbot.Commit, err error) {
	content, end := p.timed(ctx, content, row.Inbound.Address)
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("turn: panic in conversation %d: %v", thread.ID, v)
		}
		end(err)
	}()
	c, err = turn(content, thread, row)
	sends := p.sends[thread.Address.Channel] != nil
	if c.Send = sends && (c.Send || !fetches(thread.Address.Channel)); c.Send {
		c.Trace = telemetry.Parent(ctx)
	}
	if p.feeds != nil && err == nil {
		c.Feed = feed(thread.Case, c, row.Inbound.At)
	}
	return c, err
}

// fetches tells of channels on which people are sent nothing unless a turn says so:
// a caller hears, until they go on by SMS, and a page shows what there is, until its
// reader is gone and has left an e-mail address.
func fetches(c supportbot.Channel) bool { return c.IsVoice() || c == supportbot.Web }

// contentOf is the version of the content on which a conversation's open flows
// run.
func (p *Path) contentOf(ctx context.Context, t supportbot.Thread) (Content, error) {
	s, _ := sessionOf(t)
	return p.library.For(ctx, s.Version)
}
