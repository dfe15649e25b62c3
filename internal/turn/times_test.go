package turn_test

import (
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/handoff"
)

// What a case went through stands beside it once it has ended, with the times at
// which an agent first took it and first wrote.
func TestTimesOfACaseAreKept(t *testing.T) {
	b := newBot(t)
	b.says("1", "errand")
	b.says("2", "red")
	b.act(supportbot.ActClaim, 0, nil)
	says := func(text string) func(*supportbot.AgentAct) {
		return func(a *supportbot.AgentAct) { a.Text = text }
	}
	b.act(supportbot.ActMessage, 2, says("hello"))
	b.act(supportbot.ActRelease, 2, nil)
	before, err := b.Case(t.Context(), "1-1")
	if err != nil || before.ClaimedAt.Before(before.QueuedAt) || before.RepliedAt.Before(before.ClaimedAt) || !before.EndedAt.IsZero() {
		t.Errorf("released is %+v, %v", before, err)
	}
	b.act(supportbot.ActClaim, 0, nil)
	b.act(supportbot.ActMessage, 4, says("me again"))
	if all := b.ended(); len(all) > 0 {
		t.Errorf("nothing has ended, but %+v", all)
	}
	b.act(supportbot.ActOutcome, 4, func(a *supportbot.AgentAct) { a.Verdict, a.Wrapup = supportbot.Failed, "sent-to-bank" })

	all := b.ended()
	if len(all) != 1 {
		t.Fatalf("%d rows of one case: %+v", len(all), all)
	}
	e := all[0]
	if e.Opened != before.QueuedAt || e.Claimed != before.ClaimedAt || e.Replied != before.RepliedAt || e.Ended.Before(e.Replied) {
		t.Errorf("times are %+v, those of the case were %+v", e, before)
	}
	e.Opened, e.Claimed, e.Replied, e.Ended = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	want := supportbot.Ended{
		Case: "1-1", Thread: 1, State: supportbot.CaseDone, Verdict: supportbot.Failed, Reason: "errand", Channel: supportbot.REST,
		Language: supportbot.English, Agent: "Lin", Code: "sent-to-bank",
	}
	if e != want {
		t.Errorf("kept is %+v, want %+v", e, want)
	}
}

// Whichever way a case ends, it is counted once; only somebody whom an agent has
// helped is asked how that was.
func TestEveryEndIsCountedOnce(t *testing.T) {
	notReached := func(b *bot) {
		for fence := int64(2); fence < 2+2*handoff.MaxCalls; fence += 2 {
			b.act(supportbot.ActCallback, fence, nil)
			b.act(supportbot.ActClaim, 0, nil)
		}
	}
	for _, c := range []struct {
		name    string
		claimed bool
		end     func(*bot)
		state   supportbot.CaseState
		verdict supportbot.Verdict
		marked  bool
	}{
		{"closed", true, func(b *bot) { b.act(supportbot.ActClose, 2, nil) }, supportbot.CaseClosed, "", true},
		{"left with an agent", true, func(b *bot) { b.act(supportbot.ActLeave, 0, nil) }, supportbot.CaseAbandoned, "", false},
		{"left the queue", false, func(b *bot) { b.act(supportbot.ActLeave, 0, nil) }, supportbot.CaseAbandoned, "", false},
		{"cancelled with an agent", true, func(b *bot) { b.act(supportbot.ActCancel, 0, nil) }, supportbot.CaseCancelled, supportbot.Unavailable, false},
		{"cancelled", false, func(b *bot) { b.act(supportbot.ActCancel, 0, nil) }, supportbot.CaseCancelled, supportbot.Unavailable, false},
		{"nobody came", false, func(b *bot) { b.act(supportbot.ActExpire, 0, nil) }, supportbot.CaseExpired, supportbot.Unavailable, false},
		{"never reached", true, notReached, supportbot.CaseExpired, supportbot.Unavailable, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBot(t)
			in := supportbot.Inbound{Address: merchant, ID: "1", Kind: supportbot.InChoice, Choice: "control:agent", Language: supportbot.English}
			if _, err := b.Handle(t.Context(), in, []byte("1")); err != nil {
				t.Fatal(err)
			}
			if c.claimed {
				b.act(supportbot.ActClaim, 0, nil)
			}
			c.end(b)
			all := b.ended()
			if len(all) != 1 || all[0].State != c.state || all[0].Verdict != c.verdict || all[0].Claimed.IsZero() == c.claimed || all[0].Ended.IsZero() {
				t.Errorf("kept are %+v", all)
			}
			b.sweep(2 * time.Minute)
			if got := strings.Contains(b.transcript(), "How well did the agent help you"); got != c.marked {
				t.Errorf("asked for a mark: %t\n%s", got, b.transcript())
			}
		})
	}
}

func (b *bot) ended() []supportbot.Ended {
	b.Helper()
	all, err := b.store.Ended(b.Context(), time.Unix(0, 0), time.Now().Add(time.Minute), 9)
	if err != nil {
		b.Fatal(err)
	}
	return all
}
