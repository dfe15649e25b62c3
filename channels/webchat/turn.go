package webchat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"supportbot"
)

// message hands a message on and tells the client what became of it.
func (c *chat) message(ctx context.Context, f fromClient) error {
	in := supportbot.Inbound{ID: f.ID, Kind: supportbot.InText, Text: f.Text}
	if f.Choice != "" {
		in.Kind, in.Choice = supportbot.InChoice, f.Choice
	}
	c.send(typingFrame{"typing", true})
	drafted := false
	ctx = supportbot.WithProvisional(ctx, func(passages []supportbot.Passage) {
		drafted = true
		c.send(draft(passages))
	})
	outcome, err := c.handle(ctx, in)
	if err != nil && drafted {
		c.send(draft(nil))
	}
	if err == nil {
		if err := c.room.news(ctx); err != nil {
			return err
		}
	}
	c.send(typingFrame{"typing", false})
	switch {
	case err == nil:
		c.send(doneFrame{"done", f.ID, outcome.Seq})
	case errors.Is(err, supportbot.ErrConflict):
		c.send(faultf(codeConflict, f.ID, "this id was used for another message: send it under a new one"))
	case errors.Is(err, supportbot.ErrInvalid):
		c.send(faultf(codeInvalid, f.ID, "the message was refused: change it before sending it again"))
	default:
		if !errors.Is(err, supportbot.ErrBusy) { // which is counted
			c.channel.log.ErrorContext(ctx, "web chat message not taken", slog.Any("error", err))
		}
		c.send(faultf(codeUnavailable, f.ID, "the message was not taken: send it again, unchanged"))
	}
	return nil
}

// handle brings what came in to the bot, and to its end even if the client goes
// away meanwhile.
func (c *chat) handle(ctx context.Context, in supportbot.Inbound) (supportbot.Outcome, error) {
	raw, err := json.Marshal(identity{in.ID, in.Kind, in.Text, in.Choice})
	if err != nil {
		return supportbot.Outcome{}, fmt.Errorf("webchat: encode what defines a message: %w", err)
	}
	in.Address = c.room.at
	in.At = time.Now()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer cancel()
	return c.channel.conv.Handle(ctx, in, raw)
}

// identity is what makes two messages the same, however their frames were
// written.
type identity struct {
	ID     string                 `json:"id"`
	Kind   supportbot.InboundKind `json:"kind"`
	Text   string                 `json:"text"`
	Choice string                 `json:"choice"`
}

func (s state) equal(t state) bool {
	if (s.Case == nil) != (t.Case == nil) || s.Case != nil && *s.Case != *t.Case {
		return false
	}
	return s.Language == t.Language && s.Agent == t.Agent
}
