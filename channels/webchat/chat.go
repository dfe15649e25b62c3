package webchat

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"supportbot"
	"supportbot/channels"
)

const (
	pollEvery   = 15 * time.Second // in case a hint was lost
	callTimeout = 15 * time.Second // of a call to the bot
	pageSize    = 200              // messages
	maxFaults   = 20               // bad frames on one connection
)

// chat is one connection.
type chat struct {
	*socket
	conv channels.Conversations
	log  *slog.Logger
	at   supportbot.Address // zero before hello

	followers sync.WaitGroup

	mu    sync.Mutex // held while catching up
	seq   int64      // of the last message that was sent
	state state      // that was sent last
}

// chat serves one websocket until it ends.
func (c *Channel) chat(w http.ResponseWriter, r *http.Request) {
	if !c.allows(r) {
		c.log.Info("web chat refused to a foreign site", slog.String("origin", r.Header.Get("Origin")))
		http.Error(w, "This site may not use this chat: its origin is not among the allowed origins.", http.StatusForbidden)
		return
	}
	ws, err := c.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	ctx, cancel := context.WithCancel(r.Context())
	ch := &chat{socket: newSocket(ws, c.writeTimeout), conv: c.conv, log: c.log}
	var writer sync.WaitGroup
	writer.Go(func() {
		defer cancel()
		ch.write(ctx)
	})
	ch.listen(ctx)
	cancel()
	ch.followers.Wait()
	writer.Wait()
}

// listen takes frames one after the other until the connection ends.
func (c *chat) listen(ctx context.Context) {
	for faults := 0; faults < maxFaults; {
		data, text, err := c.read()
		if err != nil {
			return
		}
		if bad := c.take(ctx, data, text); bad != nil {
			faults++
			c.send(ctx, bad)
		}
	}
	c.close(ctx, websocket.ClosePolicyViolation, "too many bad frames")
	<-ctx.Done()
}

// take acts on one frame, or returns what is wrong with it.
func (c *chat) take(ctx context.Context, data []byte, text bool) *fault {
	if !text {
		return faultf(codeMalformed, "", "the frame is binary: send text")
	}
	frame, bad := decode(data)
	if bad != nil {
		return bad
	}
	greeted := c.at != supportbot.Address{}
	switch {
	case frame.Type == "hello" && greeted:
		return faultf(codeOutOfOrder, "", "hello was said already")
	case frame.Type == "hello":
		if err := c.hello(ctx, frame); err != nil {
			c.fail(ctx, err)
		}
	case !greeted:
		return faultf(codeOutOfOrder, frame.ID, "say hello first")
	default:
		c.message(ctx, frame)
	}
	return nil
}

// hello resumes the conversation of the client's token, or begins one.
func (c *chat) hello(ctx context.Context, f fromClient) error {
	if !isToken(f.Token) {
		f.Token = newToken()
	}
	c.at = supportbot.Address{Channel: supportbot.Web, Peer: peer(f.Token)}
	after, begun, err := c.resume(ctx, f.After)
	if err != nil {
		return err
	}
	if c.state, err = c.status(ctx); err != nil {
		return err
	}
	if c.state.Language == "" {
		c.state.Language = f.Language
	}
	c.seq = after
	c.send(ctx, welcome{Type: "welcome", Token: f.Token, After: after, state: c.state})
	if !begun {
		c.send(ctx, typingFrame{"typing", true})
		_, err := c.handle(ctx, supportbot.Inbound{ID: "open", Kind: supportbot.InOpen, Language: f.Language})
		if err != nil {
			return err
		}
	}
	if err := c.catchUp(ctx); err != nil {
		return err
	}
	if !begun {
		c.send(ctx, typingFrame{"typing", false})
	}
	c.followers.Go(func() { c.follow(ctx) })
	return nil
}

// resume checks the client's place in the transcript against the transcript. A
// client may know more than there is, for instance after an erasure; then it
// starts from 0. begun tells whether anything was said yet.
func (c *chat) resume(ctx context.Context, after int64) (from int64, begun bool, err error) {
	for ; ; after = 0 {
		known, err := c.messages(ctx, max(after-1, 0), 1)
		switch {
		case err != nil:
			return 0, false, err
		case len(known) > 0:
			return after, true, nil
		case after == 0:
			return 0, false, nil
		}
	}
}

// fail ends a connection that cannot be served for now. The client comes back.
func (c *chat) fail(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return // it has ended by itself
	}
	c.log.Error("web chat interrupted", slog.Any("error", err))
	c.close(ctx, websocket.CloseTryAgainLater, "try again later")
}

func (c *chat) messages(ctx context.Context, after int64, limit int) ([]supportbot.Message, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	list, err := c.conv.Messages(ctx, c.at, after, limit)
	if err != nil {
		return nil, fmt.Errorf("webchat: read the transcript: %w", err)
	}
	return list, nil
}

func (c *chat) status(ctx context.Context) (state, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	s, err := c.conv.Status(ctx, c.at)
	if err != nil {
		return state{}, fmt.Errorf("webchat: read the status: %w", err)
	}
	return state{s.Language, s.Case, s.Agent}, nil
}
