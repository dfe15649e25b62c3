package supportbot

import (
	"encoding/json"
	"errors"
	"time"
)

// Thread is a conversation as the store keeps it.
type Thread struct {
	ID      ThreadID
	Address Address
	Version int64           // grows by one with every turn
	Head    int64           // inbox rows handled so far
	Tail    int64           // inbox rows so far
	LastSeq int64           // of the last message in the transcript
	Session json.RawMessage // the engine's; nil before the first turn
	Case    *Case           // the live case, else the latest, else nil
	Timers  []Timer         // those that are set
}

// TimerKind names a timer; a conversation has at most one of each kind.
type TimerKind string

// The timers.
const (
	TimerSilence TimerKind = "silence" // the next rung of a chat's no-input ladder
	TimerWait    TimerKind = "wait"    // the case has waited too long
	TimerLease   TimerKind = "lease"   // the agent has not been heard of
	TimerState   TimerKind = "state"   // the state of the case ends by itself
)

// Timer is set or cancelled by a turn. Gen is the version that the setting turn
// read, so it tells a timer that was set again from the one that fired.
type Timer struct {
	Kind TimerKind `json:"kind"`
	Gen  int64     `json:"gen"`
	Due  time.Time `json:"due"` // in a Commit, zero cancels the timer
}

// LogEvent is one entry of a conversation's log, from which it can be replayed.
type LogEvent struct {
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload"`
}

// Commit holds all that a turn changes. The store applies it whole or not at
// all, and only if the conversation is still at Version with inbox row Seq next
// in line; otherwise it returns ErrFenced.
type Commit struct {
	Thread   ThreadID
	Seq      int64 // the inbox row that this turn handled
	Version  int64 // the version that the turn read
	Session  json.RawMessage
	Content  string // the version on which its open flows run; "" if none is open
	Events   []LogEvent
	Messages []Message // already numbered from Thread.LastSeq+1
	Ended    *Case     // a case that this turn ended before it opened Case; else nil
	Case     *Case     // inserted or replaced by ID; nil: unchanged
	Timers   []Timer
	Outcome  Outcome  // recorded in the inbox row
	Duty     *Duty    // what it asks of an agent; nil: nothing
	Audit    *Audited // for the audit log; nil: nothing
	Missed   *Missed  // what the person said, if it was not understood; nil: it was
	Score    *Score   // what a person thought of a case that has ended; nil: nothing new
	Meant    *Meant   // what earlier ones turned out to mean; nil: nothing new
	// What the person came for has ended without an agent; it is counted and not kept.
	Contained bool

	Send bool        // the person does not fetch Messages: what others said goes into the outbox; a turn sets it where they go on elsewhere than at their address
	Feed []CaseEvent // for another desk, in order; nil if there is none

	Trace string // the W3C traceparent in which they are sent, "" if nobody follows it
}

// DutyKind is what a turn asks of an agent, or holds against one.
type DutyKind string

// The kinds.
const (
	DutyTake  DutyKind = "take"  // the agent becomes the owner of the case: ErrFull beyond the agent's capacity
	DutyOffer DutyKind = "offer" // the agent is asked to take it: ErrFull also of one who is not available
	DutyMiss  DutyKind = "miss"  // the agent let an offer pass; after two in a row the agent is away
)

// Duty is an agent's part in a turn. What it allows is decided in the turn's
// transaction, with the agent's row held.
type Duty struct {
	Kind  DutyKind
	Agent string
	Case  string
	At    time.Time
}

// Errors that all parts share; test with errors.Is.
var (
	// ErrNotFound: there is no such thing.
	ErrNotFound = errors.New("not found")
	// ErrConflict: the id was used before with another body.
	ErrConflict = errors.New("id was used before with another body")
	// ErrFenced: another turn got there first; what this one made is discarded.
	ErrFenced = errors.New("another turn got there first")
	// ErrFull: the agent has as many cases as may be; what the turn made is discarded.
	ErrFull = errors.New("the agent has as many cases as may be")
	// ErrInvalid: the input is at fault; the message says where and what to do.
	ErrInvalid = errors.New("invalid")
	// ErrBusy: too much is being handled; nothing was taken, and it may be sent again soon.
	ErrBusy = errors.New("too much is being handled at once")
)
