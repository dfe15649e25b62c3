package console

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"supportbot"
)

// However much is guessed, and from however many addresses, the log stays small,
// and tells of every guess.
func TestAnyGuessingIsCountedInFewRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r guesses
		now := time.Unix(1_700_000_000, 0)
		end := now.Add(time.Hour)
		made := rapid.IntRange(1, 1000).Draw(t, "guesses")
		networks := rapid.IntRange(1, 2*guessesKept).Draw(t, "networks")
		told, rows := 0, 0
		write := func(acts []supportbot.Audited) {
			for _, act := range acts {
				rows++
				told += guessesIn(t, act)
			}
		}
		for i := range made {
			from := fmt.Sprint(rapid.IntRange(0, networks).Draw(t, "from"))
			write(r.note(guess{name: "li", why: "password", from: from}, now))
			if now.Before(end) && i%7 == 0 {
				now = now.Add(time.Second)
			}
			if rapid.IntRange(0, 50).Draw(t, "tick") == 0 {
				write(r.ended(now))
			}
		}
		windows := int(now.Sub(time.Unix(1_700_000_000, 0))/guessesWindow) + 1
		write(r.all())
		if told != made {
			t.Fatalf("%d guesses were made and %d are told of", made, told)
		}
		if most := 2 * windows * (guessesKept + 1); rows > most {
			t.Fatalf("%d rows, at most %d", rows, most)
		}
		if len(r.open) != 0 {
			t.Fatalf("%d are remembered at the end", len(r.open))
		}
	})
}

func guessesIn(t *rapid.T, act supportbot.Audited) int {
	more, counted := act.Details["more"]
	if !counted {
		return 1
	}
	var n int
	if _, err := fmt.Sscan(more, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestRefusalsOfOneNetworkAreTwoRowsAWindow(t *testing.T) {
	var r guesses
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	key := guess{name: "li", why: "password", from: "203.0.113.9/32"}
	first := map[string]string{"for": "password", "network": "203.0.113.9/32"}
	if acts := r.note(key, now); len(acts) != 1 || !maps.Equal(acts[0].Details, first) || acts[0].Subject != "li" || acts[0].Action != supportbot.LoginRefused {
		t.Errorf("the first is %+v", acts)
	}
	for range 999 {
		if acts := r.note(key, now.Add(time.Minute)); len(acts) != 0 {
			t.Fatalf("another is %+v", acts)
		}
	}
	if acts := r.ended(now.Add(guessesWindow)); len(acts) != 0 {
		t.Errorf("before the window ends: %+v", acts)
	}
	rest := map[string]string{"for": "password", "network": "203.0.113.9/32", "more": "999", "since": "2026-11-23T09:00:00Z"}
	acts := r.note(key, now.Add(guessesWindow+time.Second))
	if len(acts) != 2 || !maps.Equal(acts[0].Details, rest) || !maps.Equal(acts[1].Details, first) {
		t.Errorf("after the window the next is %+v", acts)
	}
	r.note(key, now.Add(guessesWindow+time.Second))
	r.note(guess{name: "wang", why: "password"}, now.Add(guessesWindow+time.Second))
	if acts := r.about("li"); len(acts) != 1 || acts[0].Details["more"] != "1" {
		t.Errorf("before li is let in: %+v", acts)
	}
	if acts := r.all(); len(acts) != 0 || len(r.open) != 0 {
		t.Errorf("of wang, who slipped once, there is more: %+v", acts)
	}
}
