package turn

import (
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/privacy"
)

// recentLimit is how many conversations a process remembers as its last turns
// left them. One takes a kilobyte or two.
const recentLimit = 8192

// recent are conversations as the last turn here left them, so that the next
// one need not read them. One that has moved on elsewhere is found out by the
// store when the turn is committed, and mostly before by a hint. A conversation
// whose turns go round several processes is better read: only one that began
// here, or has had two turns here in a row, is taken from memory.
type recent struct {
	mu      sync.Mutex
	threads *simplelru.LRU[supportbot.ThreadID, known]
	ids     map[supportbot.Address]supportbot.ThreadID // of threads
}

// known is what a process knows of a conversation.
type known struct {
	supportbot.Thread
	remembered bool            // may be taken from memory
	session    *dialog.Session // of Thread, nil if it must be read; nobody changes it
	said       []Row           // what the person wrote or pressed in the last minutes
	since      time.Time       // said is whole from here on; zero: from the beginning
}

func newRecent() *recent {
	r := &recent{ids: map[supportbot.Address]supportbot.ThreadID{}}
	// The only error is for a limit that is not positive.
	r.threads, _ = simplelru.NewLRU(recentLimit, func(_ supportbot.ThreadID, k known) { delete(r.ids, k.Address) })
	return r
}

// at is the conversation at an address, if it is remembered.
func (r *recent) at(a supportbot.Address) (known, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k, ok := r.threads.Get(r.ids[a])
	return k, ok && k.remembered
}

// stands is the session of a conversation.
func (k known) stands() (dialog.Session, error) {
	if k.session != nil {
		return *k.session, nil
	}
	return sessionOf(k.Thread)
}

// keep remembers a conversation after the turn of a row, with its session if that is
// at hand.
func (r *recent) keep(t supportbot.Thread, row Row, session *dialog.Session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k, ok := r.threads.Get(t.ID)
	switch {
	case ok && k.Tail+1 == row.Seq && k.Version+1 == t.Version:
		k.remembered = true
	case row.Seq == 1:
		k = known{remembered: true}
	default:
		k = known{since: row.Inbound.At}
	}
	k.Thread, k.session = t, session
	if spoken(&row.Inbound) != nil {
		begin := row.Inbound.At.Add(-privacy.SplitLimit)
		k.said = append(slices.DeleteFunc(slices.Clone(k.said), func(r Row) bool { return r.Inbound.At.Before(begin) }), row)
		k.said = k.said[max(0, len(k.said)-privacy.SplitMost):]
	}
	r.threads.Add(t.ID, k)
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
