package handoff

import (
	"cmp"
	"slices"
	"time"

	"supportbot"
)

// Promise is within what time an agent ought to take a case.
type Promise struct{ Chat, Phone time.Duration }

// Figures are what came of some cases that have ended.
type Figures struct {
	Cases    int
	Answered int // an agent took it
	Lost     int // the person left, or nobody came, before an agent took it
	InTime   int // answered within the promise
	Answer   Spread
	Handle   Spread // from the first claim to the end
	Marks    int    // given
	Mark     float64
}

// Spread is how a time is spread over cases, 0 for none of them.
type Spread struct{ Median, P90 time.Duration }

// Group are the cases that have something in common.
type Group struct {
	Key string
	Figures
}

// Share is a part in percent, 0 of nothing.
func Share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return 100 * float64(part) / float64(whole)
}

// Sum computes the figures of cases that have ended.
func Sum(all []supportbot.Ended, promise Promise) (f Figures) {
	var answer, handle []time.Duration
	for _, e := range all {
		f.Cases++
		if e.Score > 0 {
			f.Marks++
			f.Mark += float64(e.Score)
		}
		if e.Claimed.IsZero() {
			f.Lost++
			continue
		}
		f.Answered++
		waited := e.Claimed.Sub(e.Opened)
		if waited <= promise.of(e.Channel) {
			f.InTime++
		}
		answer, handle = append(answer, waited), append(handle, e.Ended.Sub(e.Claimed))
	}
	if f.Marks > 0 {
		f.Mark /= float64(f.Marks)
	}
	f.Answer, f.Handle = spread(answer), spread(handle)
	return f
}

func (p Promise) of(channel supportbot.Channel) time.Duration {
	if channel.IsVoice() {
		return p.Phone
	}
	return p.Chat
}

// SumBy computes the figures of each group, the largest first.
func SumBy(all []supportbot.Ended, promise Promise, key func(supportbot.Ended) string) []Group {
	parts := map[string][]supportbot.Ended{}
	for _, e := range all {
		parts[key(e)] = append(parts[key(e)], e)
	}
	var groups []Group
	for key, part := range parts {
		groups = append(groups, Group{key, Sum(part, promise)})
	}
	slices.SortFunc(groups, func(a, b Group) int { return cmp.Or(cmp.Compare(b.Cases, a.Cases), cmp.Compare(a.Key, b.Key)) })
	return groups
}

func spread(times []time.Duration) Spread {
	slices.Sort(times)
	return Spread{Median: percentile(times, 50), P90: percentile(times, 90)}
}

// percentile is the smallest of sorted times that so many percent of them do not
// exceed (the nearest rank), 0 of none.
func percentile(sorted []time.Duration, percent int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[(len(sorted)*percent+99)/100-1]
}
