package turn

import (
	"sync"

	"supportbot"
)

// hub tells watchers in this process that something has changed. It only hints:
// a watcher reads what changed from the store.
type hub struct {
	mu      sync.Mutex
	threads map[supportbot.Address]map[chan struct{}]bool
	cases   map[chan struct{}]bool
}

// changed hints at a conversation, and at the console if it has a case. It
// never blocks: a watcher who has a hint waiting needs no second one.
func (h *hub) changed(at supportbot.Address, hasCase bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.threads[at] {
		hint(c)
	}
	if hasCase {
		for c := range h.cases {
			hint(c)
		}
	}
}

func hint(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Watch implements channels.Conversations.
func (p *Path) Watch(at supportbot.Address) (<-chan struct{}, func()) {
	h, c := &p.hub, make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.threads == nil {
		h.threads = map[supportbot.Address]map[chan struct{}]bool{}
	}
	if h.threads[at] == nil {
		h.threads[at] = map[chan struct{}]bool{}
	}
	h.threads[at][c] = true
	return c, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.threads[at], c)
		if len(h.threads[at]) == 0 {
			delete(h.threads, at)
		}
	}
}

// WatchCases returns a channel that gets a value soon after any conversation
// with a case has changed; see console.Desk.
func (p *Path) WatchCases() (<-chan struct{}, func()) {
	h, c := &p.hub, make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.cases == nil {
		h.cases = map[chan struct{}]bool{}
	}
	h.cases[c] = true
	return c, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.cases, c)
	}
}
