package webchat

import (
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"supportbot/channels/throttle"
)

// Limits are the most that is taken in; 0 is no limit. What comes from this
// machine itself is not limited by address: it is a proxy that is not among
// Proxies, and speaks for everybody.
type Limits struct {
	Conversation int // messages a minute in one conversation, as many at once
	Address      int // messages and connections a minute of one address
	Begun        int // conversations that one address may begin in a minute
	Sockets      int // open connections of one address
	Proxies      throttle.Proxies
	Refused      func(limit string) // is told of every refusal: "chat", "address", "begun" or "sockets"
}

// limits counts against Limits.
type limits struct {
	conversation, address, begun *throttle.Rate
	sockets                      *throttle.Gate
	proxies                      throttle.Proxies
	refused                      func(limit string)
}

func newLimits(l Limits) limits {
	if l.Refused == nil {
		l.Refused = func(string) {}
	}
	return limits{
		throttle.NewRate(l.Conversation), throttle.NewRate(l.Address), throttle.NewRate(l.Begun),
		throttle.NewGate(l.Sockets), l.Proxies, l.Refused,
	}
}

// fullWait is what a client is told to wait that has too many connections.
const fullWait = 30 * time.Second

// connect takes a connection in and names its address, or answers that there
// are too many.
func (l limits) connect(w http.ResponseWriter, r *http.Request, log *slog.Logger) (from string, ok bool) {
	from = l.proxies.Client(r)
	if from == "" {
		return from, true
	}
	name, wait := "address", l.address.Take(from)
	if wait == 0 && !l.sockets.Enter(from) {
		name, wait = "sockets", fullWait
	}
	if wait == 0 {
		return from, true
	}
	l.refused(name)
	log.Info("web chat connection refused: too many", slog.String("limit", name), slog.String("from", from))
	w.Header().Set("Retry-After", strconv.Itoa(throttle.Seconds(wait)))
	http.Error(w, "Too many connections from this address. Please try again in a moment.", http.StatusTooManyRequests)
	return "", false
}

// leave is for a connection that was taken in and has ended.
func (l limits) leave(from string) {
	if from != "" {
		l.sockets.Leave(from)
	}
}

// begins tells how long to wait before a conversation may begin; 0 if it may.
func (l limits) begins(from string) time.Duration {
	if from == "" {
		return 0
	}
	wait := l.begun.Take(from)
	if wait > 0 {
		l.refused("begun")
	}
	return wait
}

// speaks tells how long to wait before a message may be said in a conversation;
// 0 if it may.
func (l limits) speaks(conversation, from string) time.Duration {
	if wait := l.conversation.Take(conversation); wait > 0 {
		l.refused("chat")
		return wait
	}
	if from == "" {
		return 0
	}
	wait := l.address.Take(from)
	if wait > 0 {
		l.refused("address")
	}
	return wait
}
