package console

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Whoever guesses gets ten tries on a name in a quarter of an hour, from wherever
// they are made, and a hundred from one address on whatever names. A browser in
// which the agent has logged in before is counted by itself, so that nobody who
// guesses can keep the agent out.
const (
	triesPerName    = 10
	triesPerAddress = 100
	triesPerDevice  = 20
	triesWindow     = 15 * time.Minute
	triesKept       = 100_000 // names and addresses that are remembered at most
)

// attempts counts log-ins that have not succeeded. The zero value is ready. Each
// process counts for itself.
type attempts struct {
	mu      sync.Mutex
	made    map[attempt]tally
	evicted time.Time // when it was last looked for what has expired
}

// attempt is what tries are counted by: exactly one field is set.
type attempt struct {
	from   string // a network
	name   string
	device string
}

type tally struct {
	n     int
	since time.Time
}

func (a attempt) limit() int {
	switch {
	case a.device != "":
		return triesPerDevice
	case a.from != "":
		return triesPerAddress
	}
	return triesPerName
}

// by is a name as it was typed, whether or not there is such an agent.
func by(name string) attempt { return attempt{name: "=" + name[:min(len(name), 100)]} }

// take counts one try and tells whether it may be made.
func (a *attempts) take(key attempt, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.made == nil {
		a.made = map[attempt]tally{}
	}
	t, known := a.made[key]
	if !known && len(a.made) >= triesKept {
		a.evict(now)
		if len(a.made) >= triesKept {
			return false // somebody has thousands of addresses: new browsers have to wait
		}
	}
	if now.Sub(t.since) > triesWindow {
		t = tally{since: now}
	}
	t.n++
	a.made[key] = t
	return t.n <= key.limit()
}

// evict forgets what has expired, not more often than each minute, since it looks
// at all.
func (a *attempts) evict(now time.Time) {
	if now.Sub(a.evicted) < time.Minute {
		return
	}
	a.evicted = now
	for key, t := range a.made {
		if now.Sub(t.since) > triesWindow {
			delete(a.made, key)
		}
	}
}

// giveBack undoes n tries, for a log-in that has succeeded. What others have
// tried still counts.
func (a *attempts) giveBack(key attempt, n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	t := a.made[key]
	if t.n = max(0, t.n-n); t.n == 0 {
		delete(a.made, key)
		return
	}
	a.made[key] = t
}

// mayTry counts a try to log in as name and tells whether it may be made.
func (c *Console) mayTry(r *http.Request, name string) bool {
	now := time.Now()
	if id := c.device(r, name); id != "" {
		return c.devices.take(attempt{device: id}, now)
	}
	if from := c.client(r); from != "" && !c.strangers.take(attempt{from: from}, now) {
		return false
	}
	return c.strangers.take(by(name), now)
}

// giveBack undoes n tries to log in as name.
func (c *Console) giveBack(r *http.Request, name string, n int) {
	if id := c.device(r, name); id != "" {
		c.devices.giveBack(attempt{device: id}, n)
		return
	}
	c.strangers.giveBack(attempt{from: c.client(r)}, n)
	c.strangers.giveBack(by(name), n)
}

// succeeded gives back what a log-in has cost in n tries, in a known browser also
// what slips before it have, and marks the browser.
func (c *Console) succeeded(w http.ResponseWriter, r *http.Request, name string, n int) {
	if c.device(r, name) != "" {
		n = triesPerDevice
	}
	c.giveBack(r, name, n)
	id := rand.Text()
	http.SetCookie(w, &http.Cookie{
		Name: c.cookie("supportbot_device"), Value: id + "." + c.sign(id, name), Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: c.secure,
	})
}

// device is the id of a browser in which somebody has logged in as name before,
// "" of another one.
func (c *Console) device(r *http.Request, name string) string {
	cookie, err := r.Cookie(c.cookie("supportbot_device"))
	if err != nil {
		return ""
	}
	id, signature, _ := strings.Cut(cookie.Value, ".")
	if !hmac.Equal([]byte(signature), []byte(c.sign(id, name))) {
		return ""
	}
	return id
}

// sign ties a device to a name. An id has no line break.
func (c *Console) sign(id, name string) string {
	mac := hmac.New(sha256.New, c.key)
	mac.Write([]byte(id + "\n" + name))
	return hex.EncodeToString(mac.Sum(nil))
}
