package turn_test

import (
	"testing"
	"time"

	"supportbot"
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
	b.act(supportbot.ActOutcome, 4, func(a *supportbot.AgentAct) { a.Verdict, a.Wrapup = supportbot.Failed, supportbot.SentToBank })

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
		Language: supportbot.English, Agent: "Lin", Code: supportbot.SentToBank,
	}
	if e != want {
		t.Errorf("kept is %+v, want %+v", e, want)
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
