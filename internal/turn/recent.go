package turn

import (
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"supportbot"
)

// recentLimit is how many conversations a process remembers as its last turns
// left them. One takes about a kilobyte.
const recentLimit = 8192

// recent are conversations as the last turn here left them, so that the next
// one need not read them. One that has moved on elsewhere is found out by the
// store when the turn is committed, and mostly before by a hint.
type recent struct {
	mu      sync.Mutex
	threads *simplelru.LRU[supportbot.ThreadID, supportbot.Thread]
	ids     map[supportbot.Address]supportbot.ThreadID // of threads
}

func newRecent() *recent {
	r := &recent{ids: map[supportbot.Address]supportbot.ThreadID{}}
	// The only error is for a limit that is not positive.
	r.threads, _ = simplelru.NewLRU(recentLimit, func(_ supportbot.ThreadID, t supportbot.Thread) { delete(r.ids, t.Address) })
	return r
}

// at is the conversation at an address, if it is remembered.
func (r *recent) at(a supportbot.Address) (supportbot.Thread, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.threads.Get(r.ids[a])
}

func (r *recent) keep(t supportbot.Thread) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.threads.Add(t.ID, t)
	r.ids[t.Address] = t.ID
}

// heard forgets what another process has changed.
func (r *recent) heard(h Hint) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if h == (Hint{}) {
		r.threads.Purge()
	} else {
		r.threads.Remove(h.Thread)
	}
}
