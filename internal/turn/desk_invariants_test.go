package turn_test

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"supportbot"
)

// invariants are the rules of the desk, by number, and how the property test looks at each.
// TestDeskMutants takes each away and wants to see its number.
var invariants = map[int]struct{ rule, looked string }{
	1:  {"a conversation has one live case at most", "all its cases are counted after every step"},
	2:  {"what is sent carries the epoch of who sends it", "a claim has a greater epoch than all before, and who has an older one settles nothing; the bot says nothing to who talks to an agent"},
	3:  {"what a person says is numbered before anything is done about it", "the transcript has no gap, and what each person said stands in it once, in order; nothing is left unhandled"},
	4:  {"the fence only grows, and a write under an old one changes nothing and is told the owner", "the case is compared with what it was, and every refusal is read; a fence is told to one agent"},
	5:  {"nobody has more cases than may be", "agents race for several at once, and their live cases are counted"},
	6:  {"whatever ends by itself has its timer, which fires once", "timers are compared with the case; two nodes sweep at once, and nothing due is left, also after a crash"},
	7:  {"no transaction is open while a provider is asked, and what it did not answer is not known", "the conversation goes on between claim and result; what was not settled comes again under its key, and unsure"},
	8:  {"what has ended stays as it ended", "the case is compared with what it was"},
	9:  {"one agent takes a case, or the person leaves the queue", "of who claims at once one wins; persons leave meanwhile, and the last fence of who left was told to nobody"},
	10: {"a verdict is written once, under the fence", "two verdicts at once: one is taken, and it is the one that is kept"},
	11: {"who waits hears something every three minutes, and keeps the place", "the next notice is never further away, and none is left once time has passed; the time of queuing never changes"},
}

// breaks fails the test by the number of an invariant.
func (o *office) breaks(r *rapid.T, n int, format string, args ...any) {
	r.Fatalf("invariant %d, %s: %s", n, invariants[n].rule, fmt.Sprintf(format, args...))
}

// check holds what is stored to the invariants.
func (o *office) check(r *rapid.T) {
	owned := map[string]int{}
	for i, at := range o.people {
		t, err := o.store.Thread(o.Context(), at)
		if err != nil {
			r.Fatal(err)
		}
		o.heard(r, i, t)
		if t.Case == nil {
			continue
		}
		o.oneLive(r, t.ID)
		o.ended(r, *t.Case)
		if before, known := o.seen[t.Case.ID]; known {
			o.compare(r, before, *t.Case)
		}
		o.seen[t.Case.ID] = *t.Case
		if t.Case.State.Owned() {
			owned[t.Case.Owner]++
		}
		o.timers(r, *t.Case, t.Timers)
	}
	for agent, n := range owned {
		if n > capacity {
			o.breaks(r, 5, "%s has %d", agent, n)
		}
	}
}

func (o *office) compare(r *rapid.T, before, c supportbot.Case) {
	switch {
	case c.Fence < before.Fence:
		o.breaks(r, 4, "the fence of %s fell from %d to %d", c.ID, before.Fence, c.Fence)
	case c.Owner != before.Owner && c.Fence == before.Fence:
		o.breaks(r, 4, "%s went from %q to %q under one fence", c.ID, before.Owner, c.Owner)
	case !before.State.Live() && (c.State != before.State || c.Verdict != before.Verdict || c.Fence != before.Fence):
		o.breaks(r, 8, "%s was %s and is %s", c.ID, before.State, c.State)
	case !c.QueuedAt.Equal(before.QueuedAt):
		o.breaks(r, 11, "%s has lost its place in the queue", c.ID)
	}
}

// oneLive counts the cases of a conversation, whose ids are its number and 1, 2, 3 …
func (o *office) oneLive(r *rapid.T, id supportbot.ThreadID) {
	live := 0
	for n := 1; ; n++ {
		c, _, err := o.store.Case(o.Context(), fmt.Sprintf("%d-%d", id, n))
		if errors.Is(err, supportbot.ErrNotFound) {
			break
		}
		if err != nil {
			r.Fatal(err)
		}
		if c.State.Live() {
			live++
		}
	}
	if live > 1 {
		o.breaks(r, 1, "conversation %d has %d", id, live)
	}
}

// ended looks at how a case ended.
func (o *office) ended(r *rapid.T, c supportbot.Case) {
	o.mu.Lock()
	defer o.mu.Unlock()
	verdicts := o.verdicts[c.ID]
	if agent, told := o.told[fmt.Sprint(c.ID, " ", c.Fence)]; told && c.State == supportbot.CaseAbandoned && c.Owner == "" {
		o.breaks(r, 9, "%s left the queue, and %s was told to have won", c.ID, agent)
	}
	switch {
	case len(verdicts) > 1:
		o.breaks(r, 10, "%s was given %v", c.ID, verdicts)
	case len(verdicts) == 1 && (c.State != supportbot.CaseDone || c.Verdict != verdicts[0]):
		o.breaks(r, 10, "%s was given %s, and is %s with %q", c.ID, verdicts[0], c.State, c.Verdict)
	}
}

// heard: every message stands in the transcript under its number, and what the person
// said stands there in order.
func (o *office) heard(r *rapid.T, i int, t supportbot.Thread) {
	messages, err := o.store.Messages(o.Context(), t.ID, 0, 1000)
	if err != nil {
		r.Fatal(err)
	}
	if int64(len(messages)) != t.LastSeq || t.Head != t.Tail {
		o.breaks(r, 3, "%d messages, the last is %d; of %d rows %d are handled", len(messages), t.LastSeq, t.Tail, t.Head)
	}
	var said []string
	for n, m := range messages {
		if m.Seq != int64(n)+1 {
			o.breaks(r, 3, "message %d has number %d", n+1, m.Seq)
		}
		if m.From == supportbot.FromUser && m.Text != "" && slices.Contains(o.spoken[i], m.ReplyTo) {
			said = append(said, m.ReplyTo)
		}
	}
	if !slices.Equal(said, o.spoken[i]) {
		o.breaks(r, 3, "there is %v where %v was said", said, o.spoken[i])
	}
}

// timers: whatever a case waits for will come, also after a crash.
func (o *office) timers(r *rapid.T, c supportbot.Case, timers []supportbot.Timer) {
	for _, timer := range timers {
		if next := o.now().Add(3 * time.Minute); timer.Kind == supportbot.TimerWait && o.chatty(c) && timer.Due.After(next) {
			o.breaks(r, 11, "%s is told next at %s, after %s", c.ID, timer.Due, next)
		}
	}
	has := func(kind supportbot.TimerKind) bool {
		return slices.ContainsFunc(timers, func(t supportbot.Timer) bool { return t.Kind == kind })
	}
	for kind, want := range map[supportbot.TimerKind]bool{
		supportbot.TimerState: !c.Until.IsZero(),
		supportbot.TimerLease: c.State.Worked(),
		supportbot.TimerWait:  c.State == supportbot.CaseWaiting || c.State == supportbot.CaseOffered,
	} {
		if has(kind) != want {
			o.breaks(r, 6, "%s is %s until %s, and its timers are %v", c.ID, c.State, c.Until, timers)
		}
	}
}

// chatty tells whether a case is in the hour in which who waits hears something
// every three minutes.
func (o *office) chatty(c supportbot.Case) bool {
	return o.now().Before(c.WaitsSince().Add(57 * time.Minute))
}

// fired: after a sweep nothing is due.
func (o *office) fired(r *rapid.T) {
	now := o.now()
	for _, at := range o.people {
		t, err := o.store.Thread(o.Context(), at)
		if err != nil {
			r.Fatal(err)
		}
		for _, timer := range t.Timers {
			if late := now.Sub(timer.Due); late > time.Second {
				o.breaks(r, 6, "the %s timer of %s is %s late", timer.Kind, at.Peer, late)
			}
		}
	}
}
