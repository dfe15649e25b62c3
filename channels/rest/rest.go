// Package rest is the channel for other programs: an app, a mini program or a
// middleware posts what a merchant said and gets the bot's replies in the
// answer. It needs a bearer key, and whoever holds the key speaks for every
// conversation of the channel.
package rest

import (
	"crypto/sha256"
	"crypto/subtle"
	"log/slog"
	"net/http"
	"strings"

	"supportbot/channels"
	"supportbot/channels/throttle"
)

// Options configure the channel.
type Options struct {
	Key     string // the bearer key; without one the channel is off
	Limits  Limits
	Client  func(*http.Request) string // names the network that a request comes from, "" if it may be everybody's; nil if nobody can tell
	Refused func(limit string)         // is told of every refusal: "rest", "reads" or "keys"
	Log     *slog.Logger
}

// Limits are the most that is taken in a minute, and at once; 0 is no limit.
type Limits struct {
	Messages  int // of one conversation
	Reads     int // of one conversation
	WrongKeys int // from one network
}

// Channel is the REST channel.
type Channel struct {
	conv    channels.Conversations
	key     string
	keyHash [sha256.Size]byte
	client  func(*http.Request) string
	refused func(limit string)
	log     *slog.Logger

	// The key's holder is trusted: these are for a client that has gone wild.
	messages, reads *throttle.Rate
	waiting         *throttle.Gate

	guesses *throttle.Guesses
}

// New returns the REST channel over conv.
func New(conv channels.Conversations, opt Options) *Channel {
	if opt.Refused == nil {
		opt.Refused = func(string) {}
	}
	if opt.Client == nil {
		opt.Client = func(*http.Request) string { return "" }
	}
	return &Channel{
		conv:    conv,
		key:     opt.Key,
		keyHash: sha256.Sum256([]byte(opt.Key)),
		client:  opt.Client,
		refused: opt.Refused,
		log:     opt.Log,

		messages: throttle.NewRate(opt.Limits.Messages),
		reads:    throttle.NewRate(opt.Limits.Reads),
		waiting:  throttle.NewGate(readersAtOnce),
		guesses:  throttle.NewGuesses(opt.Limits.WrongKeys),
	}
}

// Routes lists what the channel serves: nothing without a key.
func (c *Channel) Routes() []channels.Route {
	if c.key == "" {
		return nil
	}
	return []channels.Route{
		{Pattern: "POST /api/v1/messages", Handler: c.authorized(c.post)},
		{Pattern: "GET /api/v1/conversations/{id}/messages", Handler: c.authorized(c.list)},
	}
}

// authorized lets requests with the key through. Hashes are compared, so that
// the time it takes tells nothing of the key, not even its length.
func (c *Channel) authorized(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		network := c.client(r)
		if wait := c.guesses.Wait(network); wait > 0 {
			c.tooMany(w, "keys", wait, "too many wrong keys came from this network; send the right one after Retry-After seconds")
			return
		}
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		given := sha256.Sum256([]byte(strings.TrimSpace(token)))
		if !strings.EqualFold(scheme, "Bearer") || subtle.ConstantTimeCompare(given[:], c.keyHash[:]) != 1 {
			if token != "" {
				c.guesses.Wrong(network)
			}
			w.Header().Set("WWW-Authenticate", `Bearer realm="supportbot"`)
			writeError(w, http.StatusUnauthorized, "send the header Authorization: Bearer KEY with the key of this channel")
			return
		}
		c.guesses.Right(network)
		next(w, r)
	})
}
