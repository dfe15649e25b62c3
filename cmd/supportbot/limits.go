package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"

	"supportbot/channels/rest"
	"supportbot/channels/throttle"
	"supportbot/channels/webchat"
	"supportbot/internal/telemetry"
)

// limitFlags are how much is taken in; 0 is no limit. People type a message in
// some seconds and tap faster only for a moment, so nobody sees the limits of a
// conversation. Those of an address leave room for the hundred shops of a market
// hall behind one router; what one machine handles in a minute is far above them.
type limitFlags struct {
	TrustedProxies []netip.Prefix `help:"Networks of proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8,127.0.0.1/32." placeholder:"CIDR" env:"SUPPORTBOT_TRUSTED_PROXIES"`
	LimitChat      uint           `help:"Messages a minute in one conversation of the web chat, as many at once." default:"120" env:"SUPPORTBOT_LIMIT_CHAT"`
	LimitREST      uint           `help:"Messages a minute in one conversation of the REST channel, as many at once." name:"limit-rest" default:"600" env:"SUPPORTBOT_LIMIT_REST"`
	LimitReads     uint           `help:"Reads a minute of one conversation of the REST channel, as many at once." default:"6000" env:"SUPPORTBOT_LIMIT_READS"`
	LimitKeys      uint           `help:"Wrong keys of the REST channel, and wrong tokens of agents, a minute from one network; after that none from there is looked at, unless a right one has come." default:"60" env:"SUPPORTBOT_LIMIT_KEYS"`
	LimitAddress   uint           `help:"Messages and connections a minute of one address in the web chat." default:"1200" env:"SUPPORTBOT_LIMIT_ADDRESS"`
	LimitBegun     uint           `help:"Conversations that one address may begin in a minute in the web chat." default:"60" env:"SUPPORTBOT_LIMIT_BEGUN"`
	LimitSockets   uint           `help:"Open web chats of one address." default:"500" env:"SUPPORTBOT_LIMIT_SOCKETS"`
	LimitTurns     uint           `help:"Messages that are handled at once; what is more is answered 503." default:"2000" env:"SUPPORTBOT_LIMIT_TURNS"`
}

// chat are the limits of the web chat.
func (f limitFlags) chat() webchat.Limits {
	return webchat.Limits{
		Conversation: int(f.LimitChat),
		Address:      int(f.LimitAddress),
		Begun:        int(f.LimitBegun),
		Sockets:      int(f.LimitSockets),
		Proxies:      throttle.Proxies(f.TrustedProxies),
		Refused:      telemetry.Refused,
	}
}

// rest are the limits of the REST channel.
func (f limitFlags) rest() rest.Limits {
	return rest.Limits{Messages: int(f.LimitREST), Reads: int(f.LimitReads), WrongKeys: int(f.LimitKeys)}
}

// unnamedProxy warns, once, that requests come through a proxy that nobody has
// named, so that no limit can tell one client from another.
func (f limitFlags) unnamedProxy(next http.Handler, log *slog.Logger) http.Handler {
	var once sync.Once
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if throttle.Proxies(f.TrustedProxies).Unnamed(r) {
			once.Do(func() {
				log.Warn("requests come through a proxy that is not named, so clients cannot be told apart and guessing at passwords is limited by name only; name it with --trusted-proxies",
					slog.String("proxy", r.RemoteAddr))
			})
		}
		next.ServeHTTP(w, r)
	})
}

// limits are the lines of --print-config.
func (f limitFlags) limits() [][2]string {
	proxies := make([]string, len(f.TrustedProxies))
	for i, network := range f.TrustedProxies {
		proxies[i] = network.String()
	}
	return [][2]string{
		{"trusted_proxies", strings.Join(proxies, ",")}, {"limit_chat", fmt.Sprint(f.LimitChat)}, {"limit_rest", fmt.Sprint(f.LimitREST)},
		{"limit_reads", fmt.Sprint(f.LimitReads)}, {"limit_keys", fmt.Sprint(f.LimitKeys)},
		{"limit_address", fmt.Sprint(f.LimitAddress)}, {"limit_begun", fmt.Sprint(f.LimitBegun)},
		{"limit_sockets", fmt.Sprint(f.LimitSockets)}, {"limit_turns", fmt.Sprint(f.LimitTurns)},
	}
}
