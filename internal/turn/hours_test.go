package turn_test

import (
	"fmt"
	"testing"
	"time"

	"supportbot"
	"supportbot/handoff"
)

// week is one of which every day has the same hours, which do not include now
// if it is closed.
func week(open bool) handoff.Hours {
	now := time.Now().UTC()
	from, to := now.Add(-time.Hour), now.Add(time.Hour)
	if !open {
		from, to = now.Add(2*time.Hour), now.Add(3*time.Hour)
	}
	spans := []handoff.Span{{From: from.Format("15:04"), To: to.Format("15:04")}}
	if from.Day() != to.Day() {
		spans = []handoff.Span{{From: "00:00", To: to.Format("15:04")}, {From: from.Format("15:04"), To: "24:00"}}
	}
	h := handoff.Hours{Week: map[string][]handoff.Span{}}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		h.Week[day] = spans
	}
	return h
}

// asks has a person ask for an agent, which is not urgent.
func (b *bot) asks(peer string) {
	b.Helper()
	in := supportbot.Inbound{Address: supportbot.Address{Channel: supportbot.REST, Peer: peer}, ID: "1", Kind: supportbot.InChoice, Choice: "control:agent", Language: supportbot.English}
	if _, err := b.Handle(b.Context(), in, []byte(peer)); err != nil {
		b.Fatal(err)
	}
}

// Who comes while the desk is closed is put off and in the queue when it opens, at
// the place that the person had from the first.
func TestAClosedDeskPutsOffAndOpens(t *testing.T) {
	b := newBot(t)
	if err := b.SetHours(t.Context(), week(false), "admin"); err != nil {
		t.Fatal(err)
	}
	b.asks("anna")
	c := b.stateOf("1-1")
	if c.State != supportbot.CaseDeferred || c.Until.Before(time.Now().Add(time.Hour)) {
		t.Fatalf("while it is closed: %+v", c)
	}
	if err := b.Sweep(t.Context(), c.Until.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	after := b.stateOf("1-1")
	if after.State != supportbot.CaseWaiting || !after.QueuedAt.Equal(c.QueuedAt) || after.Since.IsZero() {
		t.Errorf("once it is open: %+v", after)
	}
}

// Who waits when the desk closes is put off as well.
func TestWhoWaitsWhenTheDeskClosesIsPutOff(t *testing.T) {
	b := newBot(t)
	b.asks("anna")
	if err := b.SetHours(t.Context(), week(false), "admin"); err != nil {
		t.Fatal(err)
	}
	b.sweep(0)
	if c := b.stateOf("1-1"); c.State != supportbot.CaseDeferred {
		t.Errorf("%+v", c)
	}
}

// A full queue takes nobody else, but keeps the place.
func TestAFullQueue(t *testing.T) {
	b := newBot(t)
	full := week(true)
	full.Most = 2
	if err := b.SetHours(t.Context(), full, "admin"); err != nil {
		t.Fatal(err)
	}
	for n, want := range []supportbot.CaseState{supportbot.CaseWaiting, supportbot.CaseWaiting, supportbot.CaseDeferred} {
		b.asks(fmt.Sprint("p", n))
		if c := b.stateOf(fmt.Sprint(n+1, "-1")); c.State != want {
			t.Errorf("person %d: %+v", n+1, c)
		}
		b.sweep(0) // counts the queue
	}
}

// What is urgent waits for whoever is there, also while the desk is closed and
// when it closes.
func TestWhatIsUrgentIsNotPutOff(t *testing.T) {
	b := newBot(t)
	if err := b.SetHours(t.Context(), week(false), "admin"); err != nil {
		t.Fatal(err)
	}
	b.opens(1)
	b.sweep(0)
	if c := b.stateOf("1-1"); c.Priority != supportbot.Urgent || c.State != supportbot.CaseWaiting {
		t.Errorf("%+v", c)
	}
}
