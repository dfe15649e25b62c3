package turn

import (
	"context"
	"sync"

	"supportbot"
)

// lanes keeps the turns of one conversation apart within this process. Between
// processes the store's compare-and-set does; this only saves work.
type lanes struct {
	mu   sync.Mutex
	busy map[supportbot.ThreadID]*lane
}

type lane struct {
	token chan struct{} // holds one value while the lane is free
	users int
}

// lock waits for the lane of a conversation.
func (l *lanes) lock(ctx context.Context, id supportbot.ThreadID) (unlock func(), err error) {
	l.mu.Lock()
	if l.busy == nil {
		l.busy = map[supportbot.ThreadID]*lane{}
	}
	at := l.busy[id]
	if at == nil {
		at = &lane{token: make(chan struct{}, 1)}
		at.token <- struct{}{}
		l.busy[id] = at
	}
	at.users++
	l.mu.Unlock()

	leave := func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if at.users--; at.users == 0 {
			delete(l.busy, id)
		}
	}
	select {
	case <-at.token:
		return func() { at.token <- struct{}{}; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}
