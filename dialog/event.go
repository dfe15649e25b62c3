package dialog

import (
	"time"

	"supportbot"
)

// Event is one thing that happened, with all that Step may not find out by
// itself: the time, the reading of the words, the verdict of an agent.
type Event struct {
	Kind     EventKind            `json:"kind"`
	At       time.Time            `json:"at"`
	Commands []supportbot.Command `json:"commands,omitempty"`  // of Said: what understanding made of the words; none = nothing
	Choice   string               `json:"choice,omitempty"`    // of Chose: the button's value; of Opened: what the person comes for
	Digits   string               `json:"digits,omitempty"`    // of Pressed
	Language supportbot.Language  `json:"language,omitempty"`  // the language that the person used or wishes; "" if unknown
	Masked   []string             `json:"masked,omitempty"`    // kinds of secrets that were removed from what was said
	Unseen   supportbot.Unseen    `json:"unseen,omitempty"`    // what came that cannot be seen, by itself or with words
	To       supportbot.Channel   `json:"to,omitempty"`        // of Moved: SMS or WhatsApp; "" is SMS
	Keyed    bool                 `json:"keyed,omitempty"`     // of Moved: at another number than the one that called
	Agent    string               `json:"agent,omitempty"`     // of Joined
	Verdict  supportbot.Verdict   `json:"verdict,omitempty"`   // of Judged
	ValidFor time.Duration        `json:"valid_for,omitempty"` // of Judged: how long the proof holds, 0 as the step says
	ByPhone  bool                 `json:"by_phone,omitempty"`  // of Joined: the agent is on the telephone, and not in writing
	Last     bool                 `json:"last,omitempty"`      // of Waited: nothing more is told until somebody comes; of Judged: the person could not be reached
	Desk     *supportbot.Desk     `json:"-"`                   // nil if nobody knows; in the log it stands with the turn that asked for it
}

// EventKind tells what happened.
type EventKind string

// What can happen.
const (
	Opened  EventKind = "opened"  // the person opened the chat, or the call was answered
	Said    EventKind = "said"    // words
	Chose   EventKind = "chose"   // a button
	Pressed EventKind = "pressed" // phone keys
	Sent    EventKind = "sent"    // nothing but what cannot be seen
	Silence EventKind = "silence" // the question got no answer in time
	HungUp  EventKind = "hungup"  //
	Moved   EventKind = "moved"   // the caller goes on in writing
	Joined  EventKind = "joined"  // an agent took the case over
	Left    EventKind = "left"    // the agent gave the case back to the queue
	Judged  EventKind = "judged"  // the case ended with a verdict
	Waited  EventKind = "waited"  // the case has waited for a while
	Closed  EventKind = "closed"  // the agent ended the case without one

	Deferred EventKind = "deferred" // the desk has closed while the case waited
	Taken    EventKind = "taken"    // and has opened: the case is in the queue
	Missed   EventKind = "missed"   // the agent did not reach the person and calls again
)

// Effects is what a turn asks for.
type Effects struct {
	Replies    []supportbot.Reply
	Open       *Handover     // open a case
	Leave      bool          // the person no longer wants the case
	Contact    string        // where the person can be reached, for the live case
	Silence    time.Duration // after which a chat should report silence; 0: never
	ValidUntil time.Time     // when the proof expires that a verdict has just given
	Visited    []string      // "flow/step" of every step that was run and "articles/TOPIC" of what was answered, in order
	Score      int           // that the person gave for an agent's help, 1 to 5; 0: none
	Topic      string        // of the open flow, or of the article just given
	Call       bool          // the person wants to be called back rather than wait
	Desk       bool          // it would be otherwise if the desk stood otherwise

	Missed  bool   // nothing of what was said was understood
	Asked   bool   // it was asked back which of several topics is meant
	Started string // the topic that the person has just named or chosen; "" if none
}

// Handover is a case to be opened.
type Handover struct {
	Ordinal  int // 1 for the first case of the conversation
	Reason   string
	Priority supportbot.Priority
	Deferred bool // the desk is closed or full
	Packet   supportbot.Packet
}
