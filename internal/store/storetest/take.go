package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supportbot"
)

// first is the turn of the first message of a conversation.
func first(text string) supportbot.Commit {
	c := supportbot.Commit{Seq: 1, Session: json.RawMessage(`{"turn": 1}`), Messages: []supportbot.Message{
		{Seq: 1, From: supportbot.FromUser, Text: text, At: noon}, {Seq: 2, From: supportbot.FromBot, Text: "hello", At: noon},
	}}
	c.Outcome = supportbot.Outcome{Seq: 1, Replies: c.Messages[1:], Flow: text}
	return c
}

func testTakeFirst(t *testing.T, s Store) {
	in := says("new", "1", "hi")
	r, err := s.Take(t.Context(), in, digest(in), first("hi"))
	if err != nil || r.Thread == 0 || r.Seq != 1 || r.Outcome != nil {
		t.Fatalf("took %+v, %v", r, err)
	}
	want := supportbot.Thread{ID: r.Thread, Address: in.Address, Version: 1, Head: 1, Tail: 1, LastSeq: 2, Session: json.RawMessage(`{"turn": 1}`)}
	if diff := cmp.Diff(want, threadOf(t, s, "new")); diff != "" {
		t.Errorf("conversation (-want +got):\n%s", diff)
	}
	again, err := s.Take(t.Context(), in, digest(in), first("hi"))
	if err != nil || again.Thread != r.Thread || again.Seq != 1 || again.Outcome == nil {
		t.Fatalf("a repeat: %+v, %v", again, err)
	}
	if diff := cmp.Diff(first("hi").Outcome, *again.Outcome); diff != "" {
		t.Errorf("its outcome (-want +got):\n%s", diff)
	}
	if _, err := s.Take(t.Context(), in, []byte("another body"), first("hi")); !errors.Is(err, supportbot.ErrConflict) {
		t.Errorf("another body: %v, want ErrConflict", err)
	}
	other := says("new", "2", "me too")
	if _, err := s.Take(t.Context(), other, digest(other), first("me too")); !errors.Is(err, supportbot.ErrFenced) {
		t.Errorf("not the first: %v, want ErrFenced", err)
	}
	play(t, s, "new", func(*supportbot.Commit) {})
}

func testTakeFirstAtOnce(t *testing.T, s Store) {
	var taken atomic.Int64
	atOnce(func(i int) {
		in := says("new", fmt.Sprint(i), "hi")
		_, err := s.Take(t.Context(), in, digest(in), first("hi"))
		switch {
		case err == nil:
			taken.Add(1)
		case !errors.Is(err, supportbot.ErrFenced):
			t.Error(err)
		}
	})
	if taken.Load() != 1 {
		t.Errorf("%d messages were the first", taken.Load())
	}
	if got := threadOf(t, s, "new"); got.Tail != 1 || got.Version != 1 || got.LastSeq != 2 {
		t.Errorf("conversation %+v", got)
	}
}
