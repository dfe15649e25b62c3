package webchat

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"supportbot"
	"supportbot/channels"
)

const (
	// lookEvery is how often a room looks by itself, in case a hint was lost, and
	// gives its clients a sign of life.
	lookEvery   = 20 * time.Second
	callTimeout = 15 * time.Second // of a call to the bot
	pageSize    = 200              // messages
)

// room is a conversation that is open in one tab or several. What is new in it
// is read and encoded once, for all of them.
type room struct {
	conv  channels.Conversations
	at    supportbot.Address
	log   *slog.Logger
	seen  func(ctx context.Context, at supportbot.Address, last int64) error
	users int // chats that entered and did not leave; of the channel

	changed <-chan struct{}
	close   func()

	mu      sync.Mutex // held while the members catch up
	members map[*chat]bool
	seq     int64 // of the last message that the members were sent
	state   state // that they were sent last
	shown   int64 // of the last message that a page has answered for
	told    int64 // and up to which that was told; follow's
}

// enter returns the room of a conversation, in which the chat has no part yet.
// Nothing that changes from now on goes unnoticed.
func (c *Channel) enter(at supportbot.Address) *room {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.rooms[at]
	if r == nil {
		ctx, cancel := context.WithCancel(context.Background())
		changed, stop := c.conv.Watch(at)
		r = &room{
			conv: c.conv, at: at, log: c.log, seen: c.seen, changed: changed, members: map[*chat]bool{},
			close: func() { cancel(); stop() },
		}
		c.rooms[at] = r
		go r.follow(ctx)
	}
	r.users++
	return r
}

// leave undoes enter; the last one out closes the room.
func (c *Channel) leave(r *room, ch *chat) {
	r.mu.Lock()
	delete(r.members, ch)
	r.mu.Unlock()

	c.mu.Lock()
	defer c.mu.Unlock()
	if r.users--; r.users == 0 {
		delete(c.rooms, r.at)
		r.close()
	}
}

// follow brings the members what others write into the conversation, until ctx
// ends. If that fails, they are sent away, to come back later.
func (r *room) follow(ctx context.Context) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case <-r.changed:
		case <-look.C:
			r.beat()
			r.tellShown(ctx)
		case <-ctx.Done():
			return
		}
		err := apart(func() error { return r.news(ctx) })
		if err != nil && ctx.Err() == nil {
			r.dismiss(err)
		}
	}
}

func (r *room) dismiss(err error) {
	r.log.Error("web chat interrupted", slog.Any("error", err))
	r.mu.Lock()
	defer r.mu.Unlock()
	for ch := range r.members {
		ch.close(websocket.CloseTryAgainLater, "try again later")
	}
}

// beat sends a ping, which keeps the connection, and the status again: scripts
// do not see pings, and this is how they know that the connection lives.
func (r *room) beat() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for ch := range r.members {
		ch.enqueue(outgoing{kind: websocket.PingMessage, data: strconv.AppendInt(nil, r.seq, 10)})
	}
	r.tell(statusFrame{"status", r.state})
}

// answered takes what a page sends back of a ping: the last message before it, which
// the page has then as well.
func (r *room) answered(ping string) {
	last, err := strconv.ParseInt(ping, 10, 64)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil && last <= r.seq {
		r.shown = max(r.shown, last)
	}
}

// tellShown tells what was shown since it was told last. If that fails, the next
// look tells it.
func (r *room) tellShown(ctx context.Context) {
	r.mu.Lock()
	shown := r.shown
	r.mu.Unlock()
	if r.seen == nil || shown <= r.told {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	if err := r.seen(ctx, r.at, shown); err != nil {
		r.log.Error("web chat: what was shown is not kept", slog.Any("error", err))
		return
	}
	r.told = shown
}

// join makes a chat a member once it has what the others have.
func (r *room) join(ctx context.Context, ch *chat) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.members) == 0 {
		r.seq, r.state = ch.seq, ch.state
		r.members[ch] = true
		return r.catchUp(ctx)
	}
	if err := r.catchUp(ctx); err != nil {
		return err
	}
	if err := ch.readTo(ctx, r.seq); err != nil {
		return err
	}
	if !r.state.equal(ch.state) {
		ch.send(statusFrame{"status", r.state})
	}
	r.members[ch] = true
	return nil
}

// news sends the members what they do not have yet.
func (r *room) news(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.catchUp(ctx)
}

// catchUp is news; mu is held.
func (r *room) catchUp(ctx context.Context) error {
	if len(r.members) == 0 {
		return nil
	}
	for more := true; more; {
		list, err := r.messages(ctx, r.seq, pageSize)
		if err != nil {
			return err
		}
		if len(list) > 0 {
			r.tell(messagesFrame{"messages", render(list)})
			r.seq = list[len(list)-1].Seq
		}
		more = len(list) == pageSize
	}
	now, err := r.status(ctx)
	if err != nil {
		return err
	}
	if !now.equal(r.state) {
		r.state = now
		r.tell(statusFrame{"status", now})
	}
	return nil
}

// tell sends a frame to all members.
func (r *room) tell(frame any) {
	shared, err := websocket.NewPreparedMessage(websocket.TextMessage, encode(frame))
	if err != nil {
		panic(err) // a text can always be framed
	}
	for ch := range r.members {
		ch.enqueue(outgoing{kind: websocket.TextMessage, shared: shared})
	}
}

func (r *room) messages(ctx context.Context, after int64, limit int) ([]supportbot.Message, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	list, err := r.conv.Messages(ctx, r.at, after, limit)
	if err != nil {
		return nil, fmt.Errorf("webchat: read the transcript: %w", err)
	}
	return list, nil
}

func (r *room) status(ctx context.Context) (state, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	s, err := r.conv.Status(ctx, r.at)
	if err != nil {
		return state{}, fmt.Errorf("webchat: read the status: %w", err)
	}
	return state{s.Language, s.Case, s.Agent}, nil
}
