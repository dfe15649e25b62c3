// Package webchat is the chat on a web page: a page of its own, a widget that
// other sites may embed, and the websocket that both talk to.
//
// A conversation belongs to a random token that only the browser keeps; its
// address is a hash of the token, so what is stored opens no conversation. The
// token is 256 bits in the local storage of the page that shows the chat. It goes
// through the socket alone, never into an address, a cookie or a log, so no
// other site can make a browser use it. A ticket for each connection would add
// nothing: the scripts of a page that could steal the token see the chat itself.
// The client says which message it saw last and is sent all that came after, so a
// lost connection loses nothing. Its own messages carry ids of its making, so
// sending one again doubles nothing.
package webchat

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"supportbot"
	"supportbot/channels"
)

// readBuffer is the size of a connection's buffer, in bytes. A longer frame is
// read piece by piece.
const readBuffer = 512

// Options configure the channel.
type Options struct {
	// Context ends all chats with it. That of a request ends too early, and
	// Shutdown of http.Server leaves websockets alone.
	Context context.Context

	// AllowedOrigins are the sites besides our own that may embed the widget,
	// exactly as browsers send them: "https://shop.example", without a path.
	AllowedOrigins []string

	// Phone is the path of a page with a telephone, to which our own page leads; ""
	// if there is none.
	Phone string

	// Seen is told up to which message a page has shown a conversation, within a minute;
	// nil if nobody wants to know.
	Seen func(ctx context.Context, at supportbot.Address, last int64) error

	Limits Limits
	Log    *slog.Logger
}

// Channel is the web chat.
type Channel struct {
	ctx      context.Context // of all chats
	conv     channels.Conversations
	origins  []string
	phone    string
	limits   limits
	seen     func(ctx context.Context, at supportbot.Address, last int64) error
	log      *slog.Logger
	upgrader websocket.Upgrader

	writeTimeout time.Duration // after which a client that does not read is dropped

	mu    sync.Mutex
	rooms map[supportbot.Address]*room // that somebody is in
}

// New returns the web chat over conv.
func New(conv channels.Conversations, opt Options) *Channel {
	return &Channel{
		ctx:     opt.Context,
		conv:    conv,
		origins: opt.AllowedOrigins,
		phone:   opt.Phone,
		limits:  newLimits(opt.Limits),
		seen:    opt.Seen,
		log:     opt.Log,
		upgrader: websocket.Upgrader{
			HandshakeTimeout: 10 * time.Second,
			// Buffers of our own, or those of net/http would be kept; a client says
			// little, and nothing is written to one that is idle.
			ReadBufferSize:  readBuffer,
			WriteBufferPool: &sync.Pool{},
			CheckOrigin:     func(*http.Request) bool { return true }, // chat has looked already
		},
		writeTimeout: 10 * time.Second,
		rooms:        map[supportbot.Address]*room{},
	}
}

// Routes lists the page, the widget, the privacy notice and the websocket.
func (c *Channel) Routes() []channels.Route {
	return []channels.Route{
		{Pattern: "GET /{$}", Handler: page(c.front())},
		{Pattern: "GET /privacy", Handler: page(file("privacy.html"))},
		{Pattern: "GET /widget.js", Handler: widget()},
		{Pattern: "GET /chat/ws", Handler: http.HandlerFunc(c.chat)},
	}
}

// allows tells whether the page that asks for a websocket may have one. Programs
// that are not browsers send no Origin.
func (c *Channel) allows(r *http.Request) bool {
	sent := r.Header.Values("Origin")
	if len(sent) == 0 {
		return true
	}
	if len(sent) > 1 {
		return false
	}
	own := strings.EqualFold(sent[0], "https://"+r.Host) || strings.EqualFold(sent[0], "http://"+r.Host)
	return own || slices.Contains(c.origins, sent[0])
}
