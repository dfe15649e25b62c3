package twilio

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"supportbot"
	"supportbot/channels"
	"supportbot/handoff"
)

const (
	lookEvery  = 500 * time.Millisecond // at the lines: a verdict is seen by then
	renewEvery = 10 * time.Second       // the lease of an agent who talks on the telephone
	mostLines  = 1000
)

// Run works at the lines until the context ends.
func (s *Switchboard) Run(ctx context.Context) {
	var working sync.WaitGroup
	defer working.Wait()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	renewed := time.Time{}
	for {
		err := s.ring(ctx)
		live, failed := s.lines.LiveLines(ctx, mostLines)
		if err = errors.Join(err, failed); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "the lines of agents could not be looked at, will try again", slog.Any("error", err))
		}
		renew := time.Since(renewed) >= renewEvery
		if renew {
			renewed = time.Now()
		}
		for _, l := range live {
			if _, busy := s.busy.LoadOrStore(l.LineID, true); busy {
				continue
			}
			working.Go(func() {
				defer s.busy.Delete(l.LineID)
				err := channels.Guard(func() error {
					if renew && l.Desk.Stage == handoff.Joined {
						_ = s.desk.Heartbeat(ctx, l.Agent) // again soon
					}
					s.work(ctx, l.LineID)
					return nil
				})
				if err != nil {
					s.log.ErrorContext(ctx, "the line of an agent could not be worked at, will try again", slog.String("line", l.String()), slog.Any("error", err))
				}
			})
		}
		select {
		case <-tick.C:
		case <-s.kicked:
		case <-ctx.Done():
			return
		}
	}
}

// work does what is to be done for a line now, unless an earlier one of the case is
// being taken down.
func (s *Switchboard) work(ctx context.Context, id handoff.LineID) {
	if l, err := s.lines.Line(ctx, id); err == nil && l.After.Case != "" {
		before, err := s.lines.Line(ctx, l.After)
		if err == nil && !before.Over || err != nil && !errors.Is(err, supportbot.ErrNotFound) {
			return
		}
	}
	for ctx.Err() == nil {
		c, at, err := s.lines.Case(ctx, id.Case)
		if err != nil {
			return // erased, or the look at the lines says why
		}
		var task handoff.Task
		l, err := s.change(ctx, id, func(l handoff.Line) handoff.Line {
			l, task = l.Next(c, now())
			return l
		})
		if err != nil || task == "" {
			return
		}
		s.try(ctx, job{task, l, c, at})
	}
}

// job is a task for a line as it is kept.
type job struct {
	task handoff.Task
	line handoff.Line
	c    supportbot.Case
	at   supportbot.Address
}

// taskLimit bounds a task, within the time after which another node may do it.
const taskLimit = 15 * time.Second

// try does a task and keeps what came of it, also when the server is stopping.
func (s *Switchboard) try(ctx context.Context, j job) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), taskLimit)
	defer cancel()
	heard, err := s.do(ctx, j)
	how, after := howFailed(err)
	if how != handoff.None {
		s.log.WarnContext(ctx, "a step of a call with an agent failed", slog.String("line", j.line.String()), slog.String("task", string(j.task)), slog.Any("error", err))
	}
	_, err = s.change(ctx, j.line.LineID, func(l handoff.Line) handoff.Line {
		l = l.Did(j.task, how, after, now())
		for _, f := range heard {
			l = f(l)
		}
		return l
	})
	if err != nil {
		s.log.ErrorContext(ctx, "what came of a call was not kept; it will be asked for", slog.Any("error", err))
	}
}

// howFailed tells what an error means for a task.
func howFailed(err error) (how handoff.Failure, after time.Duration) {
	var failure *channels.Failure
	switch {
	case err == nil:
		return handoff.None, 0
	case !errors.As(err, &failure):
		return handoff.Unsure, 0
	}
	switch failure.Kind {
	case channels.Absent, channels.Limited:
		return handoff.NotDone, min(failure.After, longestSilence)
	case channels.Refused, channels.Gone:
		return handoff.Refused, 0
	}
	return handoff.Unsure, 0
}

// longestSilence is for how long a provider may ask us to wait while people are on
// the line.
const longestSilence = 30 * time.Second
