package turn

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/privacy"
	"supportbot/internal/telemetry"
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
	sends   map[supportbot.Channel]func(supportbot.ThreadID) // see Sends
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
	digest := p.digest(withoutSecrets(in, raw))
	thread, remembered := p.recent.at(in.Address)
	if !remembered {
		if thread, err = p.read(ctx, in.Address); err != nil {
			return supportbot.Outcome{}, err
		}
	}
	written, err := p.alone(ctx, thread.ID, in)
	if err != nil {
		return supportbot.Outcome{}, err
	}
	defer written()
	out, in, err := p.standing(ctx, thread, in, digest)
	if remembered && errors.Is(err, errBusy) {
		if thread, err = p.read(ctx, in.Address); err != nil {
			return supportbot.Outcome{}, err
		}
		out, in, err = p.standing(ctx, thread, in, digest)
	}
	if !errors.Is(err, errBusy) {
		return out, err
	}
	return p.inLine(ctx, in, digest, written)
}

// read returns the conversation at an address, without an id if there is none
// yet and it may be begun.
func (p *Path) read(ctx context.Context, at supportbot.Address) (supportbot.Thread, error) {
	thread, err := p.store.Thread(ctx, at)
	if errors.Is(err, supportbot.ErrNotFound) {
		return supportbot.Thread{Address: at}, checkID("conversation", at.Peer)
	}
	return thread, err
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

// standing masks a message, as it is returned, by what a conversation stands at,
// and takes it at once if it can.
func (p *Path) standing(ctx context.Context, thread supportbot.Thread, in supportbot.Inbound, digest []byte) (supportbot.Outcome, supportbot.Inbound, error) {
	session, damaged := sessionOf(thread)
	content, err := p.library.For(ctx, session.Version)
	if err != nil {
		return supportbot.Outcome{}, in, err
	}
	q := dialog.Expected(content.Book, dialog.Adapt(content.Book, session))
	now, in, err := p.withEarlier(ctx, thread, in, q)
	if err != nil {
		return supportbot.Outcome{}, in, err
	}
	if !bytes.Equal(now.Session, thread.Session) {
		session, damaged = sessionOf(now)
	}
	in = p.mask(ctx, in, q)
	if damaged != nil || now.Head != now.Tail {
		return supportbot.Outcome{}, in, errBusy
	}
	out, err := p.atOnce(ctx, content, now, session, in, digest)
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
	turn := func(c Content, t supportbot.Thread, row Row) (supportbot.Commit, error) {
		return c.turn(t, session, row)
	}
	commit, err := p.compute(ctx, turn, content, thread, Row{Seq: thread.Tail + 1, Inbound: in})
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
	p.changed(thread, commit)
	return commit.Outcome, nil
}

// changed remembers a turn, and tells watchers, here and in other processes, and who sends, of a turn.
func (p *Path) changed(t supportbot.Thread, c supportbot.Commit) {
	after := After(t, c)
	after.Head, after.Tail = c.Seq, max(t.Tail, c.Seq)
	p.recent.keep(after)
	hint := Hint{Thread: t.ID, Seq: t.LastSeq + int64(len(c.Messages)), Case: c.Case != nil || t.Case != nil}
	p.hub.changed(t.Address, hint.Case)
	p.store.Hint(hint)
	if c.Send {
		p.sends[t.Address.Channel](t.ID)
	}
}

// strictest is the question at which most is masked.
var strictest = supportbot.Question{Slot: supportbot.Slot{Type: supportbot.SlotEnum}}

// withoutSecrets is what defines a message: its body, or what is left of it if
// it may hold a secret, since a digest of the body could be searched for that.
// It does not depend on the open question, which is another one when a message
// is repeated.
func withoutSecrets(in supportbot.Inbound, body []byte) []byte {
	in.Masked = nil
	if in = Mask(in, strictest); len(in.Masked) == 0 {
		return body
	}
	var act supportbot.AgentAct
	if in.Agent != nil {
		act = *in.Agent
		act.Fence = 0 // a repeat under another fence is a repeat
	}
	return fmt.Appendf(nil, "%q %q %q %q %q", in.Kind, in.Text, in.Choice, in.Digits, []string{
		act.Case, string(act.Kind), act.Text, string(act.Verdict), act.Note,
	})
}

// checkID refuses an id that holds a card or identity number: it is kept as it is.
func checkID(what, id string) error {
	if len(id) < shortestNumber {
		return nil
	}
	// A number by itself would be taken for a card at the least suspicion.
	_, kinds := privacy.Mask("for "+id, supportbot.Question{})
	if slices.Contains(kinds, "card") || slices.Contains(kinds, "id-number") {
		return fmt.Errorf("%w: the %s looks like the number of a card or an identity document; choose another, such as one with letters", supportbot.ErrInvalid, what)
	}
	return nil
}

// shortestNumber is how many bytes the shortest number of a card takes.
const shortestNumber = 12

func (p *Path) digest(raw []byte) []byte {
	mac := hmac.New(sha256.New, p.key)
	mac.Write(raw)
	return mac.Sum(nil)
}

// mask removes secrets before anything is written, knowing what was asked.
func (p *Path) mask(ctx context.Context, in supportbot.Inbound, q supportbot.Question) supportbot.Inbound {
	_, stage := telemetry.Begin(ctx, telemetry.Mask, in.Channel)
	defer stage.End(nil)
	if in.Agent != nil {
		q = supportbot.Question{}
	}
	return Mask(in, q)
}

// Mask removes secrets from all that a person or an agent wrote.
func Mask(in supportbot.Inbound, q supportbot.Question) supportbot.Inbound {
	hide := func(text string) string {
		text, kinds := privacy.Mask(text, q)
		in.Masked = append(in.Masked, kinds...)
		return text
	}
	in.Text, in.Choice, in.Digits = hide(in.Text), hide(in.Choice), hide(in.Digits)
	if in.Agent != nil {
		act := *in.Agent
		act.Text, act.Note = hide(act.Text), hide(act.Note)
		in.Agent = &act
	}
	return in
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
