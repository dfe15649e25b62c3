package turn_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/internal/turn"
)

// beating is a store in which a heartbeat comes between the look at the due
// timers and the turn that one of them brings.
type beating struct {
	turn.Store
	beat func()
}

func (s *beating) Due(ctx context.Context, now time.Time, limit int) ([]turn.Due, error) {
	due, err := s.Store.Due(ctx, now, limit)
	if len(due) > 0 && s.beat != nil {
		s.beat()
		s.beat = nil
	}
	return due, err
}

func TestALeaseRenewedDuringASweepHoldsAndEndsLater(t *testing.T) {
	b := newBot(t)
	b.says("1", "errand")
	b.says("2", "red")
	b.act(supportbot.ActClaim, 0, nil)
	late := time.Now().Add(turn.LeaseLimit + 10*time.Second)
	store := &beating{b.store, func() {
		if err := b.store.RenewLeases(t.Context(), "Lin", late.Add(turn.LeaseLimit)); err != nil {
			t.Error(err)
		}
	}}
	b.Path = turn.New(store, []byte("key"), contentOf(t), slog.New(slog.DiscardHandler))
	for _, step := range []struct {
		at    time.Time
		owner string
	}{{late, "Lin"}, {late.Add(time.Hour), ""}} {
		if err := b.Sweep(t.Context(), step.at); err != nil {
			t.Fatal(err)
		}
		if c, err := b.Case(t.Context(), "1-1"); err != nil || c.Owner != step.owner {
			t.Errorf("owned by %q, want %q (%v)", c.Owner, step.owner, err)
		}
	}
}

func TestARefusedActRenewsNoLease(t *testing.T) {
	b := newBot(t)
	b.says("1", "errand")
	b.says("2", "red")
	b.act(supportbot.ActClaim, 0, nil)
	lease := func() time.Time {
		thread, err := b.store.Thread(t.Context(), merchant)
		if err != nil {
			t.Fatal(err)
		}
		return thread.Timers[0].Due
	}
	before := lease()
	if r := b.act(supportbot.ActClaim, 0, func(a *supportbot.AgentAct) { a.Agent = "Wu" }); !r.Refused {
		t.Error("a second agent has claimed")
	}
	if !lease().Equal(before) {
		t.Error("a colleague's claim has renewed the lease")
	}
}

func TestActsWithSecretsAreToldApart(t *testing.T) {
	b := newBot(t)
	b.says("1", "errand")
	b.says("2", "red")
	b.act(supportbot.ActClaim, 0, nil)
	b.act(supportbot.ActMessage, 2, func(a *supportbot.AgentAct) { a.ID, a.Text = "x", "is 11010519491231002X yours" })
	_, err := b.Act(t.Context(), supportbot.AgentAct{ID: "x", Case: "1-1", Kind: supportbot.ActOutcome, Agent: "Lin", Fence: 2, Verdict: supportbot.Failed, Note: "11010519491231002X"})
	if err == nil {
		t.Error("a verdict passes for the repeat of a message")
	}
	if strings.Contains(b.transcript(), "Not verified") {
		t.Error("the verdict was taken")
	}
}
