package handoff

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"supportbot"
)

func TestSum(t *testing.T) {
	at := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	ended := func(channel supportbot.Channel, waited, worked time.Duration, score int) supportbot.Ended {
		e := supportbot.Ended{Channel: channel, Reason: string(channel), Opened: at, Ended: at.Add(waited + worked), Score: score}
		if worked > 0 {
			e.Claimed = at.Add(waited)
		}
		return e
	}
	all := []supportbot.Ended{
		ended(supportbot.Web, time.Minute, 10*time.Minute, 5),
		ended(supportbot.Web, 61*time.Second, 2*time.Minute, 2),
		ended(supportbot.Voice, 20*time.Second, 3*time.Minute, 0),
		ended(supportbot.Voice, time.Minute, 4*time.Minute, 0),
		ended(supportbot.SMS, time.Hour, 0, 0), // nobody came
	}
	promise := Promise{Chat: time.Minute, Phone: 20 * time.Second}
	want := Figures{
		Cases: 5, Answered: 4, Lost: 1, InTime: 2, Marks: 2, Mark: 3.5,
		Answer: Spread{Median: time.Minute, P90: 61 * time.Second}, Handle: Spread{Median: 3 * time.Minute, P90: 10 * time.Minute},
	}
	if got := Sum(all, promise); got != want {
		t.Errorf("figures are\n%+v, want\n%+v", got, want)
	}
	if got := Sum(nil, promise); got != (Figures{}) {
		t.Errorf("of nothing: %+v", got)
	}
	groups := SumBy(all, promise, func(e supportbot.Ended) string { return e.Reason })
	if len(groups) != 3 || groups[0].Key != "voice" || groups[0].Cases != 2 || groups[2].Key != "sms" || groups[2].Lost != 1 {
		t.Errorf("groups are %+v", groups)
	}
}

// At least so many percent do not exceed a percentile, and fewer do not exceed any
// smaller one.
func TestPercentile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		times := rapid.SliceOfN(rapid.Map(rapid.Int64Range(0, 20), func(n int64) time.Duration { return time.Duration(n) }), 1, 50).Draw(t, "times")
		percent := rapid.IntRange(1, 100).Draw(t, "percent")
		slices.Sort(times)
		p := percentile(times, percent)
		within := func(limit time.Duration) (n int) {
			for _, x := range times {
				if x <= limit {
					n++
				}
			}
			return n
		}
		if 100*within(p) < percent*len(times) || 100*within(p-1) >= percent*len(times) {
			t.Errorf("%d%% of %v is %d", percent, times, p)
		}
	})
}
