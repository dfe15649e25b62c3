// Package nettest puts a bad network between two programs, for tests.
package nettest

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/Shopify/toxiproxy/v2/toxics"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
)

// Network passes on connections to an address, with the faults that a test gives
// it.
type Network struct {
	proxy  *toxiproxy.Proxy
	faults int
}

// To makes a network before an address, until the end of the test.
func To(t testing.TB, address string) *Network {
	t.Helper()
	zerolog.SetGlobalLevel(zerolog.Disabled) // it is loud
	toxics.Register("swallow", new(swallow))
	api := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), zerolog.Nop())
	n := &Network{proxy: toxiproxy.NewProxy(api, t.Name(), "127.0.0.1:0", address)}
	n.Join(t)
	t.Cleanup(n.Part)
	return n
}

// Before makes a network before the host of a URL, and the URL through it.
func Before(t testing.TB, place string) (n *Network, through string) {
	t.Helper()
	u, err := url.Parse(place)
	if err != nil {
		t.Fatal(err)
	}
	n = To(t, u.Host)
	u.Host = n.proxy.Listen
	return n, u.String()
}

// Part ends all connections and takes no new ones.
func (n *Network) Part() { n.proxy.Stop() }

// Join is the end of Part.
func (n *Network) Join(t testing.TB) {
	t.Helper()
	if err := n.proxy.Start(); err != nil {
		t.Error(err)
	}
}

// Suffer has both directions suffer a fault, such as
// "latency", `{"latency": 100}`; see https://github.com/Shopify/toxiproxy#toxics.
func (n *Network) Suffer(t testing.TB, fault, attributes string) {
	t.Helper()
	for _, direction := range []string{"upstream", "downstream"} {
		n.faults++
		toxic := fmt.Sprintf(`{"name": "%s %d", "type": %q, "stream": %q, "attributes": %s}`, fault, n.faults, fault, direction, attributes)
		if _, err := n.proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
			t.Error(err)
		}
	}
}

// Mend ends what Suffer began.
func (n *Network) Mend(t testing.TB) { n.proxy.Toxics.ResetToxics(t.Context()) }

// Swallow has the network swallow everything for a time. What is sent on the
// connections of that time and before never arrives, then or later, and nobody
// is told: so it is when a firewall has forgotten them.
func (n *Network) Swallow(t testing.TB, d time.Duration) {
	t.Helper()
	n.Suffer(t, "swallow", fmt.Sprintf(`{"until": %d}`, time.Now().Add(d).UnixMilli()))
}

// swallow is the fault of Swallow.
type swallow struct {
	Until int64 `json:"until"` // milliseconds since 1970
}

// Pipe implements toxics.Toxic.
func (s *swallow) Pipe(stub *toxics.ToxicStub) {
	if time.Now().UnixMilli() >= s.Until {
		new(toxics.NoopToxic).Pipe(stub)
		return
	}
	for {
		select {
		case <-stub.Interrupt:
			return
		case c := <-stub.Input:
			if c == nil {
				stub.Close()
				return
			}
		}
	}
}
