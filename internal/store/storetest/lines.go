package storetest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supportbot"
	"supportbot/handoff"
)

func testLines(t *testing.T, s Store) {
	id := handoff.LineID{Case: "nobody's", Fence: 2, Try: 1}
	if _, err := s.AddLine(t.Context(), handoff.Line{LineID: id}); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("of no case: %v, want ErrNotFound", err)
	}
	if _, err := s.LastLine(t.Context(), "nobody's"); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("of no case: %v, want ErrNotFound", err)
	}
	id.Case = "1-1"
	play(t, s, "mei", func(c *supportbot.Commit) {
		c.Case = &supportbot.Case{ID: id.Case, State: supportbot.CaseActive, Owner: "li", Fence: 2, QueuedAt: noon}
	})
	line := handoff.Line{LineID: id, Agent: "li", Caller: handoff.Leg{Call: "CA1", Stage: handoff.Answered}, Place: "n=3"}
	for i := range 2 {
		if first, err := s.AddLine(t.Context(), line); err != nil || first != (i == 0) {
			t.Errorf("added for the %d. time: %v, %v", i+1, first, err)
		}
	}
	second := handoff.Line{LineID: handoff.LineID{Case: id.Case, Fence: 2, Try: 2}, Agent: "li"}
	if _, err := s.AddLine(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	line.Version, second.Version = 1, 1
	is := func(want handoff.Line) func(handoff.Line, error) {
		return func(got handoff.Line, err error) {
			t.Helper()
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("line (-want +got):\n%s%v", diff, err)
			}
		}
	}
	is(line)(s.Line(t.Context(), id))
	is(second)(s.LastLine(t.Context(), id.Case))

	line.Why, line.Over = handoff.NoAnswer, true
	if err := s.PutLine(t.Context(), line); err != nil {
		t.Fatal(err)
	}
	if err := s.PutLine(t.Context(), line); !errors.Is(err, supportbot.ErrFenced) {
		t.Errorf("changed since: %v, want ErrFenced", err)
	}
	line.Version++
	is(line)(s.Line(t.Context(), id))
	live, err := s.LiveLines(t.Context(), 10)
	if diff := cmp.Diff([]handoff.Line{second}, live); diff != "" || err != nil {
		t.Errorf("live (-want +got):\n%s%v", diff, err)
	}
}

func testPhone(t *testing.T, s Store) {
	addAgents(t, s)
	is := func(name, want string) {
		t.Helper()
		if got, err := s.Phone(t.Context(), name); err != nil || got != want {
			t.Errorf("telephone of %s: %q, %v; want %q", name, got, err, want)
		}
	}
	is("li", "")
	for _, number := range []string{"+4930901820", "+8613800138000", ""} {
		if err := s.SetPhone(t.Context(), "li", number, "安"); err != nil {
			t.Fatal(err)
		}
		is("li", number)
		is("安", "")
	}
	if err := s.SetPhone(t.Context(), "nobody", "+4930901820", ""); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("of nobody: %v, want ErrNotFound", err)
	}
	if _, err := s.Phone(t.Context(), "nobody"); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("of nobody: %v, want ErrNotFound", err)
	}
}
