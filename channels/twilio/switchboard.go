package twilio

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"supportbot"
	"supportbot/channels"
	"supportbot/handoff"
)

// Lines keeps lines, cases and the telephones of agents. Its conformance suite is
// internal/store/storetest.
type Lines interface {
	AddLine(ctx context.Context, l handoff.Line) (first bool, err error)
	PutLine(ctx context.Context, l handoff.Line) error // ErrFenced if somebody has changed it since it was read
	Line(ctx context.Context, id handoff.LineID) (handoff.Line, error)
	LastLine(ctx context.Context, caseID string) (handoff.Line, error)
	LiveLines(ctx context.Context, limit int) ([]handoff.Line, error)
	Case(ctx context.Context, id string) (supportbot.Case, supportbot.Address, error)
	Cases(ctx context.Context, state supportbot.CaseState, owner string, limit int) ([]supportbot.Case, error)
	Phone(ctx context.Context, agent string) (string, error)
	SetPhone(ctx context.Context, agent, number, by string) error
}

// Desk is what is done to cases when a telephone call decides about them.
type Desk interface {
	Act(ctx context.Context, act supportbot.AgentAct) (supportbot.AgentResult, error)
	Heartbeat(ctx context.Context, agent string) error
}

// Switchboard brings the telephones of agents and callers together, in a
// conference for each line. What is to be done stands in the lines and in the
// cases; any node does it, and none twice at once.
type Switchboard struct {
	conv   channels.Conversations
	desk   Desk
	lines  Lines
	config Config
	over   channels.Client
	texts  *Sender // nil: who cannot be reached by telephone is not written to
	log    *slog.Logger
	kicked chan struct{}
	busy   sync.Map // lines that are worked at here
}

// NewSwitchboard makes the switchboard of an account; it starts nothing.
func NewSwitchboard(conv channels.Conversations, desk Desk, lines Lines, config Config, log *slog.Logger) *Switchboard {
	return &Switchboard{conv: conv, desk: desk, lines: lines, config: config, over: newClient(), log: log, kicked: make(chan struct{}, 1)}
}

// Texts has whoever was called back in vain for the last time told so by SMS, and
// returns s.
func (s *Switchboard) Texts(by *Sender) *Switchboard {
	s.texts = by
	return s
}

// Call has the telephone of the agent who owns a voice case rung, to be put
// through to the caller. It tells whether the agent owns the case under that
// fence; a second time changes nothing. Who was cut off is claimed for anew, under
// another fence. ErrInvalid if there is nothing to ring.
func (s *Switchboard) Call(ctx context.Context, id, agent string, fence int64) (owned bool, err error) {
	c, at, err := s.lines.Case(ctx, id)
	if err != nil {
		return false, err
	}
	if !c.State.Owned() || c.Owner != agent || c.Fence != fence {
		return false, nil
	}
	if !c.Channel.IsVoice() {
		return false, fmt.Errorf("this person is not on the telephone, so there is nobody to be put through to: %w", supportbot.ErrInvalid)
	}
	if err := s.mayRing(ctx, agent); err != nil {
		return false, err
	}
	switch c.State {
	case supportbot.CaseRinging:
		s.kick()
		return true, nil
	case supportbot.CaseGrace:
		result, err := s.desk.Act(ctx, supportbot.AgentAct{Case: id, Kind: supportbot.ActResume, Agent: agent, Rings: true})
		s.kick()
		return !result.Refused, err
	}
	last, err := s.lines.LastLine(ctx, id)
	switch {
	case errors.Is(err, supportbot.ErrNotFound):
	case err != nil:
		return false, err
	case last.Serves(c) && last.LostAt.IsZero():
		return true, nil
	default: // the agent was cut off and calls again, or the one before is being taken down
		last, err = s.change(ctx, last.LineID, func(l handoff.Line) handoff.Line {
			l.Wish = handoff.HangUp
			return l
		})
		if err != nil {
			return false, err
		}
	}
	_, err = s.lines.AddLine(ctx, handoff.NewLine(c, last, callOf(at)))
	s.kick()
	return err == nil, err
}

// ring begins a line for every case that was claimed by telephone and has none: by
// whomever it was claimed, and wherever.
func (s *Switchboard) ring(ctx context.Context) error {
	claimed, err := s.lines.Cases(ctx, supportbot.CaseRinging, "", mostLines)
	for _, one := range claimed {
		last, missing := s.lines.LastLine(ctx, one.ID)
		if missing == nil && last.Fence == one.Fence {
			continue
		}
		if missing != nil && !errors.Is(missing, supportbot.ErrNotFound) {
			err = errors.Join(err, missing)
			continue
		}
		c, at, gone := s.lines.Case(ctx, one.ID)
		if gone == nil && c.State == supportbot.CaseRinging && c.Fence == one.Fence {
			_, gone = s.lines.AddLine(ctx, handoff.NewLine(c, last, callOf(at)))
		}
		err = errors.Join(err, gone)
	}
	return err
}

func (s *Switchboard) mayRing(ctx context.Context, agent string) error {
	phone, err := s.lines.Phone(ctx, agent)
	switch {
	case err != nil:
		return err
	case phone == "":
		return fmt.Errorf("you have no telephone here; an operator sets it with supportbot agent phone: %w", supportbot.ErrInvalid)
	}
	if err := s.config.CheckPhone(phone); err != nil {
		return fmt.Errorf("%w: %w", supportbot.ErrInvalid, err)
	}
	return nil
}

// Wish has the caller put on hold, taken back, or the agent's receiver put down.
// It tells whether the agent owns the case under that fence and has a line.
func (s *Switchboard) Wish(ctx context.Context, id, agent string, fence int64, wish handoff.Wish) (done bool, err error) {
	c, _, err := s.lines.Case(ctx, id)
	if err != nil || c.Owner != agent || c.Fence != fence {
		return false, err
	}
	last, err := s.lines.LastLine(ctx, id)
	if errors.Is(err, supportbot.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	_, err = s.change(ctx, last.LineID, func(l handoff.Line) handoff.Line {
		if done = l.Serves(c); done {
			l.Wish, l.Until = wish, soonest(l)
		}
		return l
	})
	return done, err
}

// soonest is when the next task may begin: at once, if none is under way.
func soonest(l handoff.Line) time.Time {
	if l.Doing == "" {
		return time.Time{}
	}
	return l.Until
}

// State tells how the call about a case stands, "" if there is none, and whether
// the agent can be called at all. Whose call came to nothing is told why also when
// the case is in the queue again.
func (s *Switchboard) State(ctx context.Context, c supportbot.Case, agent string) (state string, callable bool, err error) {
	phone, err := s.lines.Phone(ctx, agent)
	if err != nil {
		return "", false, err
	}
	callable = c.Channel.IsVoice() && s.config.CheckPhone(phone) == nil
	last, err := s.lines.LastLine(ctx, c.ID)
	if errors.Is(err, supportbot.ErrNotFound) {
		err = nil
	}
	return last.Shown(c, agent, time.Now()), callable, err
}

// SetPhone sets the telephone of an agent, "" for none; ErrInvalid if it is not to
// be called.
func (s *Switchboard) SetPhone(ctx context.Context, agent, number, by string) error {
	if number != "" {
		if err := s.config.CheckPhone(number); err != nil {
			return fmt.Errorf("%w: %w", supportbot.ErrInvalid, err)
		}
	}
	return s.lines.SetPhone(ctx, agent, number, by)
}

// change changes a line, again if somebody else was quicker. What is as it was
// is not written.
func (s *Switchboard) change(ctx context.Context, id handoff.LineID, f func(handoff.Line) handoff.Line) (handoff.Line, error) {
	for {
		before, err := s.lines.Line(ctx, id)
		if err != nil {
			return before, err
		}
		after := f(before)
		if after == before {
			return after, nil
		}
		err = s.lines.PutLine(ctx, after)
		if errors.Is(err, supportbot.ErrFenced) {
			continue
		}
		if err == nil {
			after.Version++
			s.kick()
		}
		return after, err
	}
}

// hear adds news to a line.
func (s *Switchboard) hear(ctx context.Context, id handoff.LineID, n handoff.News) (handoff.Line, error) {
	n.At = now()
	return s.change(ctx, id, func(l handoff.Line) handoff.Line { return l.Heard(n) })
}

// now is without what a store does not keep.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

func (s *Switchboard) kick() {
	select {
	case s.kicked <- struct{}{}:
	default:
	}
}
