package telephone

import (
	"context"
	"crypto/rand"
	"embed"
	"fmt"
	"log/slog"
	"math/big"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"supportbot/channels"
	"supportbot/channels/throttle"
)

//go:embed pad
var files embed.FS

// PagePath is the page with the pad.
const PagePath = "/phone"

// Pad is a telephone on a page: its calls are made here, by the webhooks that Twilio
// would call, so that the page holds no secret and says nothing but keys and words.
type Pad struct {
	server, token string
	exchange      string                     // who puts callers through, see Telephone
	client        func(*http.Request) string // names the network of a caller, "" for this machine
	log           *slog.Logger
	begun         *throttle.Rate
	open          *throttle.Gate
	upgrader      websocket.Upgrader // which lets nobody in from other sites
}

// What the pad takes: it is there to try things, and open to whoever sees the page.
const (
	callsAtOnce = 20               // of everybody
	callsBegun  = 20               // a minute, of one network
	callLimit   = 30 * time.Minute // how long one lasts
	answerRate  = 2                // answers a second that a call gives,
	answerBurst = 10               // and at once
	frameLimit  = 4 << 10          // bytes
	sayLimit    = 500              // bytes of what is said at once
	keysLimit   = 32
)

// NewPad returns the pad of a server, which takes webhooks that are signed by token
// and has callers put through at exchange. client names the network that a request comes from.
func NewPad(server, token, exchange string, client func(*http.Request) string, log *slog.Logger) *Pad {
	return &Pad{
		server: server, token: token, exchange: exchange, client: client, log: log,
		begun: throttle.NewRate(callsBegun), open: throttle.NewGate(callsAtOnce),
		upgrader: websocket.Upgrader{HandshakeTimeout: 10 * time.Second},
	}
}

// Routes lists the page and its line.
func (p *Pad) Routes() []channels.Route {
	return []channels.Route{
		{Pattern: "GET " + PagePath, Handler: file("page.html", "text/html; charset=utf-8")},
		{Pattern: "GET " + PagePath + "/pad.js", Handler: file("pad.js", "text/javascript; charset=utf-8")},
		{Pattern: "GET " + PagePath + "/texts.js", Handler: file("texts.js", "text/javascript; charset=utf-8")},
		{Pattern: "GET " + PagePath + "/words.js", Handler: file("words.js", "text/javascript; charset=utf-8")},
		{Pattern: "GET " + PagePath + "/pad.css", Handler: file("pad.css", "text/css; charset=utf-8")},
		{Pattern: "GET " + PagePath + "/line", Handler: http.HandlerFunc(p.line)},
	}
}

// policy lets the page run its own script and style, speak to its own server, and
// use the microphone once the person allows it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// file serves an embedded file.
func file(name, kind string) http.Handler {
	body, err := files.ReadFile("pad/" + name)
	if err != nil {
		panic(err) // it is compiled in
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", kind)
		h.Set("Content-Security-Policy", policy)
		h.Set("Permissions-Policy", "microphone=(self), camera=(), geolocation=()")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-cache")
		_, _ = w.Write(body) // who has left reads no page
	})
}

// madeUp is a number for one call: one that calls again would be remembered.
func madeUp() string {
	n, _ := rand.Int(rand.Reader, big.NewInt(1e8)) // which never fails
	return fmt.Sprintf("+86139%08d", n)
}

// line is one call, over a websocket.
func (p *Pad) line(w http.ResponseWriter, r *http.Request) {
	if wait := p.begun.Take(p.client(r)); wait > 0 || !p.open.Enter("") {
		w.Header().Set("Retry-After", "60")
		http.Error(w, "Too many calls at once. Please try again in a minute.", http.StatusTooManyRequests)
		return
	}
	defer p.open.Leave("")
	ws, err := p.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	defer ws.Close()
	ctx, cancel := context.WithTimeout(r.Context(), callLimit)
	defer cancel()
	l := newLine(ws)
	go l.ping(ctx)
	go func() {
		defer cancel() // who has gone hears no more
		l.listen(ctx)
	}()
	phone := Telephone{
		Server: p.server, Token: p.token, Exchange: p.exchange, From: madeUp(), To: "anonymous",
		Hear: l.hear, Answers: l.answers, Patient: true,
	}
	if err := phone.Call(ctx); err != nil && ctx.Err() == nil {
		p.log.WarnContext(ctx, "a call from the page has failed", slog.Any("error", err))
	}
	l.close()
}
