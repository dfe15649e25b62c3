package turn

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"supportbot"
	"supportbot/dialog"
)

// Path is the one way of a message.
type Path struct {
	store   Store
	key     []byte // of the digest that tells a repeat from another body
	log     *slog.Logger
	library Library
	notice  atomic.Pointer[string]
	lanes   lanes
	writing lanes // see alone
	hub     hub
	recent  *recent
	clock   clock
	second  Second                                           // nil: nobody else is asked
	counter atomic.Pointer[counter]                          // of the desk; nil before the first look
	sends   map[supportbot.Channel]func(supportbot.ThreadID) // see Sends
	feeds   func(supportbot.ThreadID)                        // see Feeds; nil: there is no other desk
	open    sync.RWMutex                                     // held by what comes in while it is handled
	stopped bool
}

// Library holds the content in versions. It must be safe for concurrent use.
type Library interface {
	// For returns what a conversation runs on whose open flows began with a
	// version: that version, or the one in force if it was retired, cannot be
	// loaded, or is "". An error is one of the store's, and passes.
	For(ctx context.Context, version string) (Content, error)
}

// New makes a path. key is secret and stays the same for the life of the store.
func New(store Store, key []byte, library Library, log *slog.Logger) *Path {
	p := &Path{store: store, key: key, library: library, log: log, recent: newRecent()}
	p.Warn("")
	return p
}

// Ask has another one asked about what readers are not sure of. Call it before the
// first message.
func (p *Path) Ask(second Second) { p.second = second }

// Warn shows a warning to those at the console, "" takes it back.
func (p *Path) Warn(notice string) { p.notice.Store(&notice) }

// turnLimit bounds the database work of one turn, which goes on when the caller
// has gone: what was accepted is handled.
const turnLimit = 15 * time.Second

// Handle takes one inbound message through to its recorded outcome; see
// channels.Conversations.
func (p *Path) Handle(ctx context.Context, in supportbot.Inbound, raw []byte) (_ supportbot.Outcome, err error) {
	ctx, end := p.receive(ctx, in)
	defer func() { end(err) }()
	p.open.RLock()
	defer p.open.RUnlock()
	if p.stopped {
		return supportbot.Outcome{}, errStopped
	}
	in.At = p.clock.now()
	if err := checkID("id", in.ID); err != nil {
		return supportbot.Outcome{}, err
	}
	m := p.mask(ctx, in, raw)
	thread, ok := p.recent.at(in.Address)
	if !ok {
		if thread, err = p.read(ctx, in.Address, in.At); err != nil {
			return supportbot.Outcome{}, err
		}
	}
	written, out, said, err := p.standing(ctx, thread, m)
	defer func() { written() }()
	if errors.Is(err, errBusy) && (thread.remembered || thread.ID == 0) { // what was known may be no longer so
		written()
		if thread, err = p.read(ctx, in.Address, in.At); err != nil {
			return supportbot.Outcome{}, err
		}
		written, out, said, err = p.standing(ctx, thread, m)
	}
	if !errors.Is(err, errBusy) {
		return out, err
	}
	return p.inLine(ctx, said, m.digest, written)
}

// read returns the conversation at an address, without an id if there is none
// yet and it may be begun.
func (p *Path) read(ctx context.Context, at supportbot.Address, now time.Time) (known, error) {
	thread, err := p.store.Thread(ctx, at)
	if errors.Is(err, supportbot.ErrNotFound) {
		thread.Address, err = at, checkPeer(at)
	}
	return known{Thread: thread, since: now}, err
}

// inLine takes a message through the inbox, and says when it is written.
func (p *Path) inLine(ctx context.Context, in supportbot.Inbound, digest []byte, written func()) (supportbot.Outcome, error) {
	receipt, err := p.accept(ctx, in, digest)
	written()
	if err != nil {
		return supportbot.Outcome{}, err
	}
	if receipt.Outcome != nil {
		return *receipt.Outcome, nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), turnLimit)
	defer cancel()
	if err := p.drain(ctx, receipt.Thread); err != nil {
		return supportbot.Outcome{}, err
	}
	return p.store.Outcome(ctx, receipt.Thread, receipt.Seq)
}

// errStopped: another process takes it, or this one when it is back.
var errStopped = errors.New("turn: the server is stopping")

// Stop refuses what comes in from now on, and returns once what came before has
// been handled.
func (p *Path) Stop() {
	p.open.Lock()
	defer p.open.Unlock()
	p.stopped = true
}

// errBusy: the message must wait in line.
var errBusy = errors.New("something else is under way")

// standing is atStanding apart from what else the person writes, until written is
// called.
func (p *Path) standing(ctx context.Context, thread known, m message) (written func(), out supportbot.Outcome, in supportbot.Inbound, err error) {
	if written, err = p.alone(ctx, thread.ID, m.Inbound); err == nil {
		out, in, err = p.atStanding(ctx, thread, m)
	}
	return written, out, in, err
}

// atStanding masks a message, as it is returned, by what a conversation stands at,
// and takes it at once if it can.
func (p *Path) atStanding(ctx context.Context, thread known, m message) (supportbot.Outcome, supportbot.Inbound, error) {
	in := m.Inbound
	session, damaged := thread.stands()
	content, err := p.library.For(ctx, session.Version)
	if err != nil {
		return supportbot.Outcome{}, in, err
	}
	q := dialog.Expected(content.Book, dialog.Adapt(content.Book, session))
	in = p.takeCode(thread.Case, in, in.At)
	now, in, err := p.withEarlier(ctx, thread, in, q)
	if err != nil {
		return supportbot.Outcome{}, in, err
	}
	if !bytes.Equal(now.Session, thread.Session) {
		session, damaged = now.stands()
	}
	if !m.clean {
		if in.Agent != nil {
			q = supportbot.Question{}
		}
		in = Mask(in, q)
	}
	if damaged != nil || now.Head != now.Tail {
		return supportbot.Outcome{}, in, errBusy
	}
	out, err := p.atOnce(ctx, content, now.Thread, session, in, m.digest)
	return out, in, err
}

// atOnce takes a message and its turn in one commit. If anything else is under way
// in the conversation, and if anything fails, the error is errBusy: in the inbox
// the message is kept until the cause is mended.
func (p *Path) atOnce(ctx context.Context, content Content, thread supportbot.Thread, session dialog.Session, in supportbot.Inbound, digest []byte) (out supportbot.Outcome, err error) {
	if thread.ID != 0 {
		unlock, free := p.lanes.try(thread.ID)
		if !free {
			return out, errBusy
		}
		defer unlock()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), turnLimit)
	defer cancel()
	var after dialog.Session
	turn := func(c Content, t supportbot.Thread, row Row) (commit supportbot.Commit, err error) {
		commit, after, err = c.turn(t, session, row)
		return commit, err
	}
	row := Row{Seq: thread.Tail + 1, Inbound: in}
	if content.Desk, err = p.desk(ctx, thread, row); err != nil {
		return out, errBusy
	}
	commit, err := p.compute(ctx, turn, content, thread, row)
	if err != nil || thread.ID == 0 && commit.Case != nil { // a case is called by the number of its conversation
		return out, errBusy
	}
	receipt, err := p.take(ctx, in, digest, commit)
	switch {
	case errors.Is(err, supportbot.ErrConflict):
		return out, err
	case err != nil:
		return out, errBusy
	case receipt.Outcome != nil:
		return *receipt.Outcome, nil
	case receipt.Seq != commit.Seq: // a repeat that waits
		return out, errBusy
	}
	thread.ID = receipt.Thread
	p.changed(thread, row, commit, &after)
	return commit.Outcome, nil
}

// changed remembers the turn of a row, and tells of it watchers, here and in
// other processes, and who sends. session is what c has as JSON, nil if that must be
// read.
func (p *Path) changed(t supportbot.Thread, row Row, c supportbot.Commit, session *dialog.Session) {
	after := After(t, c)
	after.Head, after.Tail = c.Seq, max(t.Tail, c.Seq)
	p.recent.keep(after, row, session)
	hint := Hint{Thread: t.ID, Seq: t.LastSeq + int64(len(c.Messages)), Case: c.Case != nil || t.Case != nil}
	p.hub.changed(t.Address, hint.Case)
	p.store.Hint(hint)
	if c.Send {
		p.sends[t.Address.Channel](t.ID)
	}
	if len(c.Feed) > 0 {
		p.feeds(t.ID)
	}
}

// drain handles the open rows of a conversation in order.
func (p *Path) drain(ctx context.Context, id supportbot.ThreadID) error {
	unlock, err := p.lanes.lock(ctx, id)
	if err != nil {
		return fmt.Errorf("turn: wait for conversation %d: %w", id, err)
	}
	defer unlock()
	for {
		thread, row, err := p.store.Next(ctx, id)
		if errors.Is(err, supportbot.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		err = p.turn(ctx, thread, row)
		if errors.Is(err, supportbot.ErrFenced) {
			continue // another process was quicker: read again
		}
		if err != nil {
			return err
		}
	}
}
