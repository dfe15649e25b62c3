// Package delivery sends what a channel's people do not fetch. A turn writes its
// messages into the outbox in its own commit; a Loop on every node sends them:
// in order within a conversation, at least once, and once where the other side
// tells a repeat by its key. A message that fails is tried again and holds up
// what comes after it in its conversation, never another conversation; one that
// fails too often is parked, and the conversation goes on.
package delivery

import (
	"context"
	"time"

	"supportbot"
)

// Store keeps the outbox. Its conformance suite is internal/store/storetest.
type Store interface {
	// Undelivered lists conversations of a channel in which a message is due to
	// be sent and nobody is about it, those that wait longest first.
	Undelivered(ctx context.Context, channel supportbot.Channel, limit int) ([]supportbot.ThreadID, error)

	// Claim marks the oldest unsent message of a conversation as being sent, and
	// keeps the conversation from others for lease. ErrNotFound if nothing is
	// due or another has the conversation.
	Claim(ctx context.Context, id supportbot.ThreadID, lease time.Duration) (Delivery, error)

	// Settle records what became of a claimed message and gives the conversation
	// back. ErrFenced, and nothing is written, if another has claimed it since.
	Settle(ctx context.Context, d Delivery, r Result) error
}

// Delivery is a message on its way.
type Delivery struct {
	Thread  supportbot.ThreadID
	Seq     int64 // in the outbox of its conversation
	Epoch   int64 // of the claim
	To      supportbot.Address
	Message supportbot.Message
	Key     string                // the same on every try
	Trace   string                // the W3C traceparent of the turn, "" if nobody follows it
	Event   *supportbot.CaseEvent // for another desk; nil: for the person
	History
}

// History is what became of a message so far.
type History struct {
	Tries    int  // begun, with the one that is under way
	Refusals int  // tries that were refused for what the message is
	Unsure   bool // a try that failed may have arrived
}

// Status is where a message of the outbox stands.
type Status string

// The statuses.
const (
	Waiting Status = "waiting"
	Sending Status = "sending"
	Sent    Status = "sent"
	Parked  Status = "parked"  // given up, and shown to those who may send it again by hand
	Resent  Status = "resent"  // was parked, and stands in the outbox again under another number
	Dropped Status = "dropped" // was parked, and nobody wants it sent any more
)

// Result is what became of a try.
type Result struct {
	Status Status        // Waiting, Sent or Parked
	After  time.Duration // until the conversation may be claimed again
	Error  string        // "" if it was sent, or is not to be yet
	All    bool          // of Parked: with all that waits in the conversation
	History
}

// Undeliverable is a parked message.
type Undeliverable struct {
	Thread  supportbot.ThreadID
	Seq     int64 // in the outbox of its conversation
	To      supportbot.Address
	Message int64                    // Message.Seq in the transcript; 0 of an event without
	Event   supportbot.CaseEventKind // for another desk; "": for the person
	Error   string
	At      time.Time
	History
}
