package replay_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"supportbot"
	"supportbot/internal/replay"
	"supportbot/internal/store"
	"supportbot/internal/turn"
)

// TestAnyConversationReplaysToTheSameBytes: whatever persons, agents and timers
// did. On the content that it ran on, nothing would be said otherwise.
func TestAnyConversationReplaysToTheSameBytes(t *testing.T) {
	library := &shelf{versions: realContents(t)}
	s := openStore(t)
	bot := turn.New(s, []byte("key"), library, slog.New(slog.DiscardHandler))
	runs, anew, changed := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		runs++
		channel := rapid.SampledFrom([]supportbot.Channel{supportbot.Web, supportbot.Voice, supportbot.REST}).Draw(t, "channel")
		w := &walk{Path: bot, at: supportbot.Address{Channel: channel, Peer: fmt.Sprint("walk-", runs)}}
		w.says(t)
		t.Repeat(map[string]func(*rapid.T){
			"says": w.says, "chooses": w.chooses, "chooses again": w.chooses, "does": w.does, "acts": w.acts, "acts again": w.acts, "waits": w.waits, "publishes": library.publish,
		})
		thread, err := s.Thread(t.Context(), w.at)
		if err != nil {
			t.Fatal(err)
		}
		l, err := s.Log(t.Context(), thread.ID)
		if err != nil {
			t.Fatal(err)
		}
		err = replay.Verify(l, library.version)
		if errors.Is(err, replay.ErrRemasked) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := replay.Verify(damaged(t, l), library.version); err == nil {
			t.Fatal("a damaged log replays")
		}
		if w.failed {
			anew++
			return
		}
		ran := versionsOf(t, l)
		if len(ran) > 1 {
			changed++
			return
		}
		content, err := library.version(ran[0])
		if err != nil {
			t.Fatal(err)
		}
		c, err := replay.Compare(l, content)
		if err != nil || !c.Same() {
			t.Fatalf("on its own content: %v, %+v", err, c)
		}
	})
	seen := verifyAll(t, s, library)
	seen["began anew"], seen["changed version"] = anew, changed
	t.Log(seen)
	for _, what := range []string{"began anew", "changed version", "case", "agent", "timer silence", "timer wait", "timer lease", "masked"} {
		if seen[what] == 0 {
			t.Errorf("the walks are too tame: no %s in %v", what, seen)
		}
	}
}

// verifyAll replays all conversations once more, since timers went on firing in
// them, and counts what is in them.
func verifyAll(t *testing.T, s *store.Store, library *shelf) map[string]int {
	seen := map[string]int{}
	ids, err := s.Conversations(t.Context(), 0, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		l, err := s.Log(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		switch err := replay.Verify(l, library.version); {
		case errors.Is(err, replay.ErrRemasked):
			seen["remasked"]++
		case err != nil:
			t.Errorf("conversation %d: %v", id, err)
		}
		if l.Case != nil {
			seen["case"]++
		}
		for _, row := range l.Rows {
			var in supportbot.Inbound
			if err := json.Unmarshal(row.Inbound, &in); err != nil {
				t.Fatal(err)
			}
			seen["turns"]++
			switch {
			case in.Timer != nil:
				seen["timer "+string(in.Timer.Kind)]++
			case in.Agent != nil:
				seen["agent"]++
			case len(in.Masked) > 0:
				seen["masked"]++
			}
		}
	}
	return seen
}

// versionsOf lists the versions on which the turns of a conversation ran.
func versionsOf(t *rapid.T, l replay.Log) []string {
	var ran []string
	for _, e := range l.Events {
		var began turn.Began
		if e.Type != turn.LogTurn {
			continue
		}
		if err := json.Unmarshal(e.Payload, &began); err != nil {
			t.Fatal(err)
		}
		ran = append(ran, began.Content)
	}
	slices.Sort(ran)
	return slices.Compact(ran)
}

// damaged is a log with one byte changed. What was read, and how the desk stood, is
// left out: what leads to the same answers is as good as what was logged.
func damaged(t *rapid.T, l replay.Log) replay.Log {
	l.Rows, l.Events, l.Messages = slices.Clone(l.Rows), slices.Clone(l.Events), slices.Clone(l.Messages)
	change := func(data []byte) []byte {
		data = slices.Clone(data)
		i := rapid.IntRange(0, len(data)-1).Draw(t, "byte")
		data[i] ^= 1
		return data
	}
	places := []func(){
		func() { l.Thread.Session = change(l.Thread.Session) },
		func() {
			row := &l.Rows[rapid.IntRange(0, len(l.Rows)-1).Draw(t, "row")]
			row.Outcome = change(row.Outcome)
		},
		func() {
			e := &l.Events[rapid.IntRange(0, len(l.Events)-1).Draw(t, "event")]
			if e.Type == "dialog" || bytes.Contains(e.Payload, []byte(`"desk":`)) {
				e.Type = string(change([]byte(e.Type)))
			} else {
				e.Payload = change(e.Payload)
			}
		},
		func() {
			m := &l.Messages[rapid.IntRange(0, len(l.Messages)-1).Draw(t, "message")]
			m.Text = string(change([]byte(m.Text)))
		},
	}
	if l.Case != nil {
		places = append(places, func() { l.Case = change(l.Case) })
	}
	places[rapid.IntRange(0, len(places)-1).Draw(t, "place")]()
	return l
}
