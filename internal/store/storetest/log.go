package storetest

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supportbot"
	"supportbot/internal/replay"
)

// testLog compares the log of a conversation with what was accepted and
// committed: all of it, as it was written, and nothing of its neighbours.
func testLog(t *testing.T, s Store) {
	var want replay.Log
	for i, text := range []string{"hello", "again"} {
		in := says("mei", text, text)
		id := accept(t, s, in).Thread
		play(t, s, "other", func(*supportbot.Commit) {})
		c := answer(t, s, id)
		c.Session = json.RawMessage(`{"b":  1, "a": 2}`) // bytes that encoding it again would change
		c.Timers = []supportbot.Timer{{Kind: supportbot.TimerSilence, Gen: c.Version, Due: noon}}
		if i == 1 {
			c.Case = &supportbot.Case{ID: "1-1", Thread: id, State: supportbot.CaseWaiting, QueuedAt: noon}
		}
		commit(t, s, c)

		inbound, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		outcome, err := json.Marshal(c.Outcome)
		if err != nil {
			t.Fatal(err)
		}
		want.Rows = append(want.Rows, replay.Row{Seq: int64(i) + 1, ID: in.ID, Inbound: inbound, Outcome: outcome})
		want.Events = append(want.Events, c.Events...)
		want.Messages = append(want.Messages, c.Messages...)
	}
	accept(t, s, says("mei", "unhandled", "unhandled"))
	want.Thread = threadOf(t, s, "mei")
	var err error
	if want.Case, err = json.Marshal(want.Thread.Case); err != nil {
		t.Fatal(err)
	}
	got, err := s.Log(t.Context(), want.Thread.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	if _, err := s.Log(t.Context(), 1000); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("log of nobody: %v", err)
	}
}

// testConversations walks all conversations, page by page.
func testConversations(t *testing.T, s Store) {
	var want []supportbot.ThreadID
	for _, peer := range []string{"a", "b", "c", "d", "e"} {
		want = append(want, accept(t, s, says(peer, "1", "hello")).Thread)
	}
	slices.Reverse(want)
	var got []supportbot.ThreadID
	before := supportbot.ThreadID(0)
	for {
		page, err := s.Conversations(t.Context(), before, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		got = append(got, page...)
		before = page[len(page)-1]
	}
	if !slices.Equal(got, want) {
		t.Errorf("conversations %v, want %v", got, want)
	}
}
