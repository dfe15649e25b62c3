package console

import (
	"net/netip"
	"sync"
	"time"
)

// Ten guesses in a quarter of an hour leave a guesser nothing to hope for and a
// forgetful agent enough. They are counted by address and name together, so
// that nobody can lock an agent out from elsewhere.
const (
	attemptsPerWindow = 10
	attemptsWindow    = 15 * time.Minute
	attemptsKept      = 10_000 // names and addresses that are remembered at most
)

// attempts counts log-ins that have not succeeded. The zero value is ready.
type attempts struct {
	mu   sync.Mutex
	made map[attempt]tally
}

type attempt struct {
	from netip.Prefix
	name string
}

type tally struct {
	n     int
	since time.Time
}

// attemptKey counts an IPv6 network as one address, since its owner has them all.
func attemptKey(remote, name string) attempt {
	at, _ := netip.ParseAddrPort(remote) // the zero address if there is none
	bits := 32
	if at.Addr().Is6() && !at.Addr().Is4In6() {
		bits = 64
	}
	from, _ := at.Addr().Unmap().Prefix(bits)
	return attempt{from: from, name: name[:min(len(name), 100)]}
}

// take counts one attempt and tells whether it may be made.
func (a *attempts) take(key attempt, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.made == nil {
		a.made = map[attempt]tally{}
	}
	t, known := a.made[key]
	if !known && len(a.made) >= attemptsKept {
		a.evict(now)
		if len(a.made) >= attemptsKept {
			return false // somebody tries thousands of names: new ones have to wait
		}
	}
	if now.Sub(t.since) > attemptsWindow {
		t = tally{since: now}
	}
	t.n++
	a.made[key] = t
	return t.n <= attemptsPerWindow
}

// evict forgets what has expired.
func (a *attempts) evict(now time.Time) {
	for key, t := range a.made {
		if now.Sub(t.since) > attemptsWindow {
			delete(a.made, key)
		}
	}
}

// forget is for a log-in that has succeeded.
func (a *attempts) forget(key attempt) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.made, key)
}
