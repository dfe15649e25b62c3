package turn_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"supportbot"
	"supportbot/internal/telemetry"
	"supportbot/internal/turn"
)

// overtaken is the store of a process that stands still before its first commit,
// until another has taken its conversations over.
type overtaken struct {
	turn.Store
	by   func(context.Context)
	once sync.Once
}

func (o *overtaken) Take(context.Context, supportbot.Inbound, []byte, supportbot.Commit) (turn.Receipt, error) {
	return turn.Receipt{}, supportbot.ErrFenced
}

func (o *overtaken) Commit(ctx context.Context, c supportbot.Commit) error {
	o.once.Do(func() { o.by(ctx) })
	return o.Store.Commit(ctx, c)
}

func TestAnOvertakenTurnIsDiscardedAndCounted(t *testing.T) {
	b := newBot(t)
	b.says("1", "errand")
	other := b.Path
	b.Path = turn.New(&overtaken{Store: b.store, by: func(ctx context.Context) {
		if err := other.Sweep(ctx, time.Now()); err != nil {
			t.Error(err)
		}
	}}, []byte("key"), contentOf(t), slog.New(slog.DiscardHandler))
	before := testutil.ToFloat64(telemetry.LeasesLost)
	b.is(b.says("2", "red"), "An agent comes") // what the other has answered
	if n := testutil.ToFloat64(telemetry.LeasesLost) - before; n != 1 {
		t.Errorf("%v lost leases were counted, want 1", n)
	}
	b.is(b.transcript(), "user: errand\nbot: Which colour\nuser: red\nbot: An agent comes")
}
