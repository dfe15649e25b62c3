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
	}{{late, "Lin"}, {late.Add(time.Hour), "Lin"}, {late.Add(time.Hour + time.Minute), ""}} {
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

// An agent who was lost comes back, and neither that nor a colleague who reads
// along is told to the person.
func TestWhatThePersonHearsOfAgents(t *testing.T) {
	b := newBot(t)
	b.says("1", "errand")
	b.says("2", "red")
	as := func(name string) func(*supportbot.AgentAct) {
		return func(a *supportbot.AgentAct) { a.Agent = name; a.Text, a.Asked = "a note", "Wu" }
	}
	b.act(supportbot.ActClaim, 0, nil)
	if err := b.Sweep(t.Context(), time.Now().Add(turn.LeaseLimit+time.Second)); err != nil {
		t.Fatal(err)
	}
	if r := b.act(supportbot.ActMessage, 2, as("Lin")); !r.Refused || r.Owner != "Lin" {
		t.Errorf("one who was lost writes under the old fence: %+v", r)
	}
	if r := b.act(supportbot.ActClaim, 0, nil); r.Refused || r.Fence != 3 {
		t.Errorf("one who was lost does not come back: %+v", r)
	}
	before := b.transcript()
	for _, r := range []supportbot.AgentResult{
		b.act(supportbot.ActConsult, 3, as("Lin")), b.act(supportbot.ActNote, 0, as("Wu")),
	} {
		if r.Refused {
			t.Errorf("%+v", r)
		}
	}
	if b.transcript() != before || strings.Count(before, "Lin from our team has joined") != 1 {
		t.Errorf("the person hears of it:\n%s", b.transcript())
	}
	if r := b.act(supportbot.ActAccept, 0, as("Wu")); r.Refused || r.Owner != "Wu" || r.Fence != 4 {
		t.Errorf("the colleague takes over: %+v", r)
	}
	if !strings.HasSuffix(b.transcript(), "Wu from our team has joined. Please go ahead, I will be quiet now.") {
		t.Errorf("the person does not hear who goes on:\n%s", b.transcript())
	}
}
