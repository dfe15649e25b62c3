package handoff

import (
	"time"

	"supportbot"
)

// Party is a side of a line.
type Party string

// The parties.
const (
	AtDesk   Party = "desk"
	AtCaller Party = "caller"
)

// News is what is heard of a leg.
type News struct {
	Party      Party
	Dial       int    // which of our calls it is of; 0 for one who called us
	Call       string // "" if that is not told
	Stage      Stage  // Idle if that is not told
	Conference string // "" if that is not told
	Held       *bool  // of the caller; nil if that is not told
	Place      string // of the caller; "" if that is not told
	End        string // of a leg that is gone; "" if that is not told
	At         time.Time
}

// Heard adds news to what is known. What was known before, is of another call, or
// comes too late changes nothing.
func (l Line) Heard(n News) Line {
	leg := &l.Desk
	if n.Party == AtCaller {
		leg = &l.Caller
	}
	if l.Over || n.Dial != leg.Dial || n.Call != "" && leg.Call != "" && n.Call != leg.Call {
		return l
	}
	if n.Call != "" {
		leg.Call = n.Call
	}
	if n.Conference != "" {
		l.Conference = n.Conference
	}
	if n.Place != "" {
		l.Place = n.Place
	}
	if n.Held != nil {
		l.OnHold = *n.Held
		l.soon()
	}
	if n.Stage <= leg.Stage {
		return l
	}
	was := leg.Stage
	leg.Stage, leg.At, leg.End, l.Looked = n.Stage, n.At, n.End, n.At
	l.soon()
	switch {
	case n.Party == AtCaller && n.Stage == Joined:
		l.Met = true
	case n.Party == AtCaller && n.Stage >= Left:
		l.OnHold = false
	case n.Party == AtDesk && n.Stage == Left || n.Party == AtDesk && was >= Accepted && n.Stage == Gone:
		if l.LostAt.IsZero() && l.Wish != HangUp && l.Why == "" {
			l.LostAt = n.At
		}
	case n.Party == AtDesk && n.Stage == Gone && l.Wish != HangUp && l.Why == "":
		l.Why = NoAnswer
	}
	return l
}

// Doubt has the provider asked soon what has become of the calls.
func (l Line) Doubt() Line {
	l.Looked = time.Time{}
	return l
}

// soon has the next task done without a pause, unless one is under way or failed.
func (l *Line) soon() {
	if l.Doing == "" && l.Fails == 0 {
		l.Until = time.Time{}
	}
}

// State is what the agent is shown of a line: "" when there is nothing to show.
func (l Line) State(now time.Time) string {
	switch {
	case l.Over || l.Why != "":
		return string(l.Why)
	case !l.LostAt.IsZero():
		return "lost"
	case l.Wish == HangUp:
		return "ending"
	case l.Desk.Stage < Answered:
		return "ringing"
	case !l.atDesk(now):
		return "press-1"
	case l.Caller.Stage < Joined && l.Callback:
		return "calling"
	case l.Caller.Stage < Joined:
		return "joining"
	case l.OnHold:
		return "held"
	}
	return "connected"
}

// Shown is what an agent is shown of l, the last line of c, zero if there is none.
func (l Line) Shown(c supportbot.Case, agent string, now time.Time) string {
	switch {
	case l.Case != "" && l.Fence == c.Fence:
		return l.State(now)
	case c.State == supportbot.CaseRinging: // in a moment
		return "ringing"
	case l.Case != "" && l.Fence+1 == c.Fence && l.Agent == agent && !c.State.Owned():
		return string(l.Why)
	}
	return ""
}
