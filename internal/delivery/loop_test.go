package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"supportbot"
	"supportbot/channels"
	"supportbot/internal/delivery"
	"supportbot/internal/store"
	"supportbot/internal/telemetry"
)

// senderFunc is a Sender that is a function.
type senderFunc func(ctx context.Context, to supportbot.Address, m supportbot.Message, key string) error

func (f senderFunc) Send(ctx context.Context, to supportbot.Address, m supportbot.Message, key string) error {
	return f(ctx, to, m, key)
}

// runs sends from s, in a hurry, until the test ends.
func runs(t *testing.T, s delivery.Store, f senderFunc) {
	t.Helper()
	run(t, delivery.New(s, supportbot.REST, f, slog.New(slog.DiscardHandler)).Hurry())
}

// run runs a loop until stop is called or the test ends.
func run(t *testing.T, loop *delivery.Loop) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); loop.Run(ctx) }()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	return stop
}

// says commits a turn with n messages to peer.
func says(t *testing.T, s *store.Store, peer string, n int) supportbot.ThreadID {
	t.Helper()
	id, err := newWorld(s, supportbot.REST).says(t.Context(), peer, n)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("never: " + what)
		}
	}
}

// All places but one are taken by conversations that never get through.
func TestNobodyWaitsForAnother(t *testing.T) {
	s := openStore(t, t.TempDir())
	for i := range delivery.QuickPlaces - 1 {
		says(t, s, fmt.Sprint("stuck ", i), 3)
	}
	for i := range 40 {
		says(t, s, fmt.Sprint("person ", i), 2)
	}
	var got atomic.Int64
	runs(t, s, func(ctx context.Context, to supportbot.Address, _ supportbot.Message, _ string) error {
		if to.Peer[0] == 's' {
			<-ctx.Done()
			return ctx.Err()
		}
		got.Add(1)
		return nil
	})
	begun := time.Now()
	eventually(t, "80 messages arrive", func() bool { return got.Load() == 80 })
	t.Logf("80 messages beside %d conversations that are stuck took %s", delivery.QuickPlaces-1, time.Since(begun).Round(time.Millisecond))
}

func TestAHintIsFollowedAtOnce(t *testing.T) {
	s := openStore(t, t.TempDir())
	arrived := make(chan struct{}, 1)
	loop := delivery.New(s, supportbot.REST, senderFunc(func(context.Context, supportbot.Address, supportbot.Message, string) error {
		arrived <- struct{}{}
		return nil
	}), slog.New(slog.DiscardHandler))
	run(t, loop)
	time.Sleep(50 * time.Millisecond) // the first sweep is over, the next far
	loop.Hint(says(t, s, "mei", 1))
	select {
	case <-arrived:
	case <-time.After(500 * time.Millisecond):
		t.Error("half a second after the hint nothing has arrived")
	}
}

// What is under way when the loop is told to stop is sent, settled, and not sent
// again.
func TestStopFinishesWhatIsUnderWay(t *testing.T) {
	s := openStore(t, t.TempDir())
	id := says(t, s, "mei", 2)
	begun, went := make(chan struct{}, 1), atomic.Int64{}
	stop := run(t, delivery.New(s, supportbot.REST, senderFunc(func(ctx context.Context, _ supportbot.Address, _ supportbot.Message, _ string) error {
		begun <- struct{}{}
		time.Sleep(100 * time.Millisecond)
		went.Add(1)
		return ctx.Err()
	}), slog.New(slog.DiscardHandler)))
	<-begun
	stop()
	if went.Load() != 1 {
		t.Fatalf("%d messages were sent, want the one under way", went.Load())
	}
	d, err := s.Claim(t.Context(), id, time.Hour)
	if err != nil || d.Seq != 2 || d.Unsure {
		t.Errorf("next is %+v, %v; want the second, which nobody has begun", d, err)
	}
}

// forgetful is a store that is away when the first results come.
type forgetful struct {
	*store.Store
	away atomic.Int64
}

func (f *forgetful) Settle(ctx context.Context, d delivery.Delivery, r delivery.Result) error {
	if f.away.Add(-1) >= 0 {
		return errors.New("the database is away")
	}
	return f.Store.Settle(ctx, d, r)
}

func TestADatabaseThatIsAwayForAMomentDoublesNothing(t *testing.T) {
	s := openStore(t, t.TempDir())
	says(t, s, "mei", 3)
	var got atomic.Int64
	away := &forgetful{Store: s}
	away.away.Store(4)
	runs(t, away, func(context.Context, supportbot.Address, supportbot.Message, string) error {
		got.Add(1)
		return nil
	})
	eventually(t, "three messages arrive", func() bool { return got.Load() >= 3 })
	time.Sleep(2 * delivery.QuickLease)
	if got.Load() != 3 {
		t.Errorf("%d messages arrived, want 3", got.Load())
	}
}

// What stands still for longer than its lease has lost it to whoever looks next.
func TestALostLeaseIsCounted(t *testing.T) {
	s := openStore(t, t.TempDir())
	says(t, s, "mei", 1)
	before := testutil.ToFloat64(telemetry.LeasesLost)
	var stalled atomic.Bool
	runs(t, s, func(context.Context, supportbot.Address, supportbot.Message, string) error {
		if stalled.CompareAndSwap(false, true) {
			time.Sleep(2 * delivery.QuickLease)
		}
		return nil
	})
	eventually(t, "a lost lease is counted", func() bool { return testutil.ToFloat64(telemetry.LeasesLost) == before+1 })
}

func TestAPauseThatIsAskedForIsKept(t *testing.T) {
	s := openStore(t, t.TempDir())
	says(t, s, "mei", 1)
	const pause = 150 * time.Millisecond // longer than any pause of its own
	var tries []time.Time
	done := make(chan struct{})
	runs(t, s, func(context.Context, supportbot.Address, supportbot.Message, string) error {
		if tries = append(tries, time.Now()); len(tries) == 3 {
			close(done)
			return nil
		}
		return &channels.Failure{Kind: channels.Limited, After: pause, Err: errors.New("slow down")}
	})
	<-done
	for i := range tries[1:] {
		if gap := tries[i+1].Sub(tries[i]); gap < pause {
			t.Errorf("try %d came after %s, want %s at least", i+2, gap, pause)
		}
	}
}

func TestPausesGrowAndDiffer(t *testing.T) {
	loop := delivery.New(nil, supportbot.REST, nil, slog.New(slog.DiscardHandler))
	for _, c := range []struct {
		tries int
		most  time.Duration
	}{{1, time.Second}, {2, 2 * time.Second}, {5, 16 * time.Second}, {10, 512 * time.Second}, {11, 10 * time.Minute}, {50, 10 * time.Minute}, {1000, 10 * time.Minute}} {
		seen := map[time.Duration]bool{}
		for range 100 {
			pause := loop.Backoff(c.tries)
			seen[pause] = true
			if pause < c.most/2 || pause > c.most {
				t.Fatalf("after %d tries the pause is %s, want %s to %s", c.tries, pause, c.most/2, c.most)
			}
		}
		if len(seen) < 50 {
			t.Errorf("after %d tries there are only %d pauses", c.tries, len(seen))
		}
	}
}
