package telephone

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// post has a telephone hear something.
func (x *exchange) post(c *exchangeCall, l dispatch) {
	x.mu.Lock()
	defer x.mu.Unlock()
	c.letters = append(c.letters, l)
	select {
	case c.news <- struct{}{}:
	default:
	}
}

// mail is what a telephone hears next; it waits for it.
func (x *exchange) mail(w http.ResponseWriter, r *http.Request) {
	c := x.get(r.FormValue("sid"))
	if c == nil {
		http.Error(w, "no such call", http.StatusNotFound)
		return
	}
	select {
	case <-c.news:
	case <-time.After(10 * time.Second):
	case <-r.Context().Done():
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	_ = json.NewEncoder(w).Encode(append([]dispatch{}, c.letters...))
	c.letters = nil
}

// told takes what a telephone tells: a new one, words, and who comes and goes.
func (x *exchange) told(w http.ResponseWriter, r *http.Request) {
	var what tells
	if err := json.NewDecoder(r.Body).Decode(&what); err != nil || what.SID == "" {
		http.Error(w, "a telephone needs a sid", http.StatusBadRequest)
		return
	}
	c := x.get(what.SID)
	if c == nil {
		x.add(&exchangeCall{sid: what.SID, from: what.From, status: "in-progress", waits: what.Waits})
		return
	}
	switch {
	case what.Takes:
		if !x.takes(c) {
			http.Error(w, "it does not ring any more", http.StatusConflict)
			return
		}
		x.is(c, "in-progress")
	case what.Gone:
		x.is(c, "completed")
	case what.Room != nil:
		x.mu.Lock()
		before := c.room
		c.room = *what.Room
		x.mu.Unlock()
		if before.Name != "" {
			x.happens(c, before, "participant-leave")
		}
		if what.Room.Name != "" {
			x.happens(c, *what.Room, "participant-join")
		}
	case what.Words != "":
		x.mu.Lock()
		var others []*exchangeCall
		for _, o := range x.calls {
			if o != c && o.room.Name == c.room.Name && c.room.Name != "" {
				others = append(others, o)
			}
		}
		x.mu.Unlock()
		for _, o := range others {
			x.post(o, dispatch{Words: what.Words})
		}
	}
}

// takes tells whether a call that is taken now has rung until now.
func (x *exchange) takes(c *exchangeCall) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if c.status != "ringing" {
		return false
	}
	c.status = "in-progress"
	close(c.taken)
	return true
}

// Attend is the telephone of the agents, and of whoever else is called, at
// Exchange: one call after the other, each answered by the word "answer". It returns
// at the end of Answers.
func (t *Telephone) Attend(ctx context.Context) error {
	where, err := url.Parse(t.Exchange)
	if err != nil || where.Host == "" {
		return errors.New("call: the server has an account at Twilio, which calls the telephones of agents itself")
	}
	var network net.ListenConfig
	listener, err := network.Listen(ctx, "tcp", where.Host)
	if err != nil {
		return fmt.Errorf("call: be the exchange: %w", err)
	}
	x := newExchange(t)
	server := &http.Server{Handler: x, ReadHeaderTimeout: 10 * time.Second}
	defer func() { _ = server.Close() }()      // nobody is called any more
	go func() { _ = server.Serve(listener) }() // until it is closed
	if err := t.Hear(Event{Note: "waits for calls at " + where.Host}); err != nil {
		return err
	}
	for {
		select {
		case c := <-x.rings:
			ended, err := x.answer(ctx, c)
			<-x.taken
			if ended || err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// answer is one call to this telephone; ended is the end of the answers.
func (x *exchange) answer(ctx context.Context, c *exchangeCall) (ended bool, err error) {
	t := *x.server
	t.sid, t.From, t.To, t.away = c.sid, c.from, c.to, true
	t.begin, t.end = resolve("/", c.url), resolve("/", c.callback)
	taken, there, err := t.takes()
	if !taken || err != nil {
		x.is(c, "no-answer")
		return !there, err
	}
	x.is(c, "in-progress")
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	t.station = t.connect(ctx)
	err = t.run(ctx)
	x.mu.Lock()
	c.status = "completed"
	x.mu.Unlock()
	return false, err
}
