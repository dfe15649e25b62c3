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
	Key       string // the bearer key; without one the channel is off
	PerMinute int    // messages a minute and conversation, as many at once; 0 is no limit
	Refused   func() // is told of messages that are too many
	Log       *slog.Logger
}

// Channel is the REST channel.
type Channel struct {
	conv    channels.Conversations
	key     string
	keyHash [sha256.Size]byte
	limit   *throttle.Rate // the key's holder is trusted: this is for a client that has gone wild
	refused func()
	log     *slog.Logger
}

// New returns the REST channel over conv.
func New(conv channels.Conversations, opt Options) *Channel {
	if opt.Refused == nil {
		opt.Refused = func() {}
	}
	return &Channel{
		conv:    conv,
		key:     opt.Key,
		keyHash: sha256.Sum256([]byte(opt.Key)),
		limit:   throttle.NewRate(opt.PerMinute),
		refused: opt.Refused,
		log:     opt.Log,
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
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		given := sha256.Sum256([]byte(strings.TrimSpace(token)))
		if !strings.EqualFold(scheme, "Bearer") || subtle.ConstantTimeCompare(given[:], c.keyHash[:]) != 1 {
			w.Header().Set("WWW-Authenticate", `Bearer realm="supportbot"`)
			writeError(w, http.StatusUnauthorized, "send the header Authorization: Bearer KEY with the key of this channel")
			return
		}
		next(w, r)
	})
}
