package webchat

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// TestTabsThatComeAndGoMissNothing also holds while an agent writes without a
// pause.
func TestTabsThatComeAndGoMissNothing(t *testing.T) {
	const said = 300
	bot := newMemory()
	server := serve(t, bot)
	first := dial(t, server)
	token, greeted := first.hello("", 0)
	want(t, greeted, []string{greeting})

	var running sync.WaitGroup
	running.Go(func() {
		for i := range said {
			bot.agentSays("王芳", fmt.Sprint(i))
			time.Sleep(time.Duration(i%3) * 100 * time.Microsecond)
		}
	})
	for tab := range 8 {
		running.Go(func() {
			for seen := 0; seen < said+1; { // each tab leaves now and then, and comes back
				seen = readSome(t, server.URL, token, seen, 20+30*tab)
			}
		})
	}
	running.Wait()
}

// readSome opens a tab that has seen a message, reads at least n messages or to
// the end, and returns the last one.
func readSome(t *testing.T, url, token string, seen, n int) int {
	ws, _, err := websocket.DefaultDialer.Dial(strings.Replace(url, "http", "ws", 1)+"/chat/ws", nil)
	if err != nil {
		t.Error(err)
		return 1 << 20
	}
	defer ws.Close()
	if err := ws.WriteJSON(frame{"type": "hello", "token": token, "after": seen}); err != nil {
		t.Error(err)
	}
	_ = ws.SetReadDeadline(time.Now().Add(20 * time.Second))
	for until := min(seen+n, 301); seen < until; {
		var got struct {
			Type     string
			Messages []struct{ Seq int }
		}
		if err := ws.ReadJSON(&got); err != nil {
			t.Errorf("after message %d: %v", seen, err)
			return 1 << 20
		}
		for _, m := range got.Messages {
			if m.Seq != seen+1 {
				t.Errorf("message %d came after message %d", m.Seq, seen)
				return 1 << 20
			}
			seen = m.Seq
		}
	}
	return seen
}

func TestManyTabsReadTheStoreOnce(t *testing.T) {
	bot := newMemory()
	server := serve(t, bot)
	token, _ := dial(t, server).hello("", 0)
	tabs := make([]*client, 20)
	for i := range tabs {
		tabs[i] = dial(t, server)
		tabs[i].hello(token, 0)
	}
	before := bot.Reads()
	bot.agentSays("王芳", "您好")
	for _, tab := range tabs {
		want(t, shown(tab.next("messages")), []string{"2 agent 您好"})
	}
	if n := bot.Reads() - before; n > 2 { // a hint may have waited from before
		t.Errorf("the transcript was read %d times for one message in %d tabs", n, len(tabs))
	}
	if bot.Watched() != 1 {
		t.Errorf("the conversation is watched %d times", bot.Watched())
	}
}

func TestSlowTabHoldsUpNoOther(t *testing.T) {
	bot := newMemory()
	channel := New(bot, Options{Context: t.Context(), Log: quiet})
	channel.writeTimeout = time.Hour
	server := serveChannel(t, channel)
	token, _ := dial(t, server).hello("", 0) // and reads nothing from now on
	quick := dial(t, server)
	quick.hello(token, 0)
	big := strings.Repeat("满", 100_000) // so that the buffers of the network are soon full
	for i := range 2 * queueLength {
		bot.agentSays("王芳", big)
		if got := shown(quick.next("messages")); len(got) != 1 || !strings.HasPrefix(got[0], fmt.Sprint(i+2, " ")) {
			t.Fatalf("message %d: got %d messages", i+2, len(got))
		}
	}
}
