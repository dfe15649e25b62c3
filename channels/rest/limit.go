package rest

import (
	"sync"
	"time"
)

// limiter holds a bucket of tokens per conversation, which refills steadily. A
// message takes a token, a repeated one too: the key's holder is trusted, and
// the limit is there for a client that has gone wild.
type limiter struct {
	now  func() time.Time
	size float64       // tokens in a full bucket
	each time.Duration // in which one token comes back

	mu      sync.Mutex
	buckets map[string]bucket
	swept   time.Time
}

type bucket struct {
	tokens float64
	at     time.Time // when tokens was right
}

func newLimiter(perMinute int, now func() time.Time) *limiter {
	return &limiter{
		now:     now,
		size:    float64(perMinute),
		each:    time.Minute / time.Duration(perMinute),
		buckets: make(map[string]bucket),
		swept:   now(),
	}
}

// take takes a token, or tells how long to wait until there is one.
func (l *limiter) take(name string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.sweep(now)
	b, ok := l.buckets[name]
	if !ok {
		b = bucket{tokens: l.size, at: now}
	}
	b.tokens = min(l.size, b.tokens+float64(now.Sub(b.at))/float64(l.each))
	b.at = now
	if b.tokens < 1 {
		return max(1, time.Duration((1-b.tokens)*float64(l.each)))
	}
	b.tokens--
	l.buckets[name] = b
	return 0
}

// sweep forgets, once a minute, the buckets that are full again: after a minute
// without a message every bucket is.
func (l *limiter) sweep(now time.Time) {
	if now.Sub(l.swept) < time.Minute {
		return
	}
	l.swept = now
	for name, b := range l.buckets {
		if now.Sub(b.at) >= time.Minute {
			delete(l.buckets, name)
		}
	}
}
