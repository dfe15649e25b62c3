package storetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"supportbot"
)

// testNodes has two processes share the data.
func testNodes(t *testing.T, open func(t *testing.T) Store) {
	a, b := open(t), open(t)
	backlog := func(s Store, want ...supportbot.ThreadID) {
		t.Helper()
		got, err := s.Backlog(t.Context(), 9)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("backlog %v, %v; want %v", got, err, want)
		}
	}
	mei := accept(t, a, says("mei", "1", "hello")).Thread
	accept(t, b, says("mei", "2", "hello?")) // in a lane that a works on
	backlog(a, mei)
	backlog(b)
	commit(t, b, answer(t, b, mei)) // a lease keeps nobody from working: it is b's now
	backlog(a)
	backlog(b, mei)
	commit(t, a, answer(t, a, mei))
	accept(t, b, says("mei", "3", "still there?")) // the lane was idle
	backlog(a)
	backlog(b, mei)

	// A process that has gone silent loses its lanes, and what it does late is
	// refused.
	late := answer(t, b, mei)
	for deadline := time.Now().Add(8 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if got, err := a.Backlog(t.Context(), 9); err != nil || len(got) > 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("nobody takes over after eight seconds")
		}
	}
	commit(t, a, answer(t, a, mei))
	if err := b.Commit(t.Context(), late); !errors.Is(err, supportbot.ErrFenced) {
		t.Errorf("the turn that comes too late: %v, want ErrFenced", err)
	}

	// One that is closed gives them back at once.
	ann := accept(t, b, says("ann", "1", "hello")).Thread
	backlog(a)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	backlog(a, ann)
}

// testCasesMark looks for changes as another process sees them.
func testCasesMark(t *testing.T, s Store) {
	seen := map[int64]string{}
	changes := func(what string) {
		t.Helper()
		mark, err := s.CasesMark(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if before, ok := seen[mark]; ok {
			t.Errorf("%s looks like %s", what, before)
		}
		seen[mark] = what
	}
	changes("no case")
	play(t, s, "mei", opens("1-1"))
	changes("a case")
	play(t, s, "mei", func(*supportbot.Commit) {})
	changes("a message in its conversation")
	play(t, s, "ann", opens("2-1"))
	changes("a second case")
	play(t, s, "mei", func(c *supportbot.Commit) { opens("1-1")(c); c.Case.State = supportbot.CaseDone })
	changes("the end of the first")
}
