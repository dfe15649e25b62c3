package webchat

import (
	"context"
	"testing"
	"time"

	"supportbot"
)

// A page that has shown what was said answers for it; one that was closed, or whose
// line is dead, does not.
func TestWhatAPageHasShownIsTold(t *testing.T) {
	told := make(chan int64, 9)
	bot := newMemory()
	channel := New(bot, Options{Context: t.Context(), Log: quiet, Seen: func(_ context.Context, _ supportbot.Address, last int64) error {
		told <- last
		return nil
	}})
	c := dial(t, serveChannel(t, channel))
	c.hello("", 0)
	var r *room
	for r == nil {
		channel.mu.Lock()
		for _, open := range channel.rooms {
			r = open
		}
		channel.mu.Unlock()
	}
	shows := func(want int64) {
		t.Helper()
		r.beat()
		for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
			r.tellShown(t.Context())
			select {
			case last := <-told:
				if last != want {
					t.Errorf("shown is %d, want %d", last, want)
				}
				return
			default:
			}
		}
		t.Errorf("message %d is not told", want)
	}
	go func() { // a browser answers pings whatever its page does
		for {
			if _, _, err := c.ws.ReadMessage(); err != nil {
				return
			}
		}
	}()
	shows(1)
	r.answered("7") // which was not sent yet
	r.answered("nonsense")
	r.tellShown(t.Context())
	bot.agentSays("王芳", "您好")
	for r.last() < 2 {
		time.Sleep(time.Millisecond)
	}
	select {
	case last := <-told:
		t.Errorf("%d is told before the page has answered", last)
	default:
	}
	shows(2)
}

func (r *room) last() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seq
}
