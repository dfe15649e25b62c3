package storetest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"supportbot"
)

func testDrafts(t *testing.T, s Store) {
	play(t, s, "mei", opens("1-1"))
	keep := func(agent string, d supportbot.Draft, want error) {
		t.Helper()
		if err := s.SetDraft(t.Context(), "1-1", agent, d); !errors.Is(err, want) {
			t.Fatalf("keep %+v: %v, want %v", d, err, want)
		}
	}
	has := func(agent string, want supportbot.Draft) {
		t.Helper()
		if d, err := s.Draft(t.Context(), "1-1", agent); err != nil || d != want {
			t.Errorf("the draft of %s is %+v, %v; want %+v", agent, d, err, want)
		}
	}
	seated := func(want ...supportbot.Seat) {
		t.Helper()
		seats, err := s.Seats(t.Context(), "1-1")
		if diff := cmp.Diff(want, seats, cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Errorf("who looks (-want +got), %v:\n%s", err, diff)
		}
	}
	none, begun := supportbot.Draft{}, supportbot.Draft{Text: "Please", Note: "calls again"}
	has("li", none)
	seated()
	if err := s.Sit(t.Context(), "1-1", "wang"); err != nil {
		t.Fatal(err)
	}
	has("wang", none)
	keep("li", supportbot.Draft{Text: "P"}, nil)
	keep("li", begun, nil)
	has("li", begun)
	has("wang", none)
	seated(supportbot.Seat{Agent: "li", Typing: true}, supportbot.Seat{Agent: "wang"})
	keep("wang", none, nil)
	if n, err := s.CutSeats(t.Context(), 9); n > 0 || err != nil {
		t.Errorf("of a live case %d were cut, %v", n, err)
	}
	keep("li", none, nil)
	has("li", none)
	seated(supportbot.Seat{Agent: "li"}, supportbot.Seat{Agent: "wang"})

	keep("li", begun, nil)
	play(t, s, "mei", func(c *supportbot.Commit) {
		opens("1-1")(c)
		c.Case.State, c.Case.Fence = supportbot.CaseClosed, 2
	})
	has("li", none)
	keep("li", begun, supportbot.ErrNotFound)
	if err := s.Sit(t.Context(), "1-1", "chen"); err != nil {
		t.Fatal(err)
	}
	if n, err := s.CutSeats(t.Context(), 1); n != 1 || err != nil {
		t.Errorf("cut %d, %v; want 1", n, err)
	}
	if n, err := s.CutSeats(t.Context(), 9); n != 1 || err != nil {
		t.Errorf("cut %d more, %v; want 1", n, err)
	}
}
