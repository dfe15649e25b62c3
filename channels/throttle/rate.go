// Package throttle limits how much may come in, so that a client gone wild, or
// somebody who means harm, takes nothing from the others.
package throttle

import (
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// kept is how many names a Rate remembers, some 200 bytes each. A name that is
// forgotten for lack of room begins with a full bucket.
const kept = 50_000

// Rate is a bucket of tokens for each of many names. A nil Rate has no limit.
type Rate struct {
	limit rate.Limit
	burst int

	mu      sync.Mutex
	buckets *lru.Cache[string, *rate.Limiter]
}

// NewRate makes a Rate of so many tokens a minute and name, as many at once; nil
// for 0.
func NewRate(perMinute int) *Rate {
	if perMinute == 0 {
		return nil
	}
	return newRate(rate.Limit(float64(perMinute)/60), perMinute, kept)
}

// NewSlowRate makes a Rate of so many tokens at once, of which one comes back every
// so often.
func NewSlowRate(atOnce int, every time.Duration) *Rate {
	return newRate(rate.Every(every), atOnce, kept)
}

func newRate(limit rate.Limit, burst, kept int) *Rate {
	buckets, err := lru.New[string, *rate.Limiter](kept)
	if err != nil {
		panic(err) // only a size below 1 is refused
	}
	return &Rate{limit: limit, burst: burst, buckets: buckets}
}

// Take takes a token of a name and returns 0. If there is none, it takes nothing
// and returns how long to wait for one.
func (r *Rate) Take(name string) time.Duration {
	if r == nil {
		return 0
	}
	now := time.Now()
	b := r.bucket(name)
	if b.AllowN(now, 1) {
		return 0
	}
	return max(untilToken(b, now), 1) // one may have come back this moment
}

// Wait is how long to wait for a token of a name. It takes none.
func (r *Rate) Wait(name string) time.Duration {
	if r == nil {
		return 0
	}
	return untilToken(r.bucket(name), time.Now())
}

// untilToken reserves nothing: reservations that overlap are not given back whole
// when they are cancelled, so that whoever asks often would owe ever more.
func untilToken(b *rate.Limiter, now time.Time) time.Duration {
	missing := 1 - b.TokensAt(now)
	return max(0, time.Duration(missing/float64(b.Limit())*float64(time.Second)))
}

func (r *Rate) bucket(name string) *rate.Limiter {
	r.mu.Lock()
	defer r.mu.Unlock()
	b, ok := r.buckets.Get(name)
	if !ok {
		b = rate.NewLimiter(r.limit, r.burst)
		r.buckets.Add(name, b)
	}
	return b
}

// Seconds is a wait as Retry-After has it: whole seconds, at least 1.
func Seconds(wait time.Duration) int {
	return max(1, int((wait+time.Second-1)/time.Second))
}
