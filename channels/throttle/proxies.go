package throttle

import (
	"net/http"
	"net/netip"
	"strings"
)

// Proxies are the networks whose word in X-Forwarded-For is believed.
type Proxies []netip.Prefix

// Client names the network that a request comes from: an IPv4 address, or the
// /64 of an IPv6 address, whose owner has all of it. Behind proxies it is the
// rightmost entry of X-Forwarded-For that is none of them, since everything to
// the left of it may be made up. The name of this machine is "": what comes from
// it is a proxy that nobody has named, which speaks for everybody.
func (p Proxies) Client(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return "" // a socket without addresses is of this machine
	}
	at := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && p.include(at); i-- {
		hop, err := parseHop(hops[i])
		if err != nil {
			break // what a proxy would not have written
		}
		at = hop
	}
	if at.IsLoopback() {
		return ""
	}
	bits := at.BitLen()
	if at.Is6() {
		bits = 64
	}
	network, err := at.WithZone("").Prefix(bits)
	if err != nil {
		return "" // every address has that many bits
	}
	return network.String()
}

// Unnamed tells whether a request seems to come through a proxy of the house that
// is none of these, so that everybody behind it is taken for one client, or none.
func (p Proxies) Unnamed(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || r.Header.Get("X-Forwarded-For") == "" {
		return false
	}
	at := peer.Addr().Unmap()
	return (at.IsLoopback() || at.IsPrivate()) && !p.include(at)
}

func (p Proxies) include(at netip.Addr) bool {
	for _, network := range p {
		if network.Contains(at.WithZone("")) {
			return true
		}
	}
	return false
}

// parseHop reads an entry of X-Forwarded-For: an address, with a port from some
// proxies.
func parseHop(hop string) (netip.Addr, error) {
	hop = strings.TrimSpace(hop)
	if withPort, err := netip.ParseAddrPort(hop); err == nil {
		return withPort.Addr().Unmap(), nil
	}
	at, err := netip.ParseAddr(strings.Trim(hop, "[]"))
	return at.Unmap(), err
}
