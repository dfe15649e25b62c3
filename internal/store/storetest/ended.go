package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supportbot"
)

// over is a case that an agent ended.
func over(id string, at time.Time) *supportbot.Case {
	return &supportbot.Case{
		ID: id, State: supportbot.CaseDone, Reason: "forgot-password", Priority: supportbot.High, Channel: supportbot.Web, Language: supportbot.Chinese,
		Owner: "li", Fence: 3, Verdict: supportbot.Verified, QueuedAt: noon, ClaimedAt: noon.Add(time.Minute), EndedAt: at, Code: "solved",
	}
}

func endedOf(t *testing.T, s Store, from, to time.Time) []supportbot.Ended {
	t.Helper()
	all, err := s.Ended(t.Context(), from, to, 9)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// testEnded keeps the times of a case with the turn that ends it, by every way in
// which a turn is written, and later the score.
func testEnded(t *testing.T, s Store) {
	in := says("mei", "1", "hello")
	c := first("hello")
	c.Case = over("1-1", noon.Add(time.Hour))
	r, err := s.Take(t.Context(), in, digest(in), c)
	if err != nil {
		t.Fatal(err)
	}
	again := says("mei", "2", "hello again")
	c = supportbot.Commit{Thread: r.Thread, Seq: 2, Version: 1, Ended: over("1-2", noon.Add(2*time.Hour)), Case: over("1-3", noon.Add(2*time.Hour))}
	if _, err := s.Take(t.Context(), again, digest(again), c); err != nil {
		t.Fatal(err)
	}
	other := play(t, s, "lan", func(c *supportbot.Commit) { c.Case = over("2-1", noon.Add(3*time.Hour)) })
	play(t, s, "wang", opens("3-1"))                                                                      // has not ended
	play(t, s, "mei", func(c *supportbot.Commit) { c.Case = over("1-3", noon.Add(5*time.Hour)) })         // had ended
	play(t, s, "mei", func(c *supportbot.Commit) { c.Score = &supportbot.Score{Case: "1-3", Score: 5} })  //
	play(t, s, "mei", func(c *supportbot.Commit) { c.Score = &supportbot.Score{Case: "1-3", Score: 1} })  // once is enough
	play(t, s, "mei", func(c *supportbot.Commit) { c.Score = &supportbot.Score{Case: "2-1", Score: 1} })  // another's
	play(t, s, "wang", func(c *supportbot.Commit) { c.Score = &supportbot.Score{Case: "3-1", Score: 3} }) // has not ended
	want := func(id string, thread supportbot.ThreadID, after time.Duration) supportbot.Ended {
		return supportbot.Ended{
			Case: id, Thread: thread, State: supportbot.CaseDone, Verdict: supportbot.Verified, Reason: "forgot-password", Channel: supportbot.Web,
			Language: supportbot.Chinese, Agent: "li", Opened: noon, Claimed: noon.Add(time.Minute), Ended: noon.Add(after), Code: "solved",
		}
	}
	scored := want("1-3", r.Thread, 2*time.Hour)
	scored.Score = 5
	all := []supportbot.Ended{want("1-1", r.Thread, time.Hour), want("1-2", r.Thread, 2*time.Hour), scored, want("2-1", other, 3*time.Hour)}
	if diff := cmp.Diff(all, endedOf(t, s, noon, noon.Add(24*time.Hour))); diff != "" {
		t.Errorf("ended (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(all[1:3], endedOf(t, s, noon.Add(2*time.Hour), noon.Add(3*time.Hour))); diff != "" {
		t.Errorf("ended in the third hour (-want +got):\n%s", diff)
	}
}

// testWrapUp lets the last owner give a code for a while, and nobody else.
func testWrapUp(t *testing.T, s Store) {
	now := time.Now().UTC().Truncate(time.Microsecond)
	play(t, s, "mei", func(c *supportbot.Commit) { c.Case = over("1-1", now) })
	play(t, s, "lan", func(c *supportbot.Commit) { c.Case = over("2-1", now.Add(-11*time.Minute)) })
	play(t, s, "wang", opens("3-1"))
	for _, wrong := range [][2]string{{"1-1", "wang"}, {"2-1", "li"}, {"3-1", ""}, {"9-9", "li"}} {
		if err := s.WrapUp(t.Context(), wrong[0], wrong[1], "spam"); !errors.Is(err, supportbot.ErrNotFound) {
			t.Errorf("%q wraps up %s: %v, want ErrNotFound", wrong[1], wrong[0], err)
		}
	}
	if err := s.WrapUp(t.Context(), "1-1", "li", "needs-visit"); err != nil {
		t.Fatal(err)
	}
	all := endedOf(t, s, now.Add(-time.Hour), now.Add(time.Second))
	if len(all) != 2 || all[0].Code != "solved" || all[1].Code != "needs-visit" {
		t.Errorf("ended are %+v", all)
	}
	rows, err := s.AuditRows(t.Context(), 0, 9)
	if err != nil || len(rows) != 1 || rows[0].Action != supportbot.CaseWrappedUp || rows[0].Actor != "li" || rows[0].Details["code"] != "needs-visit" {
		t.Errorf("audited are %+v, %v", rows, err)
	}
}
