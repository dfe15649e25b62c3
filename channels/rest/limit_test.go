package rest

import (
	"fmt"
	"testing"
	"time"
)

func TestLimiterForgetsOnlyFullBuckets(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l := newLimiter(1, func() time.Time { return now })
	for i := range 1000 {
		l.take(fmt.Sprint("once-", i))
	}
	now = now.Add(59 * time.Second)
	l.take("wild")
	now = now.Add(time.Second)
	if l.take("wild") == 0 {
		t.Error("a bucket was forgotten while it was empty, so the limit was passed")
	}
	if n := len(l.buckets); n != 1 {
		t.Errorf("%d buckets are kept, want the one that is not full", n)
	}
}
