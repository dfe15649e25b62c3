package turn

import (
	"context"
	"time"

	"supportbot"
	"supportbot/channels"
	"supportbot/handoff"
)

// Store keeps conversations. Its conformance suite is internal/store/storetest.
type Store interface {
	// Thread returns the conversation at an address, ErrNotFound if there is
	// none yet.
	Thread(ctx context.Context, at supportbot.Address) (supportbot.Thread, error)

	// Accept writes in to the inbox under the next number of its conversation,
	// which it makes if need be. When it returns without an error the message
	// is durable. An in.ID that the conversation has seen is not written again:
	// the receipt is that of the first time if digest is the same, and the
	// error ErrConflict if it is not.
	Accept(ctx context.Context, in supportbot.Inbound, digest []byte) (Receipt, error)

	// Take is Accept and Commit in one, for a conversation in which nothing else
	// waits: c is the turn of in, on the thread as it was read; c.Thread is 0 if
	// there is none yet. ErrFenced, and nothing is written, if the conversation has
	// moved on since. Of a repeat it returns what Accept would.
	Take(ctx context.Context, in supportbot.Inbound, digest []byte, c supportbot.Commit) (Receipt, error)

	// Lately returns what a person wrote and did in a conversation since a time,
	// in order, the last twenty at most, handled or not.
	Lately(ctx context.Context, id supportbot.ThreadID, since time.Time) ([]Row, error)

	// Remask replaces what a person wrote by what may be kept of it, in one
	// commit, wherever the conversation has it: inbox, transcript, log, session,
	// cases. The conversation has moved on by that. When it returns, the old words can be read nowhere in the database's
	// files, if it is SQLite's; in PostgreSQL's they are until vacuum has been there.
	Remask(ctx context.Context, id supportbot.ThreadID, all []Remask) error

	// Next returns the oldest inbox row without an outcome, and the
	// conversation as it is now; ErrNotFound when all rows are handled.
	Next(ctx context.Context, id supportbot.ThreadID) (supportbot.Thread, Row, error)

	// Commit applies a turn whole or not at all; ErrFenced if the conversation
	// has moved on since it was read, ErrInvalid if the turn breaks a rule of the
	// store, so that it would fail again.
	Commit(ctx context.Context, c supportbot.Commit) error

	// GiveUp passes over inbox row seq, whose turn cannot be committed: its
	// outcome is empty, the timer that it came from is cancelled, and why is kept
	// with it. ErrFenced if the row is not next in line.
	GiveUp(ctx context.Context, id supportbot.ThreadID, row Row, why string) error

	// Outcome returns what was recorded for inbox row seq, ErrNotFound while
	// it is unhandled.
	Outcome(ctx context.Context, id supportbot.ThreadID, seq int64) (supportbot.Outcome, error)

	// Backlog lists conversations with unhandled inbox rows, oldest first: those
	// that wait for this process, and those whose process has not been heard of
	// for a few seconds.
	Backlog(ctx context.Context, limit int) ([]supportbot.ThreadID, error)

	// Now is the time by the database's clock.
	Now(ctx context.Context) (time.Time, error)

	// Due lists timers that are due at now, oldest first.
	Due(ctx context.Context, now time.Time, limit int) ([]Due, error)

	// Messages returns the transcript after a sequence number, in order.
	Messages(ctx context.Context, id supportbot.ThreadID, after int64, limit int) ([]supportbot.Message, error)

	// Reach tells whether the person at an address may be written to, ErrNotFound if
	// they never wrote.
	Reach(ctx context.Context, at supportbot.Address) (channels.Reach, error)

	// Case returns a case by its id and the address of its conversation.
	Case(ctx context.Context, id string) (supportbot.Case, supportbot.Address, error)

	// Cases lists cases: by state ("" for all) and owner ("" for any), the most
	// urgent first, within a priority the longest waiting first.
	Cases(ctx context.Context, state supportbot.CaseState, owner string, limit int) ([]supportbot.Case, error)

	// Mine lists the live cases that an agent owns or is asked to take, in the
	// order of Cases.
	Mine(ctx context.Context, agent string, limit int) ([]supportbot.Case, error)

	// RenewLeases moves the lease timers of all live cases of an agent to due,
	// never back; until then the agent counts as there.
	RenewLeases(ctx context.Context, agent string, due time.Time) error

	// Staff lists all agents by name, with their presence at a time and how many
	// cases they own or are asked to take.
	Staff(ctx context.Context, now time.Time) ([]handoff.Staff, error)

	// SetPresence notes whether an agent wants to be offered cases.
	SetPresence(ctx context.Context, agent string, p handoff.Presence) error

	// Hours are when agents work.
	Hours(ctx context.Context) (handoff.Hours, error)

	// SetHours says when agents work, in the name of by, and has it in the audit log.
	SetHours(ctx context.Context, h handoff.Hours, by string) error

	// Queue counts by their rank the cases that wait before one of a priority that
	// was queued at a time; of lower priorities none do.
	Queue(ctx context.Context, priority supportbot.Priority, queued time.Time) ([3]int, error)

	// Claims counts how often a case was claimed since a time, of the last ones.
	Claims(ctx context.Context, since time.Time) (int, error)

	// CasesMark is a number that changes when a live case or its conversation
	// does; by chance it may stay the same.
	CasesMark(ctx context.Context) (int64, error)

	// Hint tells the other processes of a change, soon and without waiting. It
	// may get lost.
	Hint(h Hint)

	// Hints calls f with the hints of other processes until ctx ends. The zero
	// Hint stands for any number of others.
	Hints(ctx context.Context, f func(Hint))
}

// Hint says that a conversation has reached a message, and whether it has a case,
// or that it is no longer there.
type Hint struct {
	Thread supportbot.ThreadID
	Seq    int64
	Case   bool
	Erased bool
}

// Receipt tells where an inbound message stands in the inbox.
type Receipt struct {
	Thread  supportbot.ThreadID
	Seq     int64
	Outcome *supportbot.Outcome // of a repeat that was handled already
}

// Row is one row of the inbox.
type Row struct {
	Seq     int64
	Inbound supportbot.Inbound
}

// GivenUp is an inbox row that was passed over.
type GivenUp struct {
	Thread     supportbot.ThreadID
	Row        Row
	Why        string
	AcceptedAt time.Time
}

// Due is a timer that has come due.
type Due struct {
	Address supportbot.Address
	Timer   supportbot.Timer
}
