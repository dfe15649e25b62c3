package turn

import (
	"sync"

	"supportbot"
)

// hub tells watchers in this process that something has changed. It only hints:
// a watcher reads what changed from the store.
type hub struct {
	mu      sync.Mutex
	threads map[supportbot.Address]*watched
	known   map[supportbot.ThreadID]supportbot.Address // of those that are watched
	unknown map[supportbot.Address]bool                // watched, but its number is not known yet
	cases   watchers
}

// watched is a conversation that somebody watches.
type watched struct {
	watchers
	id supportbot.ThreadID // 0 while it is not known
}

type watchers map[chan struct{}]bool

// hint never blocks: a watcher who has a hint waiting needs no second one.
func (w watchers) hint() {
	for c := range w {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// changed hints at a conversation, and at the console if it has a case.
func (h *hub) changed(at supportbot.Address, hasCase bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.hint(at)
	if hasCase {
		h.cases.hint()
	}
}

func (h *hub) hint(at supportbot.Address) {
	if w := h.threads[at]; w != nil {
		w.hint()
	}
}

// heard passes on what another process says. It names conversations by number,
// so whoever watches one whose number is not known is told of every change.
func (h *hub) heard(hint Hint) {
	h.mu.Lock()
	defer h.mu.Unlock()
	everything := hint == Hint{}
	if everything {
		for at := range h.threads {
			h.hint(at)
		}
	} else {
		h.hint(h.known[hint.Thread])
		for at := range h.unknown {
			h.hint(at)
		}
	}
	if everything || hint.Case {
		h.cases.hint()
	}
}

func (h *hub) casesChanged() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.cases.hint()
}

// learn takes down the number of a conversation that is watched.
func (h *hub) learn(at supportbot.Address, id supportbot.ThreadID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.unknown[at] {
		delete(h.unknown, at)
		h.threads[at].id = id
		h.known[id] = at
	}
}

// deskIsWatched tells whether a console is open.
func (h *hub) deskIsWatched() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.cases) > 0
}

// Watch implements channels.Conversations.
func (p *Path) Watch(at supportbot.Address) (<-chan struct{}, func()) {
	h, c := &p.hub, make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.threads == nil {
		h.threads = map[supportbot.Address]*watched{}
		h.known, h.unknown = map[supportbot.ThreadID]supportbot.Address{}, map[supportbot.Address]bool{}
	}
	if h.threads[at] == nil {
		h.threads[at] = &watched{watchers: watchers{}}
		h.unknown[at] = true
	}
	w := h.threads[at]
	w.watchers[c] = true
	return c, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(w.watchers, c)
		if len(w.watchers) == 0 && h.threads[at] == w {
			delete(h.threads, at)
			delete(h.known, w.id)
			delete(h.unknown, at)
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
		h.cases = watchers{}
	}
	h.cases[c] = true
	return c, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.cases, c)
	}
}
