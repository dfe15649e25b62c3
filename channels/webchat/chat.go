package webchat

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"net/http"

	"github.com/gorilla/websocket"

	"supportbot"
)

const maxFaults = 20 // bad or hasty frames in a row on one connection

// chat is one connection.
type chat struct {
	*socket
	channel *Channel
	from    string // its address, as limits count
	room    *room  // of its conversation; nil before hello

	// Until it joins the others in the room.
	seq   int64 // of the last message that was sent
	state state // that was sent last
}

// chat serves one websocket until it ends.
func (c *Channel) chat(w http.ResponseWriter, r *http.Request) {
	if !c.allows(r) {
		c.log.Info("web chat refused to a foreign site", slog.String("origin", r.Header.Get("Origin")))
		http.Error(w, "This site may not use this chat: its origin is not among the allowed origins.", http.StatusForbidden)
		return
	}
	from, ok := c.limits.connect(w, r, c.log)
	if !ok {
		return
	}
	ws, err := c.upgrader.Upgrade(w, r, nil)
	if err != nil {
		c.limits.leave(from)
		return // Upgrade has answered
	}
	go c.serve(&chat{socket: newSocket(ws, c.writeTimeout), channel: c, from: from})
}

// serve takes what a client says until the connection ends. It runs beside
// ServeHTTP, which has returned, so that net/http lets go of its buffers: they
// would be most of what an idle connection costs.
func (c *Channel) serve(ch *chat) {
	goAway := func() { ch.close(websocket.CloseGoingAway, "") }
	defer context.AfterFunc(c.ctx, goAway)()
	defer c.limits.leave(ch.from)
	ch.listen(c.ctx)
	if ch.room != nil {
		c.leave(ch.room, ch)
	}
	goAway()
}

// listen takes frames one after the other until the connection ends. A client
// that does not read its answers is not read either.
func (c *chat) listen(ctx context.Context) {
	for faults := 0; faults < maxFaults; {
		data, text, err := c.read()
		if err != nil {
			return
		}
		var bad *fault
		err = apart(func() (err error) {
			bad, err = c.take(ctx, data, text)
			return err
		})
		switch {
		case err != nil:
			c.fail(ctx, err)
		case bad != nil:
			faults++
			c.send(bad)
		default:
			faults = 0
		}
		c.flush()
	}
	c.close(websocket.ClosePolicyViolation, "too many bad or hasty frames")
}

// take acts on one frame, or returns what is wrong with it.
func (c *chat) take(ctx context.Context, data []byte, text bool) (*fault, error) {
	if !text {
		return faultf(codeMalformed, "", "the frame is binary: send text"), nil
	}
	frame, bad := decode(data)
	if bad != nil {
		return bad, nil
	}
	greeted := c.room != nil
	switch {
	case frame.Type == "hello" && greeted:
		return faultf(codeOutOfOrder, "", "hello was said already"), nil
	case frame.Type == "hello":
		return nil, c.hello(ctx, frame)
	case !greeted:
		return faultf(codeOutOfOrder, frame.ID, "say hello first"), nil
	}
	if wait := c.channel.limits.speaks(c.room.at.Peer, c.from); wait > 0 {
		return slowDown(frame.ID, wait), nil
	}
	return nil, c.message(ctx, frame)
}

// hello resumes the conversation of the client's token, or begins one. A client
// that may not begin one for now is told so, and sent away.
func (c *chat) hello(ctx context.Context, f fromClient) error {
	if !isToken(f.Token) {
		f.Token = newToken()
	}
	c.room = c.channel.enter(supportbot.Address{Channel: supportbot.Web, Peer: peer(f.Token)})
	alive := c.ws.PongHandler()
	c.ws.SetPongHandler(func(ping string) error {
		c.room.answered(ping)
		return alive(ping)
	})
	after, begun, err := c.resume(ctx, f.After)
	if err != nil {
		return err
	}
	if !begun {
		if wait := c.channel.limits.begins(c.from); wait > 0 {
			c.send(slowDown("", wait))
			c.close(websocket.CloseTryAgainLater, "too many conversations")
			return nil
		}
	}
	return c.welcome(ctx, f, after, begun)
}

// welcome sends the client all that it does not have, greets a new one, and lets
// it into the room.
func (c *chat) welcome(ctx context.Context, f fromClient, after int64, begun bool) (err error) {
	if c.state, err = c.room.status(ctx); err != nil {
		return err
	}
	if c.state.Language == "" {
		c.state.Language = f.Language
	}
	c.seq = after
	c.send(welcome{Type: "welcome", Token: f.Token, After: after, state: c.state})
	if !begun {
		c.send(typingFrame{"typing", true})
		_, err := c.handle(ctx, supportbot.Inbound{ID: "open", Kind: supportbot.InOpen, Language: f.Language})
		if err != nil {
			return err
		}
	}
	if err := c.readTo(ctx, math.MaxInt64); err != nil {
		return err
	}
	if err := c.room.join(ctx, c); err != nil {
		return err
	}
	if !begun {
		c.send(typingFrame{"typing", false})
	}
	return nil
}

// resume checks the client's place in the transcript against the transcript. A
// client may know more than there is, for instance after an erasure; then it
// starts from 0. begun tells whether anything was said yet.
func (c *chat) resume(ctx context.Context, after int64) (from int64, begun bool, err error) {
	for ; ; after = 0 {
		known, err := c.room.messages(ctx, max(after-1, 0), 1)
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

// readTo sends what comes after seq, up to a message or the last one, no faster
// than the client reads it.
func (c *chat) readTo(ctx context.Context, last int64) error {
	for more := true; more && c.seq < last; {
		list, err := c.room.messages(ctx, c.seq, int(min(pageSize, last-c.seq)))
		if err != nil {
			return err
		}
		if len(list) > 0 {
			c.send(messagesFrame{"messages", render(list)})
			c.seq = list[len(list)-1].Seq
		}
		if more = len(list) == pageSize; more {
			c.flush()
		}
	}
	return nil
}

// fail ends a connection that cannot be served for now. The client comes back.
func (c *chat) fail(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return // it has ended by itself
	}
	if !errors.Is(err, supportbot.ErrBusy) { // which is counted
		c.channel.log.ErrorContext(ctx, "web chat interrupted", slog.Any("error", err))
	}
	c.close(websocket.CloseTryAgainLater, "try again later")
}
