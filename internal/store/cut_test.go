package store

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"supportbot"
	"supportbot/internal/turn"
)

// says and answers once; change makes more of the turn.
func turnOf(t *testing.T, s *Store, peer string, change func(c *supportbot.Commit)) supportbot.ThreadID {
	t.Helper()
	in := says("1", "hello")
	in.Peer = peer
	r, err := s.Accept(t.Context(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := supportbot.Commit{Thread: r.Thread, Seq: 1, Session: json.RawMessage(`{"cases":1}`),
		Messages: []supportbot.Message{{Seq: 1, From: supportbot.FromUser, Text: "hello"}, {Seq: 2, From: supportbot.FromBot, Text: "Hello."}}}
	change(&c)
	if err := s.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	return r.Thread
}

func withCase(id string, state supportbot.CaseState) func(c *supportbot.Commit) {
	return func(c *supportbot.Commit) {
		c.Case = &supportbot.Case{ID: id, State: state, QueuedAt: time.Now()}
	}
}

func nothing(*supportbot.Commit) {}

// cutAll is a whole round.
func cutAll(t *testing.T, s *Store, keep Ages) (all Cut) {
	t.Helper()
	for next := supportbot.ThreadID(0); ; {
		var cut Cut
		var err error
		if next, cut, err = s.CutConversations(t.Context(), next, keep, 2); err != nil {
			t.Fatal(err)
		}
		all.Transcripts += cut.Transcripts
		all.Cases += cut.Cases
		if next == 0 {
			return all
		}
	}
}

func isThere(t *testing.T, s *Store, id supportbot.ThreadID) bool {
	t.Helper()
	_, err := s.Export(t.Context(), id)
	if err != nil && !errors.Is(err, supportbot.ErrNotFound) {
		t.Fatal(err)
	}
	return err == nil
}

// TestWhatIsOldIsErased leaves what is young, what waits, and whoever an agent has.
func TestWhatIsOldIsErased(t *testing.T) {
	both(t, func(t *testing.T, place string) {
		s := openAt(t, place)
		old := []supportbot.ThreadID{turnOf(t, s, "old", nothing), turnOf(t, s, "other", nothing), turnOf(t, s, "closed", withCase("3-1", supportbot.CaseClosed))}
		stay := []supportbot.ThreadID{
			turnOf(t, s, "case", withCase("4-1", supportbot.CaseWaiting)),
			turnOf(t, s, "timer", func(c *supportbot.Commit) {
				c.Timers = []supportbot.Timer{{Kind: supportbot.TimerSilence, Due: fromMicros(1)}}
			}),
			turnOf(t, s, "sending", func(c *supportbot.Commit) { c.Send = true }),
			turnOf(t, s, "waiting", nothing),
		}
		in := says("2", "hello?")
		in.Peer = "waiting"
		if _, err := s.Accept(t.Context(), in, nil); err != nil {
			t.Fatal(err)
		}
		writes(t, s, `UPDATE inbox SET accepted_at = 1`)
		writes(t, s, `UPDATE cases SET queued_at = 1`)
		stay = append(stay, turnOf(t, s, "young", nothing))

		if cut := cutAll(t, s, Ages{}); cut != (Cut{}) {
			t.Errorf("what is kept for ever: %+v went", cut)
		}
		if cut := cutAll(t, s, Ages{Transcripts: time.Hour, Cases: 2 * time.Hour}); cut != (Cut{Transcripts: 3, Cases: 1}) {
			t.Errorf("%+v went", cut)
		}
		for _, id := range old {
			if isThere(t, s, id) {
				t.Errorf("conversation %d is still there", id)
			}
		}
		for _, id := range stay {
			if !isThere(t, s, id) {
				t.Errorf("conversation %d is gone", id)
			}
		}
	})
}

// TestATranscriptGoesBeforeItsCase: the case stays, with its packet, until it has
// its own age; meanwhile a person who writes again goes on under the numbers that
// come next, and is found by the address.
func TestATranscriptGoesBeforeItsCase(t *testing.T) {
	both(t, func(t *testing.T, place string) {
		s, other := openAt(t, place), openAt(t, place)
		id := turnOf(t, s, "mei", func(c *supportbot.Commit) {
			withCase("1-1", supportbot.CaseClosed)(c)
			c.Missed = &supportbot.Missed{ID: supportbot.MissedID{Thread: c.Thread, Row: 1}, Text: "hello"}
		})
		idle := turnOf(t, s, "lan", withCase("2-1", supportbot.CaseClosed))
		before, err := other.Thread(t.Context(), supportbot.Address{Channel: supportbot.Web, Peer: "mei"})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.WantPicture(t.Context(), before.Address, "m1", "AgAC"); err != nil {
			t.Fatal(err)
		}
		writes(t, s, `UPDATE inbox SET accepted_at = 1`)
		keep := Ages{Transcripts: time.Hour, Cases: 2 * time.Hour}
		for _, want := range []Cut{{Transcripts: 2}, {}} {
			if cut := cutAll(t, s, keep); cut != want {
				t.Errorf("%+v went, want %+v", cut, want)
			}
		}
		e, err := s.Export(t.Context(), id)
		if err != nil || len(e.Messages)+len(e.Inbox)+len(e.Pictures) > 0 || string(e.Session) != `{"channel":"","lang":"","cases":1}` || len(e.Cases) != 1 {
			t.Errorf("left is %+v, %v", e, err)
		}
		if _, _, err := s.Case(t.Context(), "1-1"); err != nil {
			t.Error(err)
		}
		if missed, err := s.Missed(t.Context(), 9); err != nil || len(missed) > 0 {
			t.Errorf("not understood are %+v, %v", missed, err)
		}
		if ids, err := s.Conversations(t.Context(), 0, 9); err != nil || len(ids) > 0 {
			t.Errorf("%v can be replayed, %v", ids, err)
		}

		late := supportbot.Commit{Thread: id, Seq: 2, Version: before.Version}
		if _, err := other.Take(t.Context(), says("2", "hello?"), nil, late); !errors.Is(err, supportbot.ErrFenced) {
			t.Errorf("a turn on what was there before: %v, want ErrFenced", err)
		}
		thread, err := other.Thread(t.Context(), before.Address)
		if err != nil || thread.ID != id || thread.LastSeq != 2 || thread.Tail != 1 {
			t.Fatalf("the conversation: %+v, %v", thread, err)
		}
		c := supportbot.Commit{Thread: id, Seq: 2, Version: thread.Version, Session: thread.Session, Messages: []supportbot.Message{{Seq: 3, From: supportbot.FromUser}}}
		if _, err := other.Take(t.Context(), says("2", "hello?"), nil, c); err != nil {
			t.Error(err)
		}

		writes(t, s, `UPDATE cases SET queued_at = 1`)
		if cut := cutAll(t, s, keep); cut != (Cut{Cases: 1}) || isThere(t, s, idle) || !isThere(t, s, id) {
			t.Errorf("%+v went once the cases were old", cut)
		}
	})
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("never: " + what)
		}
	}
}

// TestOthersForgetTheKeysOfWhatIsErased by a hint, or, where it is lost, by the next
// that comes.
func TestOthersForgetTheKeysOfWhatIsErased(t *testing.T) {
	both(t, func(t *testing.T, place string) {
		s, other := openAt(t, place), openAt(t, place)
		heard := make(chan turn.Hint, 100)
		go other.Hints(t.Context(), func(h turn.Hint) { heard <- h })
		erased, stays := talk(t, s, "mei"), talk(t, s, "lan")
		for _, id := range []supportbot.ThreadID{erased, stays} {
			if _, err := other.Messages(t.Context(), id, 0, 9); err != nil {
				t.Fatal(err)
			}
		}
		<-heard // it listens
		if err := s.Erase(t.Context(), erased, ErasedOnRequest); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the key is forgotten", func() bool {
			_, known := other.vault.remembered(erased)
			return !known
		})
		if _, known := other.vault.remembered(stays); !known {
			t.Error("a key of what was not erased is forgotten")
		}

		other.Messages(t.Context(), stays, 0, 9)
		writes(t, s, `INSERT INTO erasure (thread_id, erased_at, why) VALUES (2, `+clock+`, 'request')`) // nobody told
		if _, err := other.forgetSince(t.Context(), time.Now().Add(-erasedBefore).UnixMicro()); err != nil {
			t.Error(err)
		}
		if _, known := other.vault.remembered(stays); known {
			t.Error("the key of what was erased unheard is remembered")
		}
	})
}

// TestWhatWasErasedBeforeSomebodyListensIsForgotten when he does.
func TestWhatWasErasedBeforeSomebodyListensIsForgotten(t *testing.T) {
	both(t, func(t *testing.T, place string) {
		s, other := openAt(t, place), openAt(t, place)
		erased := talk(t, s, "mei")
		if _, err := other.Messages(t.Context(), erased, 0, 9); err != nil {
			t.Fatal(err)
		}
		if err := s.Erase(t.Context(), erased, ErasedOnRequest); err != nil {
			t.Fatal(err)
		}
		go other.Hints(t.Context(), func(turn.Hint) {})
		eventually(t, "the key is forgotten", func() bool {
			_, known := other.vault.remembered(erased)
			return !known
		})
	})
}
