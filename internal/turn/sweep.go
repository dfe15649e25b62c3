package turn

import (
	"context"
	"fmt"
	"sync"
	"time"

	"supportbot"
)

// sweepEvery is how often due timers and forgotten inbox rows are looked for:
// timers are minutes to hours, so a second is early enough.
const sweepEvery = time.Second

// sweepPage bounds one look.
const sweepPage = 100

// Run fires timers and handles inbox rows that were left behind, by a crash or
// by another process, and tells watchers what other processes do, until ctx
// ends.
func (p *Path) Run(ctx context.Context) {
	var listening sync.WaitGroup
	defer listening.Wait()
	listening.Go(func() { p.store.Hints(ctx, p.heard) })
	var seen int64
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		err := p.clock.set(ctx, p.store)
		if err == nil {
			err = p.Sweep(ctx, p.clock.now())
		}
		if err != nil && ctx.Err() == nil {
			p.log.Error("sweep failed, will try again", "error", err)
		}
		seen = p.lookAtCases(ctx, seen)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// heard takes a hint of another process.
func (p *Path) heard(h Hint) {
	p.recent.heard(h)
	p.hub.heard(h)
}

// lookAtCases hints at the desk if its cases are not as they were seen, for a
// change in another process whose hint was lost. It returns what it has seen.
func (p *Path) lookAtCases(ctx context.Context, seen int64) int64 {
	if !p.hub.deskIsWatched() {
		return 0
	}
	mark, err := p.store.CasesMark(ctx)
	if err != nil {
		return seen // the sweep says so
	}
	if mark != seen {
		p.hub.casesChanged()
	}
	return mark
}

// Sweep fires the timers that are due at now, handles what is left in the inbox
// and offers what waits. One conversation in trouble does not hold up the others.
func (p *Path) Sweep(ctx context.Context, now time.Time) error {
	desk, err := p.look(ctx, now)
	if err != nil {
		return err
	}
	due, err := p.store.Due(ctx, now, sweepPage)
	if err != nil {
		return err
	}
	for _, d := range due {
		in := supportbot.Inbound{
			Address: d.Address,
			ID:      fmt.Sprintf("%s:%d:%d", d.Timer.Kind, d.Timer.Gen, d.Timer.Due.UnixMicro()),
			Kind:    supportbot.InTimer,
			Timer:   &d.Timer,
			At:      now.Truncate(time.Microsecond), // as the store keeps it
		}
		receipt, err := p.store.Accept(ctx, in, p.digest([]byte(in.ID)))
		if err == nil {
			err = p.drain(ctx, receipt.Thread)
		}
		if err != nil {
			p.log.Error("timer failed, will try again", "kind", string(d.Timer.Kind), "error", err)
		}
	}
	left, err := p.store.Backlog(ctx, sweepPage)
	if err != nil {
		return err
	}
	for _, id := range left {
		if err := p.drain(ctx, id); err != nil {
			p.log.Error("conversation is stuck, will try again", "thread", int64(id), "error", err)
		}
	}
	if opens := desk.hours.OpensAt(now); !opens.IsZero() {
		return p.closing(ctx, now, opens)
	}
	return p.route(ctx, now)
}
