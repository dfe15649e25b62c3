package storetest

import (
	"errors"
	"testing"
	"time"

	"supportbot"
)

func testGoOn(t *testing.T, s Store) {
	const number, other, most = "+8613800138000", "+8613900139000", 2
	at := func(peer string) supportbot.Address { return says(peer, "", "").Address }
	if kept, err := s.GoOn(t.Context(), at("nobody"), number, most); kept || !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("of no call: %v, %v", kept, err)
	}
	if _, err := s.GoesOn(t.Context(), at("nobody")); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("where no call goes on: %v", err)
	}
	if _, _, err := s.Call(t.Context(), number); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("the call of a number that has none: %v", err)
	}
	for _, peer := range []string{"one", "two", "three", "four"} {
		play(t, s, peer, func(*supportbot.Commit) {})
	}
	for _, step := range []struct {
		call, number string
		kept         bool
		latest       string // of number
	}{
		{"one", number, true, "one"},
		{"one", other, true, ""}, // it stays where it went first
		{"two", number, true, "two"},
		{"two", number, true, "two"}, // again
		{"three", number, false, "two"},
		{"four", other, true, "four"},
	} {
		time.Sleep(2 * time.Millisecond) // the clock of the database may count these
		kept, err := s.GoOn(t.Context(), at(step.call), step.number, most)
		if err != nil || kept != step.kept {
			t.Errorf("%+v: kept is %v, %v", step, kept, err)
		}
		call, since, err := s.Call(t.Context(), step.number)
		if step.latest == "" && errors.Is(err, supportbot.ErrNotFound) {
			continue
		}
		if err != nil || call != at(step.latest) || since.IsZero() {
			t.Errorf("%+v: the latest is %v since %v, %v", step, call, since, err)
		}
	}
	if got, err := s.GoesOn(t.Context(), at("one")); err != nil || got != number {
		t.Errorf("the first goes on at %q, %v", got, err)
	}
	if _, err := s.GoesOn(t.Context(), at("three")); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("the third goes on: %v", err)
	}
}
