package storetest

import (
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"supportbot"
	"supportbot/internal/delivery"
)

// sends commits a turn in the conversation of peer, who must be sent what others
// say.
func sends(t *testing.T, s Store, peer string) supportbot.ThreadID {
	t.Helper()
	return play(t, s, peer, func(c *supportbot.Commit) { c.Send = true })
}

// claims claims a conversation for a lease; one of 0 is over at once.
func claims(t *testing.T, s Store, id supportbot.ThreadID, lease time.Duration) delivery.Delivery {
	t.Helper()
	d, err := s.Claim(t.Context(), id, lease)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func nothingDue(t *testing.T, s Store, id supportbot.ThreadID) {
	t.Helper()
	if d, err := s.Claim(t.Context(), id, time.Hour); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("claimed %+v, %v; want ErrNotFound", d, err)
	}
	undelivered, err := s.Undelivered(t.Context(), supportbot.Web, 99)
	if err != nil || slices.Contains(undelivered, id) {
		t.Errorf("%d is among the undelivered %v, %v", id, undelivered, err)
	}
}

func settle(t *testing.T, s Store, d delivery.Delivery, r delivery.Result) {
	t.Helper()
	if err := s.Settle(t.Context(), d, r); err != nil {
		t.Fatal(err)
	}
}

var (
	sent  = delivery.Result{Status: delivery.Sent}
	again = delivery.Result{Status: delivery.Waiting, Error: "try again"}
)

func testOutboxOrder(t *testing.T, s Store) {
	id := sends(t, s, "mei")
	play(t, s, "mei", func(c *supportbot.Commit) { // of three messages two are for mei
		c.Send = true
		byAgent := supportbot.Message{Seq: c.Messages[1].Seq + 1, From: supportbot.FromAgent, Author: "li", Text: "hello", At: noon}
		c.Messages = append(c.Messages, byAgent)
	})
	sends(t, s, "mei")
	transcript, err := s.Messages(t.Context(), id, 0, 99)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for i, seq := range []int64{2, 4, 5, 7} {
		d := claims(t, s, id, time.Hour)
		want := delivery.Delivery{
			Thread: id, Seq: int64(i) + 1, Epoch: int64(i) + 1, Message: transcript[seq-1],
			To: supportbot.Address{Channel: supportbot.Web, Peer: "mei"}, History: delivery.History{Tries: 1},
		}
		if diff := cmp.Diff(want, d, cmpopts.IgnoreFields(d, "Key")); diff != "" {
			t.Errorf("claimed (-want +got):\n%s", diff)
		}
		if d.Key == "" || keys[d.Key] {
			t.Errorf("key %q of message %d is not its own", d.Key, seq)
		}
		keys[d.Key] = true
		nothingDue(t, s, id)
		settle(t, s, d, sent)
	}
	nothingDue(t, s, id)
	sends(t, s, "mei")
	if d := claims(t, s, id, time.Hour); d.Message.Seq != 9 {
		t.Errorf("after all was sent, message %d is claimed, want 9", d.Message.Seq)
	}
}

// What must not be sent is not in the outbox: what the turn does not ask for, and
// what a turn said that was discarded.
func testOutboxWithTurn(t *testing.T, s Store) {
	fetched := play(t, s, "fetches", func(*supportbot.Commit) {})
	nothingDue(t, s, fetched)

	id := accept(t, s, says("mei", "1", "hello")).Thread
	late := answer(t, s, id)
	late.Send, late.Version = true, 7
	if err := s.Commit(t.Context(), late); !errors.Is(err, supportbot.ErrFenced) {
		t.Fatalf("%v, want ErrFenced", err)
	}
	nothingDue(t, s, id)
	commit(t, s, answer(t, s, id))
	nothingDue(t, s, id)

	// A turn that is taken at once has its messages sent as well.
	in := says("mei", "2", "again")
	c := supportbot.Commit{Thread: id, Seq: 2, Version: 1, Send: true, Messages: []supportbot.Message{
		{Seq: 3, From: supportbot.FromBot, Text: "answer", At: noon},
	}}
	if _, err := s.Take(t.Context(), in, digest(in), c); err != nil {
		t.Fatal(err)
	}
	if d := claims(t, s, id, time.Hour); d.Message.Seq != 3 {
		t.Errorf("message %d is claimed, want 3", d.Message.Seq)
	}
}

func testOutboxUndelivered(t *testing.T, s Store) {
	a, b, c := sends(t, s, "a"), sends(t, s, "b"), sends(t, s, "c")
	lists := func(channel supportbot.Channel, limit int, want ...supportbot.ThreadID) {
		t.Helper()
		got, err := s.Undelivered(t.Context(), channel, limit)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("undelivered on %s, at most %d: %v, %v; want %v", channel, limit, got, err, want)
		}
	}
	lists(supportbot.REST, 9)
	lists(supportbot.Web, 2, a, b)
	time.Sleep(2 * time.Millisecond) // the clock of the database may count these
	settle(t, s, claims(t, s, a, time.Hour), again)
	lists(supportbot.Web, 9, b, c, a)
	paused := again
	paused.After = time.Hour
	settle(t, s, claims(t, s, b, time.Hour), paused)
	lists(supportbot.Web, 9, c, a)
	sends(t, s, "b") // waits behind what is paused
	lists(supportbot.Web, 9, c, a)
	nothingDue(t, s, b)
}

// A lease that ran out, as that of a process that died, passes to another.
func testOutboxLease(t *testing.T, s Store) {
	id := sends(t, s, "mei")
	first := claims(t, s, id, 0)
	second := claims(t, s, id, time.Hour)
	if second.Seq != first.Seq || second.Key != first.Key || second.Tries != 2 || !second.Unsure {
		t.Errorf("claimed %+v after %+v", second, first)
	}
	for _, r := range []delivery.Result{sent, again, {Status: delivery.Parked, All: true}} {
		if err := s.Settle(t.Context(), first, r); !errors.Is(err, supportbot.ErrFenced) {
			t.Errorf("settled by the first as %s: %v, want ErrFenced", r.Status, err)
		}
	}
	nothingDue(t, s, id) // the lease of the second holds
	settle(t, s, second, delivery.Result{Status: delivery.Waiting, History: delivery.History{Refusals: 1}})
	third := claims(t, s, id, time.Hour)
	if third.Key != first.Key || third.History != (delivery.History{Tries: 3, Refusals: 1}) {
		t.Errorf("claimed %+v", third)
	}
	settle(t, s, third, sent)
	if err := s.Settle(t.Context(), third, sent); !errors.Is(err, supportbot.ErrFenced) {
		t.Errorf("settled twice: %v, want ErrFenced", err)
	}
}

func testOutboxAtOnce(t *testing.T, s Store) {
	id := sends(t, s, "mei")
	sends(t, s, "mei")
	var won atomic.Int64
	atOnce(func(int) {
		_, err := s.Claim(t.Context(), id, time.Hour)
		switch {
		case err == nil:
			won.Add(1)
		case !errors.Is(err, supportbot.ErrNotFound):
			t.Error(err)
		}
	})
	if won.Load() != 1 {
		t.Errorf("%d have claimed the same conversation", won.Load())
	}
}

func testOutboxParked(t *testing.T, s Store) {
	id := sends(t, s, "mei")
	sends(t, s, "mei")
	hopeless := delivery.Result{Status: delivery.Parked, Error: "nonsense", History: delivery.History{Refusals: 3, Unsure: true}}
	first := claims(t, s, id, time.Hour)
	settle(t, s, first, hopeless)
	second := claims(t, s, id, time.Hour) // the conversation goes on
	if second.Seq != 2 {
		t.Fatalf("row %d comes after the parked one", second.Seq)
	}
	lists := func(want ...delivery.Undeliverable) {
		t.Helper()
		got, err := s.Undeliverable(t.Context(), 9)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(delivery.Undeliverable{}, "At")); diff != "" {
			t.Errorf("parked (-want +got):\n%s", diff)
		}
		for _, u := range got {
			if age := time.Since(u.At); age < -time.Second || age > time.Minute {
				t.Errorf("parked at %s", u.At)
			}
		}
	}
	lists(delivery.Undeliverable{
		Thread: id, Seq: 1, To: first.To, Message: 2, Error: "nonsense",
		History: delivery.History{Tries: 1, Refusals: 3, Unsure: true},
	})

	// By hand it is sent again, after the others and under the same key.
	if err := s.Resend(t.Context(), id, 1); err != nil {
		t.Fatal(err)
	}
	lists()
	for _, seq := range []int64{1, 2, 9} { // sent again already, not parked, not there
		if err := s.Resend(t.Context(), id, seq); !errors.Is(err, supportbot.ErrNotFound) {
			t.Errorf("row %d again: %v, want ErrNotFound", seq, err)
		}
	}
	settle(t, s, second, sent)
	third := claims(t, s, id, time.Hour)
	if third.Key != first.Key || third.Message.Seq != 2 || third.History != (delivery.History{Tries: 1, Unsure: true}) {
		t.Errorf("sent again: %+v", third)
	}
}

// Who is gone gets nothing of what waits; what is said later is tried.
func testOutboxGone(t *testing.T, s Store) {
	id := sends(t, s, "mei")
	sends(t, s, "mei")
	sends(t, s, "mei")
	other := sends(t, s, "other")
	settle(t, s, claims(t, s, id, time.Hour), sent)
	settle(t, s, claims(t, s, id, time.Hour), delivery.Result{Status: delivery.Parked, Error: "blocked", All: true})
	nothingDue(t, s, id)
	var parked []int64
	all, err := s.Undeliverable(t.Context(), 9)
	for _, u := range all {
		parked = append(parked, u.Seq)
		if u.Error != "blocked" || u.Thread != id {
			t.Errorf("parked: %+v", u)
		}
	}
	if err != nil || !slices.Equal(parked, []int64{2, 3}) {
		t.Errorf("rows %v are parked, %v; want 2 and 3", parked, err)
	}
	sends(t, s, "mei")
	if d := claims(t, s, id, time.Hour); d.Seq != 4 {
		t.Errorf("row %d is claimed, want 4", d.Seq)
	}
	claims(t, s, other, time.Hour)
}
