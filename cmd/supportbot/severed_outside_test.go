package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"supportbot/internal/nettest"
)

// trouble is half a minute of a bad network in a few seconds.
func trouble(t *testing.T, n *nettest.Network) {
	t.Helper()
	for _, fault := range [][2]string{
		{"reset_peer", `{"timeout": 20}`},
		{"latency", `{"latency": 300, "jitter": 200}`},
		{"limit_data", `{"bytes": 700}`}, // then the connection ends, in the middle of something
		{"bandwidth", `{"rate": 2}`},
		{"slicer", `{"average_size": 20, "size_variation": 10, "delay": 2000}`},
		{"timeout", `{"timeout": 200}`},
	} {
		n.Suffer(t, fault[0], fault[1])
		time.Sleep(800 * time.Millisecond)
		n.Mend(t)
		time.Sleep(300 * time.Millisecond)
	}
	n.Part()
	time.Sleep(300 * time.Millisecond)
	n.Join(t)
	n.Swallow(t, time.Second)
	time.Sleep(time.Second)
}

// TestABadNetworkToAPerson has somebody chat over a network with faults. The
// client does what the page does: it tries again under the same id, and asks for
// what came after the last message that it has.
func TestABadNetworkToAPerson(t *testing.T) {
	t.Parallel() // it mostly waits
	s := serve(t, t.TempDir())
	n, through := nettest.Before(t, s.url)
	p := &person{T: t, url: strings.Replace(through, "http", "ws", 1) + "/chat/ws"}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		trouble(t, n)
	}()
	var sent []string
	for open := true; open; {
		text := numbered(len(sent))
		p.says(fmt.Sprint(len(sent)), text)
		sent = append(sent, text)
		select {
		case <-ended:
			open = false
		case <-time.After(20 * time.Millisecond):
		}
	}
	if !slices.Equal(p.own, sent) {
		t.Errorf("the person has sent\n%q\nand sees\n%q", sent, p.own)
	}
	t.Logf("%d messages over %d connections", len(sent), p.dials)
}

// person is somebody who chats.
type person struct {
	*testing.T
	url, token string
	ws         *websocket.Conn
	seq        float64  // of the last message that came
	own        []string // what the person sees to have said
	dials      int
}

// says sends a message until it is done.
func (p *person) says(id, text string) {
	for begun := time.Now(); time.Since(begun) < 30*time.Second; time.Sleep(50 * time.Millisecond) {
		if p.tries(id, text) == nil {
			return
		}
		if p.ws != nil {
			p.ws.Close()
			p.ws = nil
		}
	}
	p.Fatalf("message %s was never done", id)
}

// tries sends a message once; after an error it is not known what became of it.
func (p *person) tries(id, text string) (err error) {
	if p.ws == nil {
		p.dials++
		dialer := websocket.Dialer{HandshakeTimeout: 2 * time.Second}
		if p.ws, _, err = dialer.Dial(p.url, nil); err != nil {
			return err
		}
		hello := map[string]any{"type": "hello", "token": p.token, "after": p.seq, "language": "zh"}
		if err := p.ws.WriteJSON(hello); err != nil {
			return err
		}
	}
	if err := p.ws.WriteJSON(map[string]string{"type": "message", "id": id, "text": text}); err != nil {
		return err
	}
	for {
		p.ws.SetReadDeadline(time.Now().Add(2 * time.Second))
		var frame struct {
			Type, ID, Token string
			Messages        []struct {
				Seq        float64
				From, Text string
			}
		}
		if err := p.ws.ReadJSON(&frame); err != nil {
			return err
		}
		switch frame.Type {
		case "welcome":
			p.token = frame.Token
		case "messages":
			for _, m := range frame.Messages {
				if m.Seq != p.seq+1 {
					p.Errorf("message %v came after %v", m.Seq, p.seq)
				}
				p.seq = m.Seq
				if m.From == "user" {
					p.own = append(p.own, m.Text)
				}
			}
		case "done":
			if frame.ID == id {
				return nil
			}
		case "error":
			return fmt.Errorf("refused: %+v", frame)
		}
	}
}

// TestABadNetworkToAReceiver has a shop called back over a network with faults.
func TestABadNetworkToAReceiver(t *testing.T) {
	t.Parallel() // it mostly waits
	shop := newShop(t)
	n, through := nettest.Before(t, shop.url)
	s := serve(t, t.TempDir(), "--rest-callback", through, "--rest-callback-secret", callbackSecret)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		trouble(t, n)
	}()
	var names []string
	for id := 0; ; id++ {
		name := fmt.Sprint("c", id/8)
		if id%8 == 0 {
			names = append(names, name)
		}
		s.saysIn(name, fmt.Sprint(id), "POS机密码忘了")
		select {
		case <-ended:
		case <-time.After(20 * time.Millisecond):
			continue
		}
		break
	}
	for _, name := range names {
		var want []posted
		for _, m := range transcriptOf(s, name) {
			if m["from"] != "user" {
				want = append(want, posted{name, m["from"].(string), m["text"].(string), int64(m["seq"].(float64))})
			}
		}
		if got := shop.wait(name, len(want)); !slices.Equal(got, want) {
			t.Errorf("the shop got %+v\nwant %+v", got, want)
		}
	}
	t.Logf("%d messages, %d of them again", len(shop.got), shop.again)
}
