package handoff

import (
	"fmt"
	"time"

	"supportbot"
)

// Line is one try to bring an agent's telephone and the caller of a case together.
// It holds what is known of both calls. News of them come more than once, in any
// order, or get lost; so what is known only grows, and what is to be done follows
// from it and from the case alone, see Next.
type Line struct {
	LineID
	Agent string `json:"agent"`
	After LineID `json:"after,omitzero"` // of the same case: must be over before anything is done for this one

	Desk       Leg    `json:"desk"`       // the agent's telephone
	Caller     Leg    `json:"caller"`     //
	Conference string `json:"conference"` // the provider's name of it, "" until it is known
	Place      string `json:"place"`      // where the caller's call goes on; opaque; "" until it is known
	Callback   bool   `json:"callback"`   // the caller has hung up and is called back
	Met        bool   `json:"met"`        // the caller was in the conference
	OnHold     bool   `json:"on_hold"`    // the caller is, says the provider
	Wish       Wish   `json:"wish"`       // the agent's
	Why        Why    `json:"why"`        // the line was given up; "" if it was not

	LostAt  time.Time `json:"lost_at,omitzero"` // the agent was cut off
	Doing   Task      `json:"doing,omitempty"`  // under way, on some node
	Until   time.Time `json:"until,omitzero"`   // nothing is begun before
	Fails   int       `json:"fails,omitempty"`  // in a row
	Looked  time.Time `json:"looked,omitzero"`  // when the provider was last asked, or told something
	Over    bool      `json:"over,omitempty"`   // nothing will be done any more
	Version int64     `json:"-"`                // the store's
}

// LineID names a line: of a case, under a fence, by number from 1 on.
type LineID struct {
	Case  string `json:"case"`
	Fence int64  `json:"fence"`
	Try   int    `json:"try"`
}

// String is unique, and fit for the name of a conference.
func (id LineID) String() string { return fmt.Sprintf("h-%s-%d-%d", id.Case, id.Fence, id.Try) }

// Leg is a call that takes part in a line.
type Leg struct {
	Call  string    `json:"call"` // the provider's name of it, "" until it is known
	Dial  int       `json:"dial"` // how often we have called there; 0 for one who called us
	Stage Stage     `json:"stage"`
	At    time.Time `json:"at,omitzero"`   // when the stage was reached
	End   string    `json:"end,omitempty"` // how a call that nobody took has ended: "busy", "no-answer", "failed"
}

// Stage is how far a leg has come. It only grows, but for a call that was
// certainly not made.
type Stage int

// The stages of a leg.
const (
	Idle     Stage = iota // nothing is known yet
	Asked                 // the provider is asked to call; whether it does is not known
	Ringing               //
	Answered              // a caller who called us: waits; else somebody, or a machine, has taken the call
	Accepted              // the agent has pressed 1
	Joined                // is in the conference
	Left                  // has left it, and is on the telephone still
	Gone                  // the call is over
)

// up tells whether a call of ours is under way.
func (l Leg) up() bool { return l.Stage >= Asked && l.Stage <= Joined }

// Wish is what the agent wants of the line.
type Wish string

// The wishes.
const (
	Talk   Wish = ""
	Hold   Wish = "hold"   // the caller waits and hears nothing
	HangUp Wish = "hangup" // the agent puts the receiver down, and keeps the case
)

// Why tells why a line was given up.
type Why string

// The reasons.
const (
	NoAnswer   Why = "no-answer"   // the agent did not take the call, or did not press 1
	NoNumber   Why = "no-number"   // a telephone number cannot be called
	CallerGone Why = "caller-gone" // hung up
	Unreached  Why = "unreached"   // did not take the call that was asked for
	Lost       Why = "lost"        // the agent was cut off
)

// busy is how a call has ended whose telephone was in use.
const busy = "busy"

// How long things take.
const (
	joinLimit  = 5 * time.Second  // from the 1 to the news of the conference, which may be lost
	askLimit   = 8 * time.Second  // until a call whose making is unsure is looked for
	findLimit  = 40 * time.Second // until it is clear that there is none: longer than a telephone rings
	checkEvery = 30 * time.Second // without news, the provider is asked
	taskLimit  = 20 * time.Second // a task; then another node may do it
)

// NewLine returns the next line of a case: before is the last one, zero if there
// is none. call is the caller's own, which may be over by now.
func NewLine(c supportbot.Case, before Line, call string) Line {
	l := Line{LineID: LineID{Case: c.ID, Fence: c.Fence, Try: 1}, Agent: c.Owner, After: before.LineID, Place: before.Place, Callback: before.Callback}
	if before.Fence == c.Fence {
		l.Try = before.Try + 1
	}
	l.Caller.Call = call
	if l.Callback && before.Met && before.Caller.Stage < Gone { // on the telephone still
		l.Caller = before.Caller
		l.Caller.Stage = Answered
	} else if l.Callback {
		l.Caller, l.Place = Leg{}, ""
	}
	return l
}

// Serves tells whether the line is one of a case as it is now, and wanted.
func (l Line) Serves(c supportbot.Case) bool {
	return !l.Over && l.Why == "" && l.Wish != HangUp && l.of(c) && c.Channel.IsVoice()
}

// of tells whether c is still owned as it was when the line was made.
func (l Line) of(c supportbot.Case) bool { return c.State.Owned() && c.Fence == l.Fence }

// Connects tells whether the caller of c is to be in the conference now.
func (l Line) Connects(c supportbot.Case, now time.Time) bool {
	return l.Serves(c) && c.State != supportbot.CaseRinging && l.atDesk(now) && l.LostAt.IsZero()
}

// atDesk tells whether the agent is in the conference.
func (l Line) atDesk(now time.Time) bool {
	return l.Desk.Stage == Joined || l.Desk.Stage == Accepted && now.Sub(l.Desk.At) >= joinLimit
}
