package throttle

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"supportbot"
	"supportbot/channels"
)

func TestRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := NewRate(6)
		for i := range 6 {
			if wait := r.Take("wild"); wait != 0 {
				t.Fatalf("number %d of a full bucket waits %v", i, wait)
			}
		}
		for range 3 { // a refusal costs nothing, so asking again does no harm
			if wait := r.Take("wild"); wait != 10*time.Second {
				t.Errorf("the seventh waits %v, want 10s", wait)
			}
		}
		if wait := r.Take("calm"); wait != 0 {
			t.Errorf("another name waits %v", wait)
		}
		time.Sleep(10 * time.Second)
		if wait := r.Take("wild"); wait != 0 {
			t.Errorf("after the wait it waits %v", wait)
		}
		if wait := r.Take("wild"); wait == 0 {
			t.Error("one token came back and two were given")
		}
	})
}

func TestRateRemembersABoundedNumberOfNames(t *testing.T) {
	r := newRate(rate.Limit(1.0/60), 1, 100)
	for i := range 10_000 {
		r.Take(fmt.Sprint(i))
	}
	if n := r.buckets.Len(); n != 100 {
		t.Errorf("%d names are remembered, want 100", n)
	}
}

func TestNoLimit(t *testing.T) {
	rate, gate := NewRate(0), NewGate(0)
	for range 10_000 {
		if rate.Take("x") != 0 || !gate.Enter("x") {
			t.Fatal("refused without a limit")
		}
	}
	gate.Leave("x")
}

func TestGate(t *testing.T) {
	g := NewGate(2)
	for _, try := range []struct {
		name string
		want bool
	}{{"a", true}, {"a", true}, {"a", false}, {"b", true}} {
		if got := g.Enter(try.name); got != try.want {
			t.Errorf("%s is let in: %v, want %v", try.name, got, try.want)
		}
	}
	g.Leave("a")
	if !g.Enter("a") {
		t.Error("nobody gets in where somebody has left")
	}
	for _, name := range []string{"a", "a", "b"} {
		g.Leave(name)
	}
	if len(g.inside) != 0 {
		t.Errorf("names without anybody are remembered: %v", g.inside)
	}
}

func TestSeconds(t *testing.T) {
	for wait, want := range map[time.Duration]int{1: 1, time.Second: 1, time.Second + 1: 2, 10 * time.Second: 10} {
		if got := Seconds(wait); got != want {
			t.Errorf("%v is %d seconds, want %d", wait, got, want)
		}
	}
}

func TestClient(t *testing.T) {
	proxies := Proxies{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("2001:db8:ffff::/48")}
	for _, test := range []struct {
		name, remote string
		forwarded    []string
		want         string
	}{
		{"direct", "203.0.113.7:4711", nil, "203.0.113.7/32"},
		{"direct, by IPv6", "[2001:db8:1:2:3:4:5:6]:4711", nil, "2001:db8:1:2::/64"},
		{"an IPv4 address in IPv6", "[::ffff:203.0.113.7]:4711", nil, "203.0.113.7/32"},
		{"a zone", "[fe80::1%eth0]:4711", nil, "fe80::/64"},
		{"behind a proxy", "10.0.0.1:80", []string{"203.0.113.7"}, "203.0.113.7/32"},
		{"behind two", "10.0.0.1:80", []string{"203.0.113.7, 10.9.9.9"}, "203.0.113.7/32"},
		{"behind two that write a line each", "10.0.0.1:80", []string{"203.0.113.7", "10.9.9.9"}, "203.0.113.7/32"},
		{"behind one on this machine", "127.0.0.1:80", []string{"203.0.113.7"}, "203.0.113.7/32"},
		{"with a port", "10.0.0.1:80", []string{"203.0.113.7:4711"}, "203.0.113.7/32"},
		{"by IPv6 behind a proxy by IPv6", "[2001:db8:ffff::1]:80", []string{"[2001:db8:1:2::9]:4711"}, "2001:db8:1:2::/64"},
		{"no proxy, and the header is made up", "203.0.113.7:4711", []string{"198.51.100.1"}, "203.0.113.7/32"},
		{"an entry made up before the proxy's", "10.0.0.1:80", []string{"198.51.100.1, 203.0.113.7"}, "203.0.113.7/32"},
		{"a proxy's name made up before the proxy's entry", "10.0.0.1:80", []string{"198.51.100.1, 10.1.1.1, 203.0.113.7"}, "203.0.113.7/32"},
		{"rubbish before the proxy's entry", "10.0.0.1:80", []string{"<script>, 203.0.113.7"}, "203.0.113.7/32"},
		{"rubbish from a proxy", "10.0.0.1:80", []string{"203.0.113.7, unknown"}, "10.0.0.1/32"},
		{"a proxy that says nothing", "10.0.0.1:80", nil, "10.0.0.1/32"},
		{"this machine", "127.0.0.1:4711", nil, ""},
		{"this machine, by IPv6, not named as a proxy", "[::1]:4711", []string{"203.0.113.7"}, ""},
		{"a socket without addresses", "@", nil, ""},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = test.remote
		for _, line := range test.forwarded {
			r.Header.Add("X-Forwarded-For", line)
		}
		if got := proxies.Client(r); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestUnnamedProxies(t *testing.T) {
	proxies := Proxies{netip.MustParsePrefix("10.0.0.0/8")}
	for _, test := range []struct {
		name, remote, forwarded string
		want                    bool
	}{
		{"on this machine", "127.0.0.1:80", "203.0.113.7", true},
		{"on this machine, by IPv6", "[::1]:80", "203.0.113.7", true},
		{"in the house", "192.168.1.2:80", "203.0.113.7", true},
		{"named", "10.0.0.1:80", "203.0.113.7", false},
		{"nobody's proxy", "127.0.0.1:80", "", false},
		{"a stranger who made the header up", "198.51.100.1:80", "203.0.113.7", false},
		{"a socket without addresses", "@", "203.0.113.7", false},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = test.remote
		if test.forwarded != "" {
			r.Header.Set("X-Forwarded-For", test.forwarded)
		}
		if got := proxies.Unnamed(r); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

// slow handles a message until it is told to go on.
type slow struct {
	channels.Conversations
	begun, end chan struct{}
}

func (s slow) Handle(context.Context, supportbot.Inbound, []byte) (supportbot.Outcome, error) {
	s.begun <- struct{}{}
	<-s.end
	return supportbot.Outcome{Seq: 7}, nil
}

func TestTurns(t *testing.T) {
	refusals := 0
	bot := slow{begun: make(chan struct{}), end: make(chan struct{})}
	conv := Turns(bot, 1, func() { refusals++ })
	first := make(chan supportbot.Outcome)
	go func() {
		out, _ := conv.Handle(t.Context(), supportbot.Inbound{}, nil)
		first <- out
	}()
	<-bot.begun
	if _, err := conv.Handle(t.Context(), supportbot.Inbound{}, nil); !errors.Is(err, supportbot.ErrBusy) || refusals != 1 {
		t.Errorf("a second at once got %v, %d refusals", err, refusals)
	}
	bot.end <- struct{}{}
	if out := <-first; out.Seq != 7 {
		t.Errorf("the first got %+v", out)
	}
	go func() { <-bot.begun; bot.end <- struct{}{} }()
	if _, err := conv.Handle(t.Context(), supportbot.Inbound{}, nil); err != nil {
		t.Errorf("the next got %v", err)
	}
}

// TestAskingOftenCostsNothing: whoever comes too early, many at a time, does not
// have to wait the longer.
func TestAskingOftenCostsNothing(t *testing.T) {
	for what, ask := range map[string]func(*Rate, string) time.Duration{"Take": (*Rate).Take, "Wait": (*Rate).Wait} {
		r := NewRate(60)
		for range 60 {
			r.Take("shop")
		}
		var asking sync.WaitGroup
		for range 50 {
			asking.Go(func() {
				for range 2000 {
					ask(r, "shop")
				}
			})
		}
		asking.Wait()
		if wait := r.Wait("shop"); wait > time.Second {
			t.Errorf("after many calls of %s a token is %s away, want at most a second", what, wait)
		}
	}
}
