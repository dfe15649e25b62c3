package storetest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"supportbot"
	"supportbot/channels"
	"supportbot/internal/delivery"
)

func testReach(t *testing.T, s Store) {
	mei := says("mei", "1", "hello").Address
	if _, err := s.Reach(t.Context(), mei); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("of somebody who never wrote: %v, want ErrNotFound", err)
	}
	if err := s.Consent(t.Context(), mei, "A", true); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("of somebody who never wrote: %v, want ErrNotFound", err)
	}
	play(t, s, "mei", func(*supportbot.Commit) {})
	play(t, s, "ann", func(*supportbot.Commit) {})
	for _, step := range []struct {
		id            string
		stopped, want bool
	}{
		{"A", true, true},
		{"B", false, false},
		{"A", true, false}, // a repeat of the first
		{"C", true, true},
		{"B", false, true},
	} {
		if err := s.Consent(t.Context(), mei, step.id, step.stopped); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Millisecond) // the clock of the database may count these
		r, err := s.Reach(t.Context(), mei)
		if err != nil || r.Stopped != step.want || !r.Heard.Equal(noon) {
			t.Errorf("after %s: %+v, %v; want stopped %v, heard at %s", step.id, r, err, step.want, noon)
		}
	}
	if r, err := s.Reach(t.Context(), says("ann", "1", "").Address); err != nil || r.Stopped {
		t.Errorf("another person: %+v, %v", r, err)
	}
}

func testReachCounts(t *testing.T, s Store) {
	id := sends(t, s, "mei")
	sends(t, s, "mei")
	sends(t, s, "mei")
	settle(t, s, claims(t, s, id, time.Hour), sent)
	settle(t, s, claims(t, s, id, time.Hour), delivery.Result{Status: delivery.Parked, Error: "nonsense"})
	if r, err := s.Reach(t.Context(), says("mei", "1", "").Address); err != nil || r.Sent != 1 {
		t.Errorf("of one sent, one parked and one that waits: %+v, %v", r, err)
	}
}

func testSpend(t *testing.T, s Store) {
	const limit = 100
	var within atomic.Int64
	var all sync.WaitGroup
	for range 60 {
		all.Go(func() {
			ok, err := s.Spend(t.Context(), 3, limit)
			if err != nil {
				t.Error(err)
			}
			if ok {
				within.Add(3)
			}
		})
	}
	all.Wait()
	if within.Load() != 99 {
		t.Errorf("%d segments of %d were let through, want 99", within.Load(), limit)
	}
	for _, step := range []struct {
		n    int
		want bool
	}{{2, false}, {1, true}, {1, false}, {-1, true}, {1, true}, {limit + 1, false}} {
		if ok, err := s.Spend(t.Context(), step.n, limit); err != nil || ok != step.want {
			t.Errorf("%d more: %v, %v; want %v", step.n, ok, err, step.want)
		}
	}
}

func testReceipt(t *testing.T, s Store) {
	id := sends(t, s, "mei")
	mei := says("mei", "1", "hello").Address
	for range 2 { // an invitation that did not go out
		if first, err := s.Receipt(t.Context(), mei, 2, int(channels.Invited), 0); err != nil || !first {
			t.Errorf("an invitation: %v, %v; want the first", first, err)
		}
		if err := s.Uninvited(t.Context(), mei, 2); err != nil {
			t.Error(err)
		}
	}
	for _, step := range []struct {
		message int64
		stage   int
		want    bool
	}{{2, 3, true}, {2, 3, false}, {2, 1, false}, {2, 5, true}, {2, 4, false}, {9, 1, false}} {
		kept, err := s.Receipt(t.Context(), mei, step.message, step.stage, 0)
		if err != nil || kept != step.want {
			t.Errorf("stage %d of message %d: %v, %v; want %v", step.stage, step.message, kept, err, step.want)
		}
	}
	if err := s.Uninvited(t.Context(), mei, 2); err != nil { // too late
		t.Error(err)
	}
	if all, err := s.Receipts(t.Context(), id); err != nil || len(all) != 1 || all[0] != (channels.Receipt{Message: 2, Stage: channels.Delivered}) {
		t.Errorf("receipts %v, %v", all, err)
	}
	settle(t, s, claims(t, s, id, time.Hour), delivery.Result{Status: delivery.Parked})
	if all, err := s.Receipts(t.Context(), id); err != nil || len(all) == 0 || all[0].Stage != channels.Delivered {
		t.Errorf("receipts once it is given up %v, %v", all, err)
	}
	if _, err := s.Receipt(t.Context(), says("nobody", "1", "").Address, 1, 1, 0); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("to nobody: %v, want ErrNotFound", err)
	}
}

func testWake(t *testing.T, s Store) {
	id := sends(t, s, "mei")
	mei := says("mei", "1", "hello").Address
	wakes := func(want int) {
		t.Helper()
		if err := s.Wake(t.Context(), mei); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Millisecond)
		if ids, err := s.Undelivered(t.Context(), supportbot.Web, 9); err != nil || len(ids) != want {
			t.Errorf("%d conversations are due, %v; want %d", len(ids), err, want)
		}
	}
	wakes(1)
	d := claims(t, s, id, time.Hour)
	wakes(0) // being sent
	settle(t, s, d, delivery.Result{Status: delivery.Waiting, After: time.Hour})
	wakes(1)
	settle(t, s, claims(t, s, id, time.Hour), sent)
	wakes(0)
}
