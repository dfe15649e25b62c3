package storetest

import (
	"context"
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

// Feed is what the program asks of what another desk is told.
type Feed interface {
	delivery.Store
	Undeliverable(ctx context.Context, limit int) ([]delivery.Undeliverable, error)
	Resend(ctx context.Context, id supportbot.ThreadID, seq int64) error
	Drop(ctx context.Context, id supportbot.ThreadID, seq int64) error
	Cut(ctx context.Context, age time.Duration, limit int) (int, error)
}

// tells commits a turn in the conversation of peer of which another desk is told so
// many events: the first about what the person wrote.
func tells(t *testing.T, s Store, peer string, n int) supportbot.ThreadID {
	t.Helper()
	return play(t, s, peer, func(c *supportbot.Commit) {
		kinds := []supportbot.CaseEventKind{supportbot.EventMessage, supportbot.EventEnded, supportbot.EventOpened}
		for i := range n {
			e := supportbot.CaseEvent{Kind: kinds[i], At: noon, Case: supportbot.CaseNews{ID: peer, QueuedAt: noon, Owner: "li", Fence: 2}}
			if i == 0 {
				e.Message = c.Messages[0].Seq
			}
			c.Feed = append(c.Feed, e)
		}
	})
}

func testFeedOrder(t *testing.T, s Store, f Feed) {
	id := tells(t, s, "mei", 2)
	play(t, s, "mei", func(*supportbot.Commit) {}) // nothing to tell
	tells(t, s, "mei", 3)
	other := tells(t, s, "lan", 1)
	if due, err := f.Undelivered(t.Context(), "", 9); err != nil || !slices.Equal(due, []supportbot.ThreadID{id, other}) {
		t.Errorf("due are %v, %v", due, err)
	}
	transcript, err := s.Messages(t.Context(), id, 0, 9)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for i, want := range []struct {
		kind supportbot.CaseEventKind
		said int64
	}{{supportbot.EventMessage, 1}, {supportbot.EventEnded, 0}, {supportbot.EventMessage, 5}, {supportbot.EventEnded, 0}, {supportbot.EventOpened, 0}} {
		d, err := f.Claim(t.Context(), id, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		expected := delivery.Delivery{
			Thread: id, Seq: int64(i) + 1, Epoch: 1, History: delivery.History{Tries: 1},
			Event: &supportbot.CaseEvent{Kind: want.kind, At: noon, Message: want.said, Case: supportbot.CaseNews{ID: "mei", QueuedAt: noon, Owner: "li", Fence: 2}},
		}
		if want.said > 0 {
			expected.Message = transcript[want.said-1]
		}
		if diff := cmp.Diff(expected, d, cmpopts.IgnoreFields(d, "Key")); diff != "" {
			t.Errorf("claimed (-want +got):\n%s", diff)
		}
		if d.Key == "" || keys[d.Key] {
			t.Errorf("key %q of event %d is not its own", d.Key, d.Seq)
		}
		keys[d.Key] = true
		notYet(t, f, id)
		if err := f.Settle(t.Context(), d, sent); err != nil {
			t.Fatal(err)
		}
	}
	notYet(t, f, id)
}

// notYet wants nothing of a conversation to be claimed now.
func notYet(t *testing.T, f Feed, id supportbot.ThreadID) {
	t.Helper()
	if d, err := f.Claim(t.Context(), id, time.Hour); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("claimed %+v, %v; want ErrNotFound", d, err)
	}
	if due, err := f.Undelivered(t.Context(), "", 9); err != nil || slices.Contains(due, id) {
		t.Errorf("due are %v, %v", due, err)
	}
}

// A claim that ran out, as that of a process that died, passes to another.
func testFeedLease(t *testing.T, s Store, f Feed) {
	id := tells(t, s, "mei", 2)
	claim := func(lease time.Duration) delivery.Delivery {
		t.Helper()
		d, err := f.Claim(t.Context(), id, lease)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	first, second := claim(0), claim(time.Hour)
	if second.Seq != 1 || second.Key != first.Key || second.Tries != 2 || !second.Unsure {
		t.Errorf("claimed %+v after %+v", second, first)
	}
	for _, r := range []delivery.Result{sent, again, {Status: delivery.Parked, All: true}} {
		if err := f.Settle(t.Context(), first, r); !errors.Is(err, supportbot.ErrFenced) {
			t.Errorf("settled by the first as %s: %v, want ErrFenced", r.Status, err)
		}
	}
	later := again
	later.After = time.Hour
	if err := f.Settle(t.Context(), second, later); err != nil {
		t.Fatal(err)
	}
	notYet(t, f, id) // and the next one stays behind it
}

func testFeedAtOnce(t *testing.T, s Store, f Feed) {
	id := tells(t, s, "mei", 3)
	var won atomic.Int64
	atOnce(func(int) {
		switch _, err := f.Claim(t.Context(), id, time.Hour); {
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

// What is parked is listed, and told again under its id and number, or given up.
func testFeedParked(t *testing.T, s Store, f Feed) {
	id := tells(t, s, "mei", 3)
	d, err := f.Claim(t.Context(), id, time.Hour)
	if err == nil {
		err = f.Settle(t.Context(), d, delivery.Result{Status: delivery.Parked, Error: "gone", All: true, History: delivery.History{Refusals: 1}})
	}
	if err != nil {
		t.Fatal(err)
	}
	notYet(t, f, id)
	tells(t, s, "mei", 1) // is tried all the same
	list := func(want ...delivery.Undeliverable) {
		t.Helper()
		got, err := f.Undeliverable(t.Context(), 9)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(delivery.Undeliverable{}, "At"), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("parked (-want +got):\n%s", diff)
		}
	}
	list(
		delivery.Undeliverable{Thread: id, Seq: 1, Message: 1, Event: supportbot.EventMessage, Error: "gone", History: delivery.History{Tries: 1, Refusals: 1}},
		delivery.Undeliverable{Thread: id, Seq: 2, Event: supportbot.EventEnded, Error: "gone"},
		delivery.Undeliverable{Thread: id, Seq: 3, Event: supportbot.EventOpened, Error: "gone"},
	)
	for _, err := range []error{f.Resend(t.Context(), id, 1), f.Drop(t.Context(), id, 2), f.Resend(t.Context(), id, 3)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	list()
	for _, err := range []error{f.Resend(t.Context(), id, 1), f.Drop(t.Context(), id, 4), f.Resend(t.Context(), id, 2), f.Resend(t.Context(), id, 99)} {
		if !errors.Is(err, supportbot.ErrNotFound) {
			t.Errorf("what is not parked: %v, want ErrNotFound", err)
		}
	}
	for _, seq := range []int64{1, 3, 4} {
		next, err := f.Claim(t.Context(), id, time.Hour)
		if err != nil || next.Seq != seq || next.Tries != 1 || seq == 1 && next.Key != d.Key {
			t.Fatalf("claimed %+v, %v; want event %d", next, err, seq)
		}
		if err := f.Settle(t.Context(), next, sent); err != nil {
			t.Fatal(err)
		}
	}
}

// What was told goes by age, what is parked stays, and no number is given twice.
func testFeedCut(t *testing.T, s Store, f Feed) {
	id := tells(t, s, "mei", 3)
	for _, r := range []delivery.Result{sent, {Status: delivery.Parked}} {
		d, err := f.Claim(t.Context(), id, time.Hour)
		if err == nil {
			err = f.Settle(t.Context(), d, r)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(2 * time.Millisecond) // the clock of the database may count these
	for _, want := range []struct {
		age   time.Duration
		limit int
		n     int
	}{{time.Hour, 9, 0}, {0, 1, 1}, {0, 9, 1}, {0, 9, 0}} {
		if n, err := f.Cut(t.Context(), want.age, want.limit); err != nil || n != want.n {
			t.Errorf("cut %d, %v; want %d", n, err, want.n)
		}
	}
	if parked, err := f.Undeliverable(t.Context(), 9); err != nil || len(parked) != 1 {
		t.Errorf("parked are %+v, %v", parked, err)
	}
	tells(t, s, "mei", 1)
	if d, err := f.Claim(t.Context(), id, time.Hour); err != nil || d.Seq != 4 {
		t.Errorf("claimed %+v, %v; want event 4", d, err)
	}
}
