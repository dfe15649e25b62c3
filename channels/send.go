package channels

import (
	"context"
	"fmt"
	"time"

	"supportbot"
)

// Sender sends messages on a channel whose people do not fetch them.
type Sender interface {
	// Send sends one message. key is the same every time that this message is
	// tried, and no other message has it: where the other side can tell a
	// repeat, it does so by key. An error that is no *Failure counts as Unsure.
	Send(ctx context.Context, to supportbot.Address, m supportbot.Message, key string) error
}

// Failure is why a message was not sent.
type Failure struct {
	Kind  FailureKind
	After time.Duration // of Early and Limited: how long to wait; 0 if the other side does not say
	Err   error
}

// FailureKind tells what to do about a failure.
type FailureKind int

// The kinds of failure.
const (
	Unsure  FailureKind = iota // it may have arrived: a timeout, a connection that broke; try again
	Absent                     // it did not arrive: nobody answered; try again
	Early                      // it was not tried: it is not time yet; come back after a while
	Limited                    // it did not arrive: too much at once; try again after a while
	Refused                    // the other side does not take this message
	Gone                       // the person cannot be reached, such as one who blocked the bot: nothing that waits for them will arrive
)

func (k FailureKind) String() string {
	return [...]string{"unsure", "absent", "early", "limited", "refused", "gone"}[k]
}

// Error implements error.
func (f *Failure) Error() string { return fmt.Sprintf("%s: %v", f.Kind, f.Err) }

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Err }
