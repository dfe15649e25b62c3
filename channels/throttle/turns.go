package throttle

import (
	"context"

	"supportbot"
	"supportbot/channels"
)

// Turns refuses messages with supportbot.ErrBusy, and tells refused, while so
// many are being handled. They would only wait for each other; a client that is
// told to come back does better.
func Turns(conv channels.Conversations, most int, refused func()) channels.Conversations {
	return turns{conv, NewGate(most), refused}
}

type turns struct {
	channels.Conversations
	gate    *Gate
	refused func()
}

// Handle implements channels.Conversations.
func (t turns) Handle(ctx context.Context, in supportbot.Inbound, raw []byte) (supportbot.Outcome, error) {
	if !t.gate.Enter("") {
		t.refused()
		return supportbot.Outcome{}, supportbot.ErrBusy
	}
	defer t.gate.Leave("")
	return t.Conversations.Handle(ctx, in, raw)
}
