package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supportbot"
	"supportbot/internal/turn"
)

// everything changes all that a turn can.
func everything(c *supportbot.Commit) {
	c.Case = &supportbot.Case{
		ID: "case-1", State: supportbot.CaseWaiting, Reason: "bind", Priority: supportbot.High, Channel: supportbot.Web,
		Language: supportbot.English, QueuedAt: noon, Fence: 2,
		Packet: supportbot.Packet{
			Goal: "bind the terminal", Slots: []supportbot.PacketSlot{{Name: "light", Label: "red", Value: "r"}},
			Tried: []string{"restart"}, Next: map[supportbot.Verdict]string{supportbot.Verified: "go on"},
		},
	}
	c.Timers = []supportbot.Timer{
		{Kind: supportbot.TimerSilence, Gen: c.Version, Due: noon.Add(time.Hour)},
		{Kind: supportbot.TimerWait, Gen: c.Version, Due: noon.Add(time.Minute)},
	}
	c.Outcome.Case = c.Case.Ref()
}

// check compares the conversation with what c, its first turn, made of it.
func check(t *testing.T, s Store, c supportbot.Commit) {
	t.Helper()
	want := supportbot.Thread{
		ID: c.Thread, Address: supportbot.Address{Channel: supportbot.Web, Peer: "mei"},
		Version: 1, LastSeq: 2, Session: c.Session, Timers: c.Timers,
	}
	held := *c.Case
	held.Thread = c.Thread
	want.Case = &held
	got := threadOf(t, s, "mei")
	want.Head, want.Tail = 1, got.Tail
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("conversation (-want +got):\n%s", diff)
	}
	outcome, err := s.Outcome(t.Context(), c.Thread, c.Seq)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c.Outcome, outcome); diff != "" {
		t.Errorf("outcome (-want +got):\n%s", diff)
	}
	messages, err := s.Messages(t.Context(), c.Thread, 0, 9)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c.Messages, messages); diff != "" {
		t.Errorf("transcript (-want +got):\n%s", diff)
	}
}

func testWhole(t *testing.T, s Store) {
	c := answer(t, s, accept(t, s, says("mei", "1", "hello")).Thread)
	everything(&c)
	commit(t, s, c)
	check(t, s, c)

	// The next turn replaces the session, even by nothing.
	play(t, s, "mei", func(c *supportbot.Commit) { c.Session = nil })
	if got := threadOf(t, s, "mei"); got.Session != nil || got.Version != 2 {
		t.Errorf("session %s, version %d", got.Session, got.Version)
	}
}

func testRestart(t *testing.T, open func(t *testing.T) Store) {
	s := open(t)
	in := says("mei", "1", "hello")
	c := answer(t, s, accept(t, s, in).Thread)
	everything(&c)
	commit(t, s, c)
	accept(t, s, says("mei", "2", "anybody there?"))
	secret, err := s.Secret(t.Context(), "digest")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s = open(t)
	check(t, s, c)
	if r := accept(t, s, in); r.Outcome == nil {
		t.Error("the outcome of a repeat is forgotten")
	}
	if c2 := answer(t, s, c.Thread); c2.Seq != 2 || c2.Messages[0].Text != "anybody there?" {
		t.Errorf("next row %+v", c2)
	}
	if again, err := s.Secret(t.Context(), "digest"); err != nil || string(again) != string(secret) {
		t.Errorf("secret is %x, %v; was %x", again, err, secret)
	}
}

func testFenced(t *testing.T, s Store) {
	id := accept(t, s, says("mei", "1", "hello")).Thread
	accept(t, s, says("mei", "2", "hello?"))
	before := threadOf(t, s, "mei")
	for name, change := range map[string]func(*supportbot.Commit){
		"version of the past":   func(c *supportbot.Commit) { c.Version-- },
		"version of the future": func(c *supportbot.Commit) { c.Version++ },
		"row of the future":     func(c *supportbot.Commit) { c.Seq++ },
		"row of the past":       func(c *supportbot.Commit) { c.Seq-- },
		"no such conversation":  func(c *supportbot.Commit) { c.Thread += 1000 },
	} {
		c := answer(t, s, id)
		everything(&c)
		change(&c)
		if err := s.Commit(t.Context(), c); !errors.Is(err, supportbot.ErrFenced) {
			t.Errorf("%s: %v, want ErrFenced", name, err)
		}
	}
	unchanged(t, s, before, 1)

	commit(t, s, answer(t, s, id))
	c := answer(t, s, id)
	commit(t, s, c)
	for _, seq := range []int64{c.Seq, c.Seq + 1} { // handled, and not there yet
		c.Seq, c.Version = seq, 2
		if err := s.Commit(t.Context(), c); !errors.Is(err, supportbot.ErrFenced) {
			t.Errorf("turn of row %d, with none waiting: %v, want ErrFenced", seq, err)
		}
	}
}

func testTake(t *testing.T, s Store) {
	play(t, s, "mei", func(*supportbot.Commit) {})
	thread := threadOf(t, s, "mei")
	in := says("mei", "at once", "hello")
	turnOf := func(change func(*supportbot.Commit)) supportbot.Commit {
		c := supportbot.Commit{
			Thread: thread.ID, Seq: thread.Tail + 1, Version: thread.Version, Session: json.RawMessage(`{"turn": 2}`),
			Messages: []supportbot.Message{{Seq: thread.LastSeq + 1, From: supportbot.FromBot, Text: "at once", At: noon}},
			Outcome:  supportbot.Outcome{Flow: "at once"},
		}
		change(&c)
		return c
	}
	for name, change := range map[string]func(*supportbot.Commit){
		"another version":      func(c *supportbot.Commit) { c.Version++ },
		"a row of the past":    func(c *supportbot.Commit) { c.Seq-- },
		"a row of the future":  func(c *supportbot.Commit) { c.Seq++ },
		"another conversation": func(c *supportbot.Commit) { c.Thread++ },
	} {
		if _, err := s.Take(t.Context(), in, digest(in), turnOf(change)); !errors.Is(err, supportbot.ErrFenced) {
			t.Errorf("%s: %v, want ErrFenced", name, err)
		}
		if got := threadOf(t, s, "mei"); got.Tail != thread.Tail || got.Version != thread.Version {
			t.Fatalf("%s has left %+v", name, got)
		}
	}
	first := turnOf(func(*supportbot.Commit) {})
	if r, err := s.Take(t.Context(), in, digest(in), first); err != nil || r != (turn.Receipt{Thread: thread.ID, Seq: first.Seq}) {
		t.Fatalf("took %+v, %v", r, err)
	}
	if got := threadOf(t, s, "mei"); got.Head != first.Seq || got.Tail != first.Seq || string(got.Session) != `{"turn": 2}` {
		t.Errorf("then the conversation is %+v", got)
	}
	if r, err := s.Take(t.Context(), in, digest(in), first); err != nil || r.Seq != first.Seq || r.Outcome == nil || r.Outcome.Flow != "at once" {
		t.Errorf("a repeat: %+v, %v", r, err)
	}
	if _, err := s.Take(t.Context(), in, []byte("another body"), first); !errors.Is(err, supportbot.ErrConflict) {
		t.Errorf("another body: %v, want ErrConflict", err)
	}

	accept(t, s, says("mei", "in line", "hello?"))
	thread = threadOf(t, s, "mei")
	in = says("mei", "jumps the line", "me first")
	if _, err := s.Take(t.Context(), in, digest(in), turnOf(func(*supportbot.Commit) {})); !errors.Is(err, supportbot.ErrFenced) {
		t.Errorf("past one that waits: %v, want ErrFenced", err)
	}
}

// unchanged checks that a refused turn has left nothing behind.
func unchanged(t *testing.T, s Store, before supportbot.Thread, next int64) {
	t.Helper()
	if diff := cmp.Diff(before, threadOf(t, s, before.Address.Peer)); diff != "" {
		t.Errorf("conversation has changed (-before +after):\n%s", diff)
	}
	if m, err := s.Messages(t.Context(), before.ID, before.LastSeq, 9); err != nil || len(m) != 0 {
		t.Errorf("messages %+v, %v", m, err)
	}
	if _, row, err := s.Next(t.Context(), before.ID); err != nil || row.Seq != next {
		t.Errorf("next row is %d, %v; want %d", row.Seq, err, next)
	}
	if o, err := s.Outcome(t.Context(), before.ID, next); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("outcome %+v, %v", o, err)
	}
}

func testCommitAtOnce(t *testing.T, s Store) {
	id := accept(t, s, says("mei", "1", "hello")).Thread
	accept(t, s, says("mei", "2", "hello?"))
	var won atomic.Pointer[supportbot.Commit]
	read := answer(t, s, id)
	atOnce(func(i int) {
		c := read
		c.Session, _ = json.Marshal(i)
		switch err := s.Commit(t.Context(), c); {
		case err == nil:
			if other := won.Swap(&c); other != nil {
				t.Errorf("turns %s and %s both won", other.Session, c.Session)
			}
		case !errors.Is(err, supportbot.ErrFenced):
			t.Error(err)
		}
	})
	if won.Load() == nil {
		t.Fatal("no turn won")
	}
	got := threadOf(t, s, "mei")
	if string(got.Session) != string(won.Load().Session) || got.Version != 1 || got.LastSeq != 2 {
		t.Errorf("conversation %+v, want that of turn %s", got, won.Load().Session)
	}
}

func testDenseMessages(t *testing.T, s Store) {
	id := accept(t, s, says("mei", "1", "hello")).Thread
	before := threadOf(t, s, "mei")
	for _, seqs := range [][2]int64{{2, 3}, {1, 3}, {1, 1}, {0, 1}} {
		c := answer(t, s, id)
		c.Messages[0].Seq, c.Messages[1].Seq = seqs[0], seqs[1]
		if err := s.Commit(t.Context(), c); !errors.Is(err, supportbot.ErrInvalid) {
			t.Errorf("messages %v: %v, want ErrInvalid", seqs, err)
		}
	}
	unchanged(t, s, before, 1)
}

func testMessages(t *testing.T, s Store) {
	var id supportbot.ThreadID
	for range 3 {
		id = play(t, s, "mei", func(c *supportbot.Commit) {
			c.Messages[1].At = noon.In(time.FixedZone("CST", 8*3600))
		})
	}
	for _, c := range []struct {
		after int64
		limit int
		want  []int64
	}{
		{0, 9, []int64{1, 2, 3, 4, 5, 6}},
		{0, 2, []int64{1, 2}},
		{4, 9, []int64{5, 6}},
		{6, 9, nil},
	} {
		messages, err := s.Messages(t.Context(), id, c.after, c.limit)
		if err != nil {
			t.Fatal(err)
		}
		var got []int64
		for _, m := range messages {
			got = append(got, m.Seq)
			if !m.At.Equal(noon) {
				t.Errorf("message %d was written at %s, want %s", m.Seq, m.At, noon)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("after %d, limit %d (-want +got):\n%s", c.after, c.limit, diff)
		}
	}
}

func testContext(t *testing.T, s Store) {
	id := accept(t, s, says("mei", "1", "hello")).Thread
	c := answer(t, s, id)
	before := threadOf(t, s, "mei")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	in := says("mei", "2", "hello?")
	if _, err := s.Accept(ctx, in, digest(in)); !errors.Is(err, context.Canceled) {
		t.Errorf("Accept: %v", err)
	}
	if err := s.Commit(ctx, c); !errors.Is(err, context.Canceled) {
		t.Errorf("Commit: %v", err)
	}
	if _, _, err := s.Next(ctx, id); !errors.Is(err, context.Canceled) {
		t.Errorf("Next: %v", err)
	}
	unchanged(t, s, before, 1)
	commit(t, s, c)
	if _, row, err := s.Next(t.Context(), id); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("the row that Accept refused is there: %+v, %v", row, err)
	}
}
