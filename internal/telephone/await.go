package telephone

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Await is the telephone of somebody who left From as the number to be called at: one
// call after the other, each answered by the word "answer". It returns at the end of
// Answers.
func (t *Telephone) Await(ctx context.Context) error {
	s := &station{strings.TrimSuffix(t.Exchange, "/") + "/phones", t.Token, newSID(), make(chan dispatch, 16)}
	if err := s.tell(ctx, tells{Waits: t.From}); err != nil {
		return fmt.Errorf("call: there is nobody to call this telephone; start supportbot call --agent first: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go s.listen(ctx)
	if err := t.Hear(Event{Note: "waits to be called at " + t.From}); err != nil {
		return err
	}
	for {
		select {
		case l := <-s.letters:
			if l.Rings == nil {
				continue
			}
			if there, err := t.pickUp(ctx, s, *l.Rings); !there || err != nil {
				return err
			}
		case _, there := <-t.Answers:
			if !there {
				return nil
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// pickUp is one call to a telephone that waits; !there is the end of the answers.
func (t *Telephone) pickUp(ctx context.Context, s *station, r rung) (there bool, err error) {
	called := *t
	called.sid, called.From, called.To, called.away = r.SID, r.From, t.From, true
	called.begin, called.end = resolve("/", r.URL), resolve("/", r.Callback)
	taken, there, err := called.takes()
	if !taken || err != nil {
		return there, err
	}
	call := &station{s.url, s.token, r.SID, make(chan dispatch, 16)}
	if call.tell(ctx, tells{Takes: true}) != nil {
		return true, t.Hear(Event{Note: "has stopped ringing"})
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go call.listen(ctx)
	called.station = call
	return true, called.run(ctx)
}

// takes rings until somebody answers, or nobody does; !there is the end of the
// answers.
func (t *Telephone) takes() (taken, there bool, err error) {
	if err := t.Hear(Event{Note: "rings for " + t.To + ", to be answered with answer"}); err != nil {
		return false, false, err
	}
	for over := time.After(ringLimit); ; {
		select {
		case a, there := <-t.Answers:
			if !there || a.HangUp {
				return false, there, nil
			}
			if a.Said == "answer" {
				return true, true, nil
			}
		case <-over:
			return false, true, nil
		}
	}
}
