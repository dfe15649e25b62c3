package webchat

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// refusals notes what was refused.
type refusals struct {
	mu   sync.Mutex
	list []string
}

func (r *refusals) add(limit string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, limit)
}

func (r *refusals) kinds() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Compact(slices.Clone(r.list))
}

// limited serves the chat behind a proxy on this machine, which names clients.
func limited(t *testing.T, bot *memory, l Limits) (*httptest.Server, *refusals) {
	t.Helper()
	refused := &refusals{}
	l.Refused = refused.add
	l.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	return serveChannel(t, New(bot, Options{Context: t.Context(), Limits: l, Log: quiet})), refused
}

// dialFrom connects as the proxy would for an address.
func dialFrom(t *testing.T, server *httptest.Server, address string) (*client, *http.Response) {
	t.Helper()
	ws, res, err := websocket.DefaultDialer.Dial(strings.Replace(server.URL, "http", "ws", 1)+"/chat/ws", http.Header{"X-Forwarded-For": {address}})
	if err != nil {
		return nil, res
	}
	t.Cleanup(func() { ws.Close() })
	return &client{t, ws}, res
}

func TestHastyConversationIsToldWhenToGoOn(t *testing.T) {
	bot := newMemory()
	server, refused := limited(t, bot, Limits{Conversation: 3})
	c, _ := dialFrom(t, server, "203.0.113.1")
	c.hello("", 0)
	for i := range 3 {
		c.say(fmt.Sprint("m", i), "x")
		c.next("done")
	}
	c.say("m3", "x")
	f := c.next("error")
	if f["code"] != codeSlowDown || f["id"] != "m3" || f["retry_after"] != 20.0 {
		t.Errorf("the fourth was answered %v", f)
	}
	other, _ := dialFrom(t, server, "203.0.113.1")
	other.hello("", 0)
	other.say("m0", "another conversation")
	other.next("done")
	want(t, bot.texts(), []string{"open", "text x", "text x", "text x", "open", "text another conversation"})
	want(t, refused.kinds(), []string{"chat"})
}

func TestHammeringEndsTheConnection(t *testing.T) {
	bot := newMemory()
	server, _ := limited(t, bot, Limits{Conversation: 1})
	c, _ := dialFrom(t, server, "203.0.113.1")
	c.hello("", 0)
	for i := range maxFaults + 1 {
		c.say(fmt.Sprint("m", i), "x")
	}
	c.endsWith(websocket.ClosePolicyViolation)
	want(t, bot.texts(), []string{"open", "text x"})
}

func TestAddressIsLimitedOverItsConversations(t *testing.T) {
	server, refused := limited(t, newMemory(), Limits{Address: 4}) // two connections and two messages
	one, _ := dialFrom(t, server, "203.0.113.1")
	one.hello("", 0)
	two, _ := dialFrom(t, server, "203.0.113.1, 127.0.0.2")
	two.hello("", 0)
	for i, c := range []*client{one, two} {
		c.say(fmt.Sprint("m", i), "x")
		c.next("done")
	}
	two.say("more", "x")
	if f := two.next("error"); f["code"] != codeSlowDown || f["retry_after"] != 15.0 {
		t.Errorf("the fifth was answered %v", f)
	}
	if _, res := dialFrom(t, server, "198.51.100.9, 203.0.113.1"); res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") != "15" {
		t.Errorf("another connection, with a made-up entry, got %d, Retry-After %q", res.StatusCode, res.Header.Get("Retry-After"))
	}
	if c, _ := dialFrom(t, server, "203.0.113.2"); c == nil {
		t.Error("another address is refused as well")
	}
	want(t, refused.kinds(), []string{"address"})
}

func TestAddressBeginsSoManyConversationsOnly(t *testing.T) {
	bot := newMemory()
	server, refused := limited(t, bot, Limits{Begun: 2})
	var token string
	for range 2 {
		c, _ := dialFrom(t, server, "203.0.113.1")
		token, _ = c.hello("", 0)
	}
	c, _ := dialFrom(t, server, "203.0.113.1")
	c.write(`{"type":"hello"}`)
	if f := c.next("error"); f["code"] != codeSlowDown || f["retry_after"] != 30.0 {
		t.Errorf("the third was answered %v", f)
	}
	c.endsWith(websocket.CloseTryAgainLater)
	back, _ := dialFrom(t, server, "203.0.113.1")
	back.hello(token, 0) // one that has begun may go on
	if n := len(bot.texts()); n != 2 {
		t.Errorf("%d conversations began, want 2", n)
	}
	want(t, refused.kinds(), []string{"begun"})
}

func TestAddressHasSoManyConnectionsOnly(t *testing.T) {
	server, refused := limited(t, newMemory(), Limits{Sockets: 2})
	first, _ := dialFrom(t, server, "2001:db8::1")
	dialFrom(t, server, "2001:db8::2")
	if _, res := dialFrom(t, server, "2001:db8::3"); res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") == "" {
		t.Errorf("the third of the network got %d, Retry-After %q", res.StatusCode, res.Header.Get("Retry-After"))
	}
	first.ws.Close()
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		if c, _ := dialFrom(t, server, "2001:db8::3"); c != nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("a connection that ended still counts")
		}
	}
	want(t, refused.kinds(), []string{"sockets"})
}

// TestThisMachineSpeaksForEverybody: behind a proxy that nobody has named, all
// clients have one address, which must not make them share its limits.
func TestThisMachineSpeaksForEverybody(t *testing.T) {
	server := serveChannel(t, New(newMemory(), Options{Context: t.Context(), Limits: Limits{Address: 1, Begun: 1, Sockets: 1}, Log: quiet}))
	for range 5 {
		dial(t, server).hello("", 0)
	}
}
