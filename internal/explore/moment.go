package explore

import (
	"encoding/json"
	"fmt"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/transcript"
)

// moment is one turn as the invariants look at it.
type moment struct {
	turn          transcript.Turn
	before, after dialog.Session
	asked, asks   supportbot.Question // before and after
	held, holds   *supportbot.Case    // the latest case, before and after
	said          []supportbot.Message
	visited       map[string]bool     // steps that ran, "flow/step"
	ran           int                 // how many ran, counting each time
	heard         *supportbot.Reading // of words
	repeats       bool                // the same button as in the turn before
	err           error
}

// turnSucceeds is the invariant of a turn that neither fails nor panics.
const turnSucceeds = "every turn succeeds"

// breach is an invariant that did not hold.
type breach struct{ invariant, saw string }

// take plays one turn and checks what must always hold.
func (e *Explorer) take(c *conversation, t transcript.Turn) (moment, *breach) {
	m := moment{turn: t, before: c.session, asked: c.asks, held: c.player.Thread.Case, visited: map[string]bool{}}
	m.repeats = t.Choice != "" && len(c.turns) > 0 && c.turns[len(c.turns)-1].Choice == t.Choice
	c.player.Visited, c.listener.heard = m.visited, nil
	before := len(c.player.Transcript)

	m.turn, m.err = e.guarded(c, t)
	m.said = c.player.Transcript[min(before, len(c.player.Transcript)):]
	m.heard, m.holds, m.ran = c.listener.heard, c.player.Thread.Case, len(c.player.LastVisited())
	m.after, m.asks = m.before, m.asked
	if session := c.player.Thread.Session; m.err == nil && session != nil {
		var s dialog.Session
		if m.err = json.Unmarshal(session, &s); m.err == nil {
			m.after, m.asks = s, dialog.Expected(e.book, s)
		}
	}
	c.turns = append(c.turns, m.turn)
	if m.err != nil {
		return m, &breach{turnSucceeds, m.err.Error()}
	}
	c.remember(e, &m)
	for _, i := range invariants {
		if saw := i.check(e, c, &m); saw != "" {
			return m, &breach{i.name, saw}
		}
	}
	return m, nil
}

// guarded plays a turn and makes a panic an error. An act of an agent that is
// refused is no fault: the walk was shortened, and the case is gone.
func (e *Explorer) guarded(c *conversation, t transcript.Turn) (got transcript.Turn, err error) {
	defer func() {
		if v := recover(); v != nil {
			got, err = t, fmt.Errorf("panic: %v", v)
		}
	}()
	got, out, err := e.play(&c.player, t)
	if out.Agent != nil && out.Agent.Refused {
		err = nil
	}
	return got, err
}
