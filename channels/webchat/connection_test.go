package webchat

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func TestTurnIsFinishedWhenTheClientLeaves(t *testing.T) {
	bot := newMemory()
	c := dial(t, serve(t, bot))
	c.hello("", 0)
	c.next("typing")
	bot.takes(100 * time.Millisecond)
	c.say("a", "你好")
	c.next("typing")
	c.ws.Close()
	for deadline := time.Now().Add(5 * time.Second); len(bot.texts()) < 2; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the turn was given up")
		}
	}
}

func TestOpeningThatFailsIsTriedAgainOnReturn(t *testing.T) {
	bot := newMemory()
	server := serve(t, bot)
	bot.fails(errDown)
	c := dial(t, server)
	c.write(`{"type":"hello","language":"zh"}`)
	token := c.next("welcome")["token"].(string)
	c.endsWith(websocket.CloseTryAgainLater)
	bot.fails(nil)
	_, greeted := dial(t, server).hello(token, 0)
	want(t, greeted, []string{greeting})
}

func TestPanicCostsOnlyItsConnection(t *testing.T) {
	bot := newMemory()
	server := serve(t, bot)
	other, c := dial(t, server), dial(t, server)
	other.hello("", 0)
	token, _ := c.hello("", 0)
	c.say("a", crash)
	c.endsWith(websocket.CloseTryAgainLater)
	dial(t, server).hello(token, 0)
	other.say("a", "你好")
	other.next("done")
}

func TestLongTranscriptComesInPages(t *testing.T) {
	bot := newMemory()
	server := serve(t, bot)
	c := dial(t, server)
	token, _ := c.hello("", 0)
	for i := range 449 {
		bot.agentSays("王芳", fmt.Sprint(i))
	}
	late := dial(t, server)
	_, all := late.hello(token, 0)
	for len(all) < 450 {
		all = append(all, shown(late.next("messages"))...)
	}
	for i, line := range all {
		if !strings.HasPrefix(line, fmt.Sprint(i+1, " ")) {
			t.Fatalf("message %d is %q", i+1, line)
		}
	}
}

func TestChatThatEndsLeavesNothingBehind(t *testing.T) {
	bot := newMemory()
	c := dial(t, serve(t, bot))
	c.hello("", 0)
	c.next("typing")
	c.say("a", "你好")
	c.next("done")
	if bot.Watched() != 1 {
		t.Fatal("the open chat is not followed")
	}
	c.ws.Close()
	for deadline := time.Now().Add(5 * time.Second); bot.Watched() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the chat is still followed after its client left")
		}
	}
}

func TestSlowReaderIsDroppedAndCatchesUp(t *testing.T) {
	bot := newMemory()
	channel := New(bot, Options{Context: t.Context(), Log: quiet})
	channel.writeTimeout = 50 * time.Millisecond
	server := serveChannel(t, channel)
	c := dial(t, server)
	token, _ := c.hello("", 0)

	// More than the buffers of the network hold, in rounds so that each becomes
	// a frame; the client reads nothing of it.
	big := strings.Repeat("满", 100_000)
	sent := 1
	for deadline := time.Now().Add(20 * time.Second); bot.Watched() > 0; {
		if time.Now().After(deadline) {
			t.Fatal("the slow reader is still connected")
		}
		if sent < 100 {
			bot.agentSays("王芳", big)
			sent++
		}
		time.Sleep(10 * time.Millisecond)
	}
	if _, last := dial(t, server).hello(token, sent-1); len(last) != 1 {
		t.Errorf("%d messages were caught up with, want the last", len(last))
	}
}

func TestShutdownEndsChats(t *testing.T) {
	ctx, shutdown := context.WithCancel(t.Context())
	open := dial(t, serveChannel(t, New(newMemory(), Options{Context: ctx, Log: quiet})))
	open.hello("", 0)
	shutdown()
	open.endsWith(websocket.CloseGoingAway)
}
