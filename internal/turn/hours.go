package turn

import (
	"context"
	"time"

	"supportbot"
	"supportbot/handoff"
)

// counter is what a path knows of the desk between two sweeps.
type counter struct {
	hours   handoff.Hours
	waiting [3]int
	pace    time.Duration
}

// paceOver is the time over which claims are counted.
const paceOver = 30 * time.Minute

// look reads how the desk stands. What it finds serves until the next sweep, so
// that no turn needs a query for it.
func (p *Path) look(ctx context.Context, now time.Time) (*counter, error) {
	hours, err := p.store.Hours(ctx)
	if err != nil {
		return nil, err
	}
	waiting, err := p.store.Queue(ctx, supportbot.Normal, now)
	if err != nil {
		return nil, err
	}
	claims, err := p.store.Claims(ctx, now.Add(-paceOver))
	if err != nil {
		return nil, err
	}
	c := &counter{hours: hours, waiting: waiting, pace: handoff.Pace(claims, paceOver)}
	p.counter.Store(c)
	return c, nil
}

// desk is how the desk stands for the conversation of a row: as it was seen
// last, and of one that is told how it stands as it is now.
func (p *Path) desk(ctx context.Context, t supportbot.Thread, row Row) (*supportbot.Desk, error) {
	c := p.counter.Load()
	if c == nil {
		var err error
		if c, err = p.look(ctx, row.Inbound.At); err != nil {
			return nil, err
		}
	}
	d := supportbot.Desk{OpensAt: c.hours.OpensAt(row.Inbound.At), Waiting: c.waiting, Pace: c.pace, Mail: p.sends[supportbot.Web] != nil}
	d.Full = c.hours.Most > 0 && d.Ahead(supportbot.Normal) >= c.hours.Most
	if timer := row.Inbound.Timer; timer != nil && timer.Kind == supportbot.TimerWait && t.Case != nil {
		var err error
		if d.Waiting, err = p.store.Queue(ctx, t.Case.Priority, t.Case.QueuedAt); err != nil {
			return nil, err
		}
	}
	return &d, nil
}

// Hours are when agents work; see console.Desk.
func (p *Path) Hours(ctx context.Context) (handoff.Hours, error) { return p.store.Hours(ctx) }

// SetHours says when agents work; see console.Desk. Other processes find out with
// their next sweep.
func (p *Path) SetHours(ctx context.Context, h handoff.Hours, by string) error {
	if err := p.store.SetHours(ctx, h, by); err != nil {
		return err
	}
	_, err := p.look(ctx, p.clock.now())
	return err
}

// closing puts cases off that wait when the desk has closed, but for what is
// urgent.
func (p *Path) closing(ctx context.Context, now, opens time.Time) error {
	waiting, err := p.store.Cases(ctx, supportbot.CaseWaiting, "", deskPage)
	if err != nil {
		return err
	}
	for _, c := range waiting {
		if c.Priority == supportbot.Urgent || !opens.After(now) {
			continue
		}
		if _, err := p.Act(ctx, supportbot.AgentAct{Case: c.ID, Kind: supportbot.ActDefer, Until: opens}); err != nil {
			p.log.ErrorContext(ctx, "case is not put off, will try again", "case", c.ID, "error", err)
		}
	}
	return nil
}
