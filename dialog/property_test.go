package dialog

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"supportbot"
)

// anyEvent draws an event, sensible or not, for a session.
func anyEvent(t *rapid.T, book *Book, s Session) Event {
	q := Expected(book, s)
	values := []string{"", "yes", "no", "none", "app", "X1", "1234", "13800138000", "topic:forgot-password", "topic:errand", "topic:nothing", "flow:menu", "flow:second",
		"control:agent", "control:leave", "control:contact", "control:cancel", "control:nonsense", "language:en", "language:xx", ":", "{goal}"}
	for _, o := range q.Slot.Options {
		values = append(values, o.Value, o.Value)
	}
	slots := []string{"", q.Slot.Name, q.Slot.Name, "brand", "model", "contact", "topic"}
	topics := []string{"forgot-password", "suspected-fraud", "errand", "second", "third", "fact", "reconciliation", "flow:talk-to-agent", "flow:pattern-contact", "x"}
	command := rapid.Custom(func(t *rapid.T) supportbot.Command {
		return supportbot.Command{
			Kind:   rapid.SampledFrom(append(order, "leave", "", supportbot.CmdFill, supportbot.CmdFill, supportbot.CmdStart)).Draw(t, "command"),
			Topic:  rapid.SampledFrom(topics).Draw(t, "topic"),
			Topics: rapid.SliceOfN(rapid.SampledFrom(topics), 0, 4).Draw(t, "topics"),
			Slot:   rapid.SampledFrom(slots).Draw(t, "slot"),
			Value:  rapid.SampledFrom(values).Draw(t, "value"),
		}
	})
	return Event{
		Kind:     rapid.SampledFrom([]EventKind{Opened, Said, Said, Said, Chose, Chose, Pressed, Silence, HungUp, Moved, Joined, Left, Judged, Closed, Waited, "nonsense"}).Draw(t, "event"),
		Commands: rapid.SliceOfN(command, 0, 3).Draw(t, "commands"),
		Choice:   rapid.SampledFrom(values).Draw(t, "choice"),
		Digits:   rapid.SampledFrom([]string{"", "0", "1", "2", "8", "9", "12#", "13800138000"}).Draw(t, "digits"),
		Language: rapid.SampledFrom([]supportbot.Language{"", "zh", "en", "fr"}).Draw(t, "language"),
		Masked:   rapid.SampledFrom([][]string{nil, nil, {"card"}}).Draw(t, "masked"),
		Agent:    "Lin",
		Verdict:  rapid.SampledFrom([]supportbot.Verdict{"verified", "failed", "inconclusive", "refused", "unavailable", "handled", "nonsense", ""}).Draw(t, "verdict"),
	}
}

// TestAnyConversation walks real and small content with any events in any
// order, and now and then changes the content under the conversation.
func TestAnyConversation(t *testing.T) {
	testBook, err := Load(smallWith(t, "", ""), small)
	if err != nil {
		t.Fatal(err)
	}
	books := []*Book{content(t), testBook}
	rapid.Check(t, func(t *rapid.T) {
		book := books[rapid.IntRange(0, 1).Draw(t, "book")]
		s := Session{Channel: rapid.SampledFrom([]supportbot.Channel{"web", "voice", "sms"}).Draw(t, "channel")}
		now := time.Date(2026, 1, 6, 9, 0, 0, 0, time.UTC)
		verified, atHand := false, s // what a process remembers is never read from JSON
		for range rapid.IntRange(1, 40).Draw(t, "turns") {
			if rapid.IntRange(0, 30).Draw(t, "change") == 0 {
				other := books[rapid.IntRange(0, 1).Draw(t, "new book")]
				verified = verified && other == book
				book = other
			}
			now = now.Add(time.Duration(rapid.IntRange(1, 3000).Draw(t, "seconds")) * time.Second)
			e := anyEvent(t, book, s)
			e.At = now
			verified = verified || s.Case != nil && e.Kind == Judged && e.Verdict == supportbot.Verified
			before := mustJSON(t, s)
			after, effects := Step(book, s, e)
			if mustJSON(t, s) != before {
				t.Fatal("the session that went in was changed")
			}
			var read Session
			if err := json.Unmarshal([]byte(mustJSON(t, after)), &read); err != nil {
				t.Fatal(err)
			}
			again, same := Step(book, s, e)
			if mustJSON(t, again) != mustJSON(t, after) || mustJSON(t, same) != mustJSON(t, effects) {
				t.Fatal("the same turn came out differently")
			}
			remembered, same := Step(book, atHand, e)
			if mustJSON(t, remembered) != mustJSON(t, after) || mustJSON(t, same) != mustJSON(t, effects) {
				t.Fatal("a session that was not read from JSON goes on differently")
			}
			checkTurn(t, book, read, effects, verified)
			s, atHand = read, remembered
		}
	})
}

func checkTurn(t *rapid.T, book *Book, s Session, effects Effects, verified bool) {
	if len(mustJSON(t, s)) > 8<<10 {
		t.Fatalf("a session of %d bytes", len(mustJSON(t, s)))
	}
	if s.Case != nil && s.Case.Frame >= len(s.Stack) {
		t.Fatal("a case is live, and the flow that waits for it is gone")
	}
	if s.Case != nil && s.Case.Agent != "" && len(s.Stack) != s.Case.Frame+1 {
		t.Fatal("something is open above a frozen flow that an agent owns")
	}
	for _, r := range effects.Replies {
		if r.Text == "" || strings.Contains(r.Text, "{") || strings.Contains(r.Spoken, "{") {
			t.Fatalf("said %+v", r)
		}
	}
	for _, id := range effects.Visited {
		flow, step, _ := strings.Cut(id, "/")
		if book.flows[flow] != nil && book.flows[flow].step(step).Requires != "" && !verified {
			t.Fatalf("%s was run and nobody was ever verified", id)
		}
	}
	if len(s.Stack) > 0 {
		f := s.Stack[len(s.Stack)-1]
		switch do := book.flows[f.Flow].step(f.Step).do.(type) {
		case *ask:
			if f.NoMatch+f.NoInput > totalCap {
				t.Fatalf("%s/%s was asked %d times", f.Flow, f.Step, f.NoMatch+f.NoInput)
			}
		case *handoff:
			if s.Case == nil {
				t.Fatalf("%s/%s waits without a case", f.Flow, f.Step)
			}
		default:
			t.Fatalf("stands at %s/%s, a %T", f.Flow, f.Step, do)
		}
	}
}

func mustJSON(t *rapid.T, v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// FuzzLoad: whatever a file of flows holds, Load answers.
func FuzzLoad(f *testing.F) {
	for _, file := range []string{"testdata/content/flows/errand.yaml", "testdata/refused/asks-for-a-secret.yaml"} {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Fuzz(func(t *testing.T, flows string) {
		if len(flows) < 20_000 {
			_, _ = Load(smallWith(t, "zz.yaml", flows), small)
		}
	})
}
