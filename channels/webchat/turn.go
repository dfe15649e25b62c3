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
func (c *chat) message(ctx context.Context, f fromClient) {
	in := supportbot.Inbound{ID: f.ID, Kind: supportbot.InText, Text: f.Text}
	if f.Choice != "" {
		in.Kind, in.Choice = supportbot.InChoice, f.Choice
	}
	c.send(ctx, typingFrame{"typing", true})
	outcome, err := c.handle(ctx, in)
	if err == nil {
		if err := c.catchUp(ctx); err != nil {
			c.fail(ctx, err)
			return
		}
	}
	c.send(ctx, typingFrame{"typing", false})
	switch {
	case err == nil:
		c.send(ctx, doneFrame{"done", f.ID, outcome.Seq})
	case errors.Is(err, supportbot.ErrConflict):
		c.send(ctx, faultf(codeConflict, f.ID, "this id was used for another message: send it under a new one"))
	case errors.Is(err, supportbot.ErrInvalid):
		c.send(ctx, faultf(codeInvalid, f.ID, "the message was refused: change it before sending it again"))
	default:
		c.log.Error("web chat message not taken", slog.Any("error", err))
		c.send(ctx, faultf(codeUnavailable, f.ID, "the message was not taken: send it again, unchanged"))
	}
}

// handle brings what came in to the bot, and to its end even if the client goes
// away meanwhile.
func (c *chat) handle(ctx context.Context, in supportbot.Inbound) (supportbot.Outcome, error) {
	raw, err := json.Marshal(identity{in.ID, in.Kind, in.Text, in.Choice})
	if err != nil {
		return supportbot.Outcome{}, fmt.Errorf("webchat: encode what defines a message: %w", err)
	}
	in.Address = c.at
	in.At = time.Now()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer cancel()
	return c.conv.Handle(ctx, in, raw)
}

// identity is what makes two messages the same, however their frames were
// written.
type identity struct {
	ID     string                 `json:"id"`
	Kind   supportbot.InboundKind `json:"kind"`
	Text   string                 `json:"text"`
	Choice string                 `json:"choice"`
}

// follow sends what others write into the conversation, until ctx ends.
func (c *chat) follow(ctx context.Context) {
	changed, stop := c.conv.Watch(c.at)
	defer stop()
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	beat := time.NewTicker(pingEvery)
	defer beat.Stop()
	for {
		select {
		case <-changed:
		case <-poll.C:
		case <-beat.C:
			c.beat(ctx)
		case <-ctx.Done():
			return
		}
		if err := c.catchUp(ctx); err != nil {
			c.fail(ctx, err)
			return
		}
	}
}

// beat sends the status again: scripts do not see pings, and this is how the
// client knows that the connection lives.
func (c *chat) beat(ctx context.Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.send(ctx, statusFrame{"status", c.state})
}

// catchUp sends the messages and the status that the client does not have.
func (c *chat) catchUp(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for more := true; more; {
		list, err := c.messages(ctx, c.seq, pageSize)
		if err != nil {
			return err
		}
		if len(list) > 0 {
			c.send(ctx, messagesFrame{"messages", render(list)})
			c.seq = list[len(list)-1].Seq
		}
		more = len(list) == pageSize
	}
	now, err := c.status(ctx)
	if err != nil {
		return err
	}
	if !now.equal(c.state) {
		c.state = now
		c.send(ctx, statusFrame{"status", now})
	}
	return nil
}

func (s state) equal(t state) bool {
	if (s.Case == nil) != (t.Case == nil) || s.Case != nil && *s.Case != *t.Case {
		return false
	}
	return s.Language == t.Language && s.Agent == t.Agent
}
