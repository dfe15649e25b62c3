package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"supportbot"
	"supportbot/internal/delivery"
	"supportbot/internal/telemetry"
)

type outboxCmd struct {
	List  outboxListCmd  `cmd:"" help:"List replies that could not be sent and events that another desk did not take, the oldest first, and why; never what they say."`
	Retry outboxRetryCmd `cmd:"" help:"Have such replies sent again, after all else that waits for the person, and such events in their old place."`
	Drop  outboxDropCmd  `cmd:"" help:"Give such replies or events up for good; they stay in the conversation."`
}

// maxListed bounds a list; who has so many looks at the provider first.
const maxListed = 10_000

type outboxListCmd struct {
	JSON bool `help:"One object a line." name:"json"`
}

// undeliverable is a line of the list. The address of the person is not in it:
// it may be a telephone number.
type undeliverable struct {
	ID       string                   `json:"id"`
	Thread   supportbot.ThreadID      `json:"thread"`
	Channel  supportbot.Channel       `json:"channel"`         // "desk" of an event
	Event    supportbot.CaseEventKind `json:"event,omitempty"` // that another desk did not take
	Message  int64                    `json:"message"`         // in the transcript
	Tries    int                      `json:"tries"`
	Refusals int                      `json:"refusals"`
	Unsure   bool                     `json:"unsure"` // it may have arrived
	Error    string                   `json:"error"`
	At       time.Time                `json:"at"`
}

// Run lists parked messages.
func (cmd *outboxListCmd) Run(ctx context.Context, c *cli) error {
	s, err := c.openExisting(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	parked, err := s.Undeliverable(ctx, maxListed)
	if err != nil {
		return err
	}
	events, err := s.Feed().Undeliverable(ctx, maxListed)
	if err != nil {
		return err
	}
	for _, u := range events {
		u.To.Channel = telemetry.Desk
		parked = append(parked, u)
	}
	out := json.NewEncoder(os.Stdout)
	for _, u := range parked {
		id := parkedID{u.Thread, u.Seq, u.Event != ""}.String()
		what := fmt.Sprintf("message %d of conversation %d on %s", u.Message, u.Thread, u.To.Channel)
		if u.Event != "" {
			what = fmt.Sprintf("%s of conversation %d to the desk", u.Event, u.Thread)
		}
		if cmd.JSON {
			err = out.Encode(undeliverable{id, u.Thread, u.To.Channel, u.Event, u.Message, u.Tries, u.Refusals, u.Unsure, u.Error, u.At})
		} else {
			_, err = fmt.Printf("%s  %s, given up at %s after %s: %s%s\n", id, what, u.At.Format(time.RFC3339), tries(u.Tries), u.Error, perhaps(u.History))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func tries(n int) string {
	if n == 1 {
		return "1 try"
	}
	return fmt.Sprint(n, " tries")
}

func perhaps(h delivery.History) string {
	if h.Unsure {
		return "; it may have arrived"
	}
	return ""
}

type outboxRetryCmd struct {
	ID []parkedID `arg:"" help:"As they are listed, such as 12-3 or desk-12-3."`
}

// Run sends again. A server that runs finds the messages within seconds.
func (cmd *outboxRetryCmd) Run(ctx context.Context, c *cli) error {
	return unpark(ctx, c, cmd.ID, "will be sent again", upkeep.Resend)
}

type outboxDropCmd struct {
	ID []parkedID `arg:"" help:"As they are listed, such as 12-3 or desk-12-3."`
}

// Run drops.
func (cmd *outboxDropCmd) Run(ctx context.Context, c *cli) error {
	return unpark(ctx, c, cmd.ID, "dropped", upkeep.Drop)
}

// upkeep is what can be done to what was given up: replies, or events.
type upkeep interface {
	Resend(ctx context.Context, id supportbot.ThreadID, seq int64) error
	Drop(ctx context.Context, id supportbot.ThreadID, seq int64) error
}

// unpark does the same to all ids, up to the first for which it fails.
func unpark(ctx context.Context, c *cli, ids []parkedID, done string, do func(upkeep, context.Context, supportbot.ThreadID, int64) error) error {
	s, err := c.openExisting(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	for _, id := range ids {
		var of upkeep = s
		if id.desk {
			of = s.Feed()
		}
		err := do(of, ctx, id.thread, id.seq)
		if errors.Is(err, supportbot.ErrNotFound) {
			return fmt.Errorf("%s is not, or no longer, among what could not be sent; see supportbot outbox list", id)
		}
		if err != nil {
			return err
		}
		fmt.Printf("%s %s\n", id, done)
	}
	return nil
}

// parkedID names a row of the outbox on the command line, THREAD-SEQ, or of what
// another desk is told, desk-THREAD-SEQ.
type parkedID struct {
	thread supportbot.ThreadID
	seq    int64
	desk   bool
}

const deskPrefix = "desk-"

// String writes the id as UnmarshalText reads it.
func (id parkedID) String() string {
	text := fmt.Sprintf("%d-%d", id.thread, id.seq)
	if id.desk {
		text = deskPrefix + text
	}
	return text
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (id *parkedID) UnmarshalText(text []byte) error {
	number, desk := bytes.CutPrefix(text, []byte(deskPrefix))
	id.desk = desk
	_, err := fmt.Sscanf(string(number), "%d-%d", &id.thread, &id.seq)
	if err != nil || id.String() != string(text) {
		return fmt.Errorf("%q is not the id of a reply, such as 12-3, or of an event, such as desk-12-3", text)
	}
	return nil
}
