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

// try takes the lane of a conversation if nobody has it or waits for it.
func (l *lanes) try(id supportbot.ThreadID) (unlock func(), free bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.busy[id] != nil {
		return nil, false
	}
	at := l.enter(id)
	<-at.token
	return func() { l.leave(id, at) }, true
}

// lock waits for the lane of a conversation.
func (l *lanes) lock(ctx context.Context, id supportbot.ThreadID) (unlock func(), err error) {
	l.mu.Lock()
	at := l.enter(id)
	l.mu.Unlock()
	select {
	case <-at.token:
		return func() { l.leave(id, at) }, nil
	case <-ctx.Done():
		l.gone(id, at)
		return nil, ctx.Err()
	}
}

// enter joins the users of a lane; l.mu is held.
func (l *lanes) enter(id supportbot.ThreadID) *lane {
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
	return at
}

// leave hands the lane on.
func (l *lanes) leave(id supportbot.ThreadID, at *lane) {
	at.token <- struct{}{}
	l.gone(id, at)
}

func (l *lanes) gone(id supportbot.ThreadID, at *lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if at.users--; at.users == 0 {
		delete(l.busy, id)
	}
}
