package main

import (
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"supportbot/channels/channeltest"
	"supportbot/internal/store/pgtest"
)

// balancer hands every new connection to the next node, past those that do not
// answer, as a load balancer does.
type balancer struct {
	url string

	mu    sync.Mutex
	nodes []string // host and port
	next  int
	chat  int  // the node that had the last chat
	down  bool // no node can be reached
}

func balance(t *testing.T, all []*server) *balancer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	b := &balancer{url: "http://" + listener.Addr().String(), nodes: make([]string, len(all))}
	for i, s := range all {
		b.set(i, s)
	}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go b.pass(client)
		}
	}()
	return b
}

func (b *balancer) set(i int, s *server) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.nodes[i] = strings.TrimPrefix(s.url, "http://")
}

func (b *balancer) setDown(down bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.down = down
}

// chatting returns the node that had the last chat.
func (b *balancer) chatting() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.chat
}

// leaves waits until the chat is on another node.
func (b *balancer) leaves(t *testing.T, node int) {
	t.Helper()
	for begun := time.Now(); b.chatting() == node; time.Sleep(10 * time.Millisecond) {
		if time.Since(begun) > 20*time.Second {
			t.Fatal("the page does not connect again")
		}
	}
}

// dial connects to the next node, nil if there is none.
func (b *balancer) dial(chat bool) net.Conn {
	b.mu.Lock()
	defer b.mu.Unlock()
	for range b.nodes {
		b.next = (b.next + 1) % len(b.nodes)
		node, err := net.Dial("tcp", b.nodes[b.next])
		if err != nil || b.down {
			continue
		}
		if chat {
			b.chat = b.next
		}
		return node
	}
	return nil
}

func (b *balancer) pass(client net.Conn) {
	defer client.Close()
	first := make([]byte, 4096)
	n, err := client.Read(first)
	if err != nil {
		return
	}
	node := b.dial(strings.HasPrefix(string(first[:n]), "GET /chat/ws"))
	if node == nil {
		return
	}
	go func() {
		defer node.Close()
		if _, err := node.Write(first[:n]); err == nil {
			io.Copy(node, client)
		}
	}()
	io.Copy(client, node)
}

// TestNodesAreKilledWhileAPersonChats has a person chat on the page while each of
// three nodes is killed that the chat is on, and started again; at last there is
// none for a while. The person sees once each, in order and answered what he has
// said.
func TestNodesAreKilledWhileAPersonChats(t *testing.T) {
	browser := channeltest.Browser(t, "zh-CN")
	database := pgtest.Database(t)
	all := nodes(t, database, 3)
	b := balance(t, all)
	page := openTab(t, browser, b.url+"/", 390, 844, chromedp.EmulateMobile)
	page.reads("您要办哪件事")
	state := inChat + ".querySelector('.state').className"
	said := 0
	says := func() {
		t.Helper()
		said++
		page.types(fmt.Sprint("一天能刷多少 ", said))
	}
	killed := map[int]bool{}
	for len(killed) < len(all) {
		says()
		i := b.chatting()
		killed[i] = true
		all[i].kill()
		says()
		b.leaves(t, i)
		all[i] = nodes(t, database, 1)[0]
		b.set(i, all[i])
		says()
	}

	b.setDown(true)
	all[b.chatting()].kill()
	page.until(state + ".endsWith('lost')")
	says()
	page.shot("no-node")
	time.Sleep(3 * time.Second)
	b.setDown(false)

	page.until(state + ".endsWith('ready')")
	want := make([]string, said)
	for i := range want {
		want[i] = fmt.Sprint(i + 1)
	}
	page.until(fmt.Sprintf("[...%s.querySelectorAll('.message.user:not(.pending) .body')].map(b => b.innerText.trim().split(' ').pop()).join(' ') === %s",
		inChat, quote(strings.Join(want, " "))))
	page.until(fmt.Sprintf("[...%s.querySelectorAll('.message.bot .body')].filter(b => b.innerText.includes('限额没有统一的数')).length === %d", inChat, said))
	page.shot("afterwards")
	t.Logf("%d messages", said)
	idle(t, database, 10*time.Second)
}
