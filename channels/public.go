package channels

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// NewPublicClient is NewClient for hosts that an answer names, and not the operator.
// Their names must lead to addresses of the public internet: what stands behind
// others is nobody's to be led to. A proxy of the operator's looks them up itself.
func NewPublicClient(limit time.Duration, most int64, hosts ...string) Client {
	c := NewClient(limit, most)
	plain := net.Dialer{Timeout: connectLimit}
	guarded := net.Dialer{Timeout: connectLimit, Control: publicOnly}
	c.client.Transport.(*http.Transport).DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if host, _, _ := net.SplitHostPort(address); slices.Contains(hosts, host) {
			return guarded.DialContext(ctx, network, address)
		}
		return plain.DialContext(ctx, network, address)
	}
	return c
}

const connectLimit = 10 * time.Second

var errNotPublic = errors.New("the name of the host leads to an address that is not public")

// publicOnly sees the address that a name has led to, before it is connected to.
func publicOnly(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !public(at.Addr()) {
		return errNotPublic
	}
	return nil
}

// special are those ranges of https://www.iana.org/assignments/iana-ipv4-special-registry
// and …/iana-ipv6-special-registry that are not public, and that netip does not know of.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), // leads to any address of IPv4
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"), // so does this
}

// public tells whether an address is of the public internet.
func public(ip netip.Addr) bool {
	ip = ip.Unmap()
	return ip.IsGlobalUnicast() && !ip.IsPrivate() &&
		!slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(ip) })
}
