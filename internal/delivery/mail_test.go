package delivery_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"supportbot"
	"supportbot/internal/delivery"
)

// oneLetter is a store with one message, under a clock that a test may turn.
type oneLetter struct {
	mu sync.Mutex
	delivery.Delivery
	until time.Time
	sent  bool
}

func (o *oneLetter) due() bool { return !o.sent && time.Now().After(o.until) }

func (o *oneLetter) Undelivered(context.Context, supportbot.Channel, int) ([]supportbot.ThreadID, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.due() {
		return nil, nil
	}
	return []supportbot.ThreadID{1}, nil
}

func (o *oneLetter) Claim(_ context.Context, _ supportbot.ThreadID, lease time.Duration) (delivery.Delivery, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.due() {
		return o.Delivery, supportbot.ErrNotFound
	}
	o.Epoch++
	o.Tries++
	o.until = time.Now().Add(lease)
	return o.Delivery, nil
}

func (o *oneLetter) Settle(_ context.Context, d delivery.Delivery, r delivery.Result) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if d.Epoch != o.Epoch {
		return supportbot.ErrFenced
	}
	o.until = time.Now().Add(r.After)
	o.sent = r.Status == delivery.Sent
	return nil
}

// TestASlowMailServerIsAskedOnce: one may take twenty seconds to let us in, and as many
// to look at what is in a mail. Whoever sends has the time to note that it was taken.
func TestASlowMailServerIsAskedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		letter, calls := &oneLetter{}, 0
		stop := run(t, delivery.New(letter, supportbot.Web, senderFunc(func(ctx context.Context, _ supportbot.Address, _ supportbot.Message, _ string) error {
			calls++
			time.Sleep(40 * time.Second)
			return ctx.Err()
		}), slog.New(slog.DiscardHandler)))
		time.Sleep(2 * time.Minute)
		stop()
		if calls != 1 || !letter.sent {
			t.Errorf("the server was asked %d times, and the mail is settled as sent: %v", calls, letter.sent)
		}
	})
}
