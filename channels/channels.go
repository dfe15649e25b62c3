// Package channels holds the contract between the bot and the ways in which
// people reach it. A channel is one folder: it lists the routes that it wants,
// turns what comes in into supportbot.Inbound, and renders replies. It never
// sees the store, the engine or another channel.
package channels

import (
	"context"
	"net/http"

	"supportbot"
)

// Conversations is what a channel may ask of the bot.
type Conversations interface {
	// Handle takes one inbound message through to its recorded outcome. raw is
	// the body as it came: the same in.ID with another raw is ErrConflict. When
	// Handle returns without an error, the message and its outcome are durable.
	Handle(ctx context.Context, in supportbot.Inbound, raw []byte) (supportbot.Outcome, error)

	// Messages returns the transcript after a sequence number, at most limit
	// entries; none for a conversation that does not exist yet.
	Messages(ctx context.Context, at supportbot.Address, after int64, limit int) ([]supportbot.Message, error)

	// Status tells of the conversation as a whole; zero if it does not exist yet.
	Status(ctx context.Context, at supportbot.Address) (Status, error)

	// Watch returns a channel that gets a value soon after the conversation has
	// changed. It is a hint: it may come late, once for several changes, or for
	// none. Call stop when done.
	Watch(at supportbot.Address) (changed <-chan struct{}, stop func())
}

// Status is the state of a conversation as its person may see it.
type Status struct {
	Language supportbot.Language
	Case     *supportbot.CaseRef // only while it is live
	Agent    string              // the name of the agent who owns the conversation
	Contact  bool                // of the case: a telephone number was left
	Ahead    int                 // of a call that waits for an agent: how many are served before it, MostAhead for that many or more
	Ended    bool                // nothing is open any more
}

// MostAhead is how far a queue is counted: who waits needs no larger number.
const MostAhead = 20

// Route is a pattern for http.ServeMux and what serves it.
type Route struct {
	Pattern string
	Handler http.Handler
}
