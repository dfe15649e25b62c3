package turn_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/handoff"
	"supportbot/internal/turn"
)

// hires adds agents who want cases and are heard of for a day.
func (b *bot) hires(capacity int, names ...string) {
	b.Helper()
	for _, name := range names {
		err := errors.Join(
			b.store.AddAgent(b.Context(), handoff.Agent{Name: name, Role: handoff.RoleAgent}),
			b.store.SetProfile(b.Context(), name, handoff.Profile{Capacity: capacity}, ""),
			b.SetPresence(b.Context(), name, handoff.Available),
			b.store.RenewLeases(b.Context(), name, time.Now().Add(24*time.Hour)),
		)
		if err != nil {
			b.Fatal(err)
		}
	}
}

// opens has so many persons ask for an agent.
func (b *bot) opens(n int) {
	b.Helper()
	for i := range n {
		at := supportbot.Address{Channel: supportbot.REST, Peer: fmt.Sprint("m", i)}
		for j, text := range []string{"errand", "red"} {
			in := supportbot.Inbound{Address: at, ID: fmt.Sprint(j), Kind: supportbot.InText, Text: text, Language: supportbot.English}
			if _, err := b.Handle(b.Context(), in, []byte(text)); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func (b *bot) sweep(after time.Duration) {
	b.Helper()
	if err := b.Sweep(b.Context(), time.Now().Add(after)); err != nil {
		b.Fatal(err)
	}
}

func (b *bot) stateOf(id string) supportbot.Case {
	b.Helper()
	c, err := b.Case(b.Context(), id)
	if err != nil {
		b.Fatal(err)
	}
	return c
}

func TestWhatWaitsIsOffered(t *testing.T) {
	b := newBot(t)
	b.opens(3)
	b.sweep(0)
	if c := b.stateOf("1-1"); c.State != supportbot.CaseWaiting {
		t.Errorf("nobody wants cases, and one is %s", c.State)
	}
	b.hires(2, "Lin")
	b.sweep(0)
	if a, c := b.stateOf("1-1"), b.stateOf("3-1"); a.State != supportbot.CaseOffered || a.Asked != "Lin" || c.State != supportbot.CaseWaiting {
		t.Errorf("the first is %s to %q, the third, which is too much, %s", a.State, a.Asked, c.State)
	}
	if r := b.act(supportbot.ActAccept, 0, nil); r.Refused || r.Fence != 2 {
		t.Errorf("accepted: %+v", r)
	}
	queued := b.stateOf("2-1").QueuedAt
	b.sweep(time.Minute) // nobody answers the second, so it is offered again
	if c := b.stateOf("2-1"); c.State != supportbot.CaseOffered || !c.QueuedAt.Equal(queued) {
		t.Errorf("the second is %s, queued at %s and before at %s", c.State, c.QueuedAt, queued)
	}
	b.sweep(2 * time.Minute) // the second miss in a row
	staff, err := b.Staff(t.Context())
	if c := b.stateOf("2-1"); err != nil || c.State != supportbot.CaseWaiting || staff[0].Presence != handoff.Away {
		t.Errorf("the second is %s, the agent %s, %v", c.State, staff[0].Presence, err)
	}
}

// After a time in which nothing ran, an offer that is over does not put off what the
// person should have heard meanwhile.
func TestAnOverdueNoticeIsStillGiven(t *testing.T) {
	b := newBot(t)
	b.opens(1)
	b.hires(1, "Lin")
	b.sweep(0)
	b.sweep(4 * time.Minute)
	messages, err := b.Transcript(t.Context(), "1-1", 0)
	if err != nil {
		t.Fatal(err)
	}
	if last := messages[len(messages)-1]; !strings.Contains(last.Text, "You are next") {
		t.Errorf("the last word is %q", last.Text)
	}
}

// Two processes that share a database out at the same time offer everything once.
func TestTwoRoutersOfferOnce(t *testing.T) {
	b := newBot(t)
	b.opens(4)
	b.hires(2, "Lin", "Wu")
	other := beside(b)
	done := make(chan error)
	go func() { done <- other.Sweep(t.Context(), time.Now()) }()
	b.sweep(0)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	b.sweep(0)
	asked := map[string]int{}
	for i := range 4 {
		asked[b.stateOf(fmt.Sprintf("%d-1", i+1)).Asked]++
	}
	if asked["Lin"] != 2 || asked["Wu"] != 2 {
		t.Errorf("offers: %v", asked)
	}
}

func TestAClaimBeyondTheCapacityIsRefused(t *testing.T) {
	b := newBot(t)
	b.opens(2)
	b.hires(1, "Lin")
	b.act(supportbot.ActClaim, 0, nil)
	second := func(a *supportbot.AgentAct) { a.Case, a.ID = "2-1", "x" }
	for range 2 { // the second time it is a repeat
		if r := b.act(supportbot.ActClaim, 0, second); !r.Refused || !r.Full || r.Owner != "" {
			t.Errorf("a second case: %+v", r)
		}
	}
	b.act(supportbot.ActClose, 2, nil)
	if r := b.act(supportbot.ActClaim, 0, func(a *supportbot.AgentAct) { a.Case = "2-1" }); r.Refused {
		t.Errorf("when the first has ended: %+v", r)
	}
}

func TestWhoIsHeardOfAgainResumes(t *testing.T) {
	b := newBot(t)
	b.opens(1)
	b.hires(1, "Lin")
	b.act(supportbot.ActClaim, 0, nil)
	b.sweep(turn.LeaseLimit + time.Second)
	if c := b.stateOf("1-1"); c.State != supportbot.CaseGrace {
		t.Fatalf("the case is %s", c.State)
	}
	if err := b.Heartbeat(t.Context(), "Lin"); err != nil {
		t.Fatal(err)
	}
	if c := b.stateOf("1-1"); c.State != supportbot.CaseActive || c.Owner != "Lin" || c.Fence != 3 {
		t.Errorf("the case is %s of %q under %d", c.State, c.Owner, c.Fence)
	}
	b.sweep(turn.LeaseLimit - 5*time.Second)
	if c := b.stateOf("1-1"); c.State != supportbot.CaseActive {
		t.Errorf("the case is %s", c.State)
	}
}
