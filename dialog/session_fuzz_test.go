package dialog

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"supportbot"
)

// FuzzSession: whatever a store holds as a session of other content, the
// conversation goes on from it: a turn ends, leaves a session that can be kept
// and read again, and runs no step that requires an identity which no human has
// verified.
func FuzzSession(f *testing.F) {
	book, err := Load(smallWith(f, "", ""), small)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []Session{
		{}, {Stack: []Frame{{Flow: "errand", Step: "gone", Trail: []string{"gone"}, Behind: 1}}},
		{Stack: []Frame{{Flow: "errand"}, {Flow: "gone", Called: true}}, Case: &Frozen{Frame: 1, Verifies: true}},
		Standing(book, "errand", "brand", map[string]string{"brand": "X1"}, time.Unix(0, 0)),
	} {
		data, err := json.Marshal(s)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, uint8(0), "brand")
	}
	f.Add([]byte(`{"stack":[{"flow":"errand","again":true,"done":{"agent":"verified","check":"verified"},"slots":{"brand":"X1"}}]}`), uint8(1), "X1")
	f.Add([]byte(`{"case":{"frame":-1},"stack":[{"behind":-1,"trail":["x"]}]}`), uint8(1), "X1")
	f.Add([]byte(`{"case":{"frame":9},"stack":[{"called":true},{"called":true}],"known":null}`), uint8(2), "")
	kinds := []EventKind{Opened, Said, Chose, Pressed, Silence, HungUp, Moved, Joined, Left, Judged, Waited, Closed}
	f.Fuzz(func(t *testing.T, data []byte, kind uint8, said string) {
		var s Session
		if len(data) > 2000 || json.Unmarshal(data, &s) != nil {
			return
		}
		s.Version = "another"
		e := Event{
			Kind: kinds[int(kind)%len(kinds)], At: time.Unix(1e9, 0), Choice: said, Digits: said, Verdict: supportbot.Failed,
			Commands: []supportbot.Command{{Kind: supportbot.CmdFill, Slot: Expected(book, Adapt(book, s)).Slot.Name, Value: said}},
		}
		after, effects := Step(book, s, e)
		kept, err := json.Marshal(after)
		if err != nil {
			t.Fatal(err)
		}
		var again Session
		if err := json.Unmarshal(kept, &again); err != nil {
			t.Fatalf("%s cannot be read again: %v", kept, err)
		}
		proven := slices.ContainsFunc(s.Stack, func(f Frame) bool { return f.Proof != nil })
		for _, id := range effects.Visited {
			flow, step, _ := strings.Cut(id, "/")
			if f := book.flows[flow]; f != nil && f.step(step).Requires != "" && !proven {
				t.Fatalf("%s was run and nobody was ever verified", id)
			}
		}
		for _, r := range effects.Replies {
			if r.Text == "" {
				t.Fatalf("said nothing: %+v", r)
			}
		}
		if e.Kind != Opened {
			Step(book, again, Event{Kind: Opened, At: e.At})
		}
	})
}
