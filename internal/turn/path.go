package turn

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/privacy"
)

// Path is the one way of a message.
type Path struct {
	store   Store
	key     []byte // of the digest that tells a repeat from another body
	log     *slog.Logger
	library Library
	notice  atomic.Pointer[string]
	lanes   lanes
	hub     hub
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
	p := &Path{store: store, key: key, library: library, log: log}
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
func (p *Path) Handle(ctx context.Context, in supportbot.Inbound, raw []byte) (supportbot.Outcome, error) {
	in.At = time.Now().UTC().Truncate(time.Microsecond)
	if err := checkID(in); err != nil {
		return supportbot.Outcome{}, err
	}
	digest := p.digest(withoutSecrets(in, raw))
	in, err := p.mask(ctx, in)
	if err != nil {
		return supportbot.Outcome{}, err
	}
	receipt, err := p.store.Accept(ctx, in, digest)
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

// checkID refuses ids that hold a card or identity number: they are kept as they
// are.
func checkID(in supportbot.Inbound) error {
	for what, id := range map[string]string{"id": in.ID, "conversation": in.Peer} {
		// A number by itself would be taken for a card at the least suspicion.
		_, kinds := privacy.Mask("for "+id, supportbot.Question{})
		if slices.Contains(kinds, "card") || slices.Contains(kinds, "id-number") {
			return fmt.Errorf("%w: the %s looks like the number of a card or an identity document; choose another, such as one with letters", supportbot.ErrInvalid, what)
		}
	}
	return nil
}

func (p *Path) digest(raw []byte) []byte {
	mac := hmac.New(sha256.New, p.key)
	mac.Write(raw)
	return mac.Sum(nil)
}

// mask removes secrets before anything is written, knowing what was asked.
func (p *Path) mask(ctx context.Context, in supportbot.Inbound) (supportbot.Inbound, error) {
	var q supportbot.Question
	if in.Agent == nil {
		t, err := p.store.Thread(ctx, in.Address)
		if err != nil && !errors.Is(err, supportbot.ErrNotFound) {
			return in, err
		}
		if q, err = p.expected(ctx, t); err != nil {
			return in, err
		}
	}
	return Mask(in, q), nil
}

func (p *Path) expected(ctx context.Context, t supportbot.Thread) (supportbot.Question, error) {
	s, ok := sessionOf(t)
	if !ok {
		return supportbot.Question{}, nil
	}
	content, err := p.library.For(ctx, s.Version)
	if err != nil {
		return supportbot.Question{}, err
	}
	return dialog.Expected(content.Book, dialog.Adapt(content.Book, s)), nil
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
		commit, err := p.turn(ctx, thread, row)
		if err != nil {
			return err
		}
		err = p.store.Commit(ctx, commit)
		if errors.Is(err, supportbot.ErrFenced) {
			continue // another process was quicker: read again
		}
		if err != nil {
			return err
		}
		p.hub.changed(thread.Address, commit.Case != nil || thread.Case != nil)
	}
}

// turn runs Content.Turn. A session that cannot be read or a mistake of ours
// must not stop the conversation for ever: it begins anew, and the log says so.
func (p *Path) turn(ctx context.Context, thread supportbot.Thread, row Row) (commit supportbot.Commit, err error) {
	var version string // on which its open flows run
	if s, ok := sessionOf(thread); ok {
		version = s.Version
	}
	content, err := p.library.For(ctx, version)
	if err != nil {
		return commit, err
	}
	commit, err = try(content.Turn, thread, row)
	if err == nil {
		return commit, nil
	}
	p.log.Error("turn failed, the conversation begins anew", "thread", int64(thread.ID), "seq", row.Seq, "error", err)
	return try(content.Anew, thread, row)
}

// sessionOf reads the session of a conversation; false if there is none that can
// be read.
func sessionOf(t supportbot.Thread) (s dialog.Session, ok bool) {
	err := json.Unmarshal(t.Session, &s)
	return s, err == nil
}

// try makes a panic an error.
func try(turn func(supportbot.Thread, Row) (supportbot.Commit, error), t supportbot.Thread, row Row) (c supportbot.Commit, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("turn: panic in conversation %d: %v", t.ID, v)
		}
	}()
	return turn(t, row)
}
