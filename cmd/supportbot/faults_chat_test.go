package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// webPerson talks in the web chat, on one node after the other. Two more tabs
// show the same conversation; one of them reads slowly.
type webPerson struct {
	*world
	name  string
	token string
	ids   []string // done, in order
	tabs  []*webTab
}

// webTab is what one tab has shown.
type webTab struct {
	*world
	slow  time.Duration // between two frames
	shown []webEntry
	ws    *websocket.Conn
}

type webEntry struct {
	Seq     int64  `json:"seq"`
	From    string `json:"from"`
	Text    string `json:"text"`
	HTML    string `json:"html"`
	ReplyTo string `json:"reply_to"`
}

type webFrame struct {
	Type     string     `json:"type"`
	Token    string     `json:"token"`
	After    int64      `json:"after"`
	ID       string     `json:"id"`
	Code     string     `json:"code"`
	Messages []webEntry `json:"messages"`
}

// open connects a tab to any node, where it was.
func (tab *webTab) open(token string) (string, error) {
	if tab.ws != nil {
		tab.ws.Close()
		tab.count("persons: websockets opened again")
	}
	dialer := websocket.Dialer{HandshakeTimeout: 2 * time.Second, NetDial: func(network, address string) (net.Conn, error) {
		conn, err := net.DialTimeout(network, address, 2*time.Second)
		if tcp, ok := conn.(*net.TCPConn); ok && tab.slow > 0 {
			_ = tcp.SetReadBuffer(1024)
		}
		return conn, err
	}}
	tab.ws = nil
	ws, _, err := dialer.Dial(strings.Replace(tab.url(), "http", "ws", 1)+"/chat/ws", nil)
	if err != nil {
		return token, err
	}
	tab.ws = ws
	err = ws.WriteJSON(map[string]any{"type": "hello", "token": token, "language": "zh", "after": len(tab.shown)})
	for err == nil {
		var f webFrame
		if f, err = tab.next(4 * time.Second); err == nil && f.Type == "welcome" {
			if f.After != int64(len(tab.shown)) {
				tab.violated("streams", "a tab that has shown %d messages is told to have %d", len(tab.shown), f.After)
			}
			return f.Token, nil
		}
	}
	return token, err
}

// next is the next frame.
func (tab *webTab) next(within time.Duration) (f webFrame, err error) {
	if err := tab.ws.SetReadDeadline(time.Now().Add(within)); err != nil {
		return f, err
	}
	err = tab.ws.ReadJSON(&f)
	for _, m := range f.Messages {
		if tab.shown = append(tab.shown, m); m.Seq != int64(len(tab.shown)) {
			tab.violated("streams", "a tab is sent message %d where %d is next", m.Seq, len(tab.shown))
		}
	}
	return f, err
}

// until reads until a frame comes, opening the chat again whenever it breaks;
// begin is then called again.
func (tab *webTab) until(ctx context.Context, token *string, begin func(*websocket.Conn) error, done func(webFrame) bool) bool {
	for fresh := tab.ws != nil; ctx.Err() == nil; {
		var err error
		if !fresh {
			*token, err = tab.open(*token)
		}
		if fresh = err == nil; fresh {
			if done(webFrame{}) {
				return true
			}
			err = begin(tab.ws)
		}
		for err == nil && ctx.Err() == nil {
			var f webFrame
			if f, err = tab.next(4 * time.Second); err == nil && done(f) {
				return true
			}
			if f.Code == "unavailable" {
				break // nothing was taken
			}
			time.Sleep(tab.slow)
		}
		fresh = fresh && err == nil
		time.Sleep(50 * time.Millisecond)
	}
	return false
}

// chatsOn has a person chat until ctx ends, and everybody read to the end.
func (w *world) chatsOn(ctx context.Context, name string) {
	p := &webPerson{world: w, name: name}
	for _, slow := range []time.Duration{0, 0, 400 * time.Millisecond} {
		p.tabs = append(p.tabs, &webTab{world: w, slow: slow})
	}
	w.mu.Lock()
	w.chats = append(w.chats, p)
	w.mu.Unlock()
	forever, cancel := context.WithCancel(context.Background())
	defer cancel()
	p.say(forever) // makes the token

	var reading sync.WaitGroup
	last := make(chan struct{}) // closed when all is said
	for _, tab := range p.tabs[1:] {
		token := p.token
		reading.Go(func() {
			limit, cancel := context.WithCancel(context.Background())
			defer cancel()
			go func() { <-last; time.Sleep(patience); cancel() }()
			nothing := func(*websocket.Conn) error { return nil }
			everything := func(webFrame) bool {
				select {
				case <-last:
					return len(tab.shown) >= len(p.tabs[0].shown)
				default:
					return false
				}
			}
			if !tab.until(limit, &token, nothing, everything) && len(tab.shown) < len(p.tabs[0].shown) {
				w.violated("streams", "a tab shows %d messages where another shows %d", len(tab.shown), len(p.tabs[0].shown))
			}
		})
	}
	for goesOn(ctx, rand.N(400*time.Millisecond)) {
		p.say(forever)
	}
	close(last)
	reading.Wait()
}

// say sends a message until it is done.
func (p *webPerson) say(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	id := fmt.Sprint(p.name, "/", len(p.ids))
	message := map[string]string{"type": "message", "id": id, "text": "一天能刷多少 " + lettered(len(p.ids))}
	send := func(ws *websocket.Conn) error { return ws.WriteJSON(message) }
	if !p.tabs[0].until(ctx, &p.token, send, func(f webFrame) bool { return f.Type == "done" && f.ID == id }) {
		p.violated("answers", "%s is never done in the web chat", id)
		return
	}
	p.ids = append(p.ids, id)
	p.count("persons: answers in the web chat")
}

// lettered writes a number so that it is no part of a card's: several messages with
// figures may be masked together, and a tab that reads them later sees that.
func lettered(n int) string {
	return strings.Map(func(r rune) rune { return 'a' + r - '0' }, strconv.FormatInt(int64(n), 8))
}

// check compares what the tabs have shown.
func (p *webPerson) check() {
	first := p.tabs[0].shown
	var mine []string
	for _, m := range first {
		if m.From == "user" {
			mine = append(mine, m.ReplyTo)
		}
	}
	if !slices.Equal(mine, p.ids) {
		p.violated("inbox", "%s has sent\n%q\nand sees\n%q", p.name, p.ids, mine)
	}
	for _, tab := range p.tabs[1:] {
		for i := range min(len(tab.shown), len(first)) {
			if tab.shown[i] != first[i] {
				p.violated("streams", "two tabs of %s show different things: %+v and %+v", p.name, first[i], tab.shown[i])
				break
			}
		}
	}
}
