package turn_test

import (
	"errors"
	"time"

	"pgregory.net/rapid"

	"supportbot"
	"supportbot/internal/delivery"
)

// post is what is known of what was sent to a person.
type post struct {
	epoch   int64              // the greatest so far
	settled int64              // how many were sent
	open    *delivery.Delivery // begun, and not heard of since
}

// send has a provider take the next message to a person, or be silent until its time
// is over; meanwhile the conversation goes on.
func (o *office) send(r *rapid.T) {
	i := rapid.IntRange(0, persons-1).Draw(r, "to")
	silent := rapid.IntRange(0, 2).Draw(r, "silent") == 0
	t, err := o.store.Thread(o.Context(), o.people[i])
	if err != nil {
		r.Fatal(err)
	}
	// Its lease is over at once, so that whoever is silent has lost it.
	d, err := o.store.Claim(o.Context(), t.ID, time.Microsecond)
	if errors.Is(err, supportbot.ErrNotFound) {
		return
	}
	if err != nil {
		r.Fatal(err)
	}
	p := &o.post[i]
	o.inTurn(r, *p, d)
	o.says(r, i, "hello")
	if d.Message.From == supportbot.FromUser {
		o.breaks(r, 2, "a person is sent what they said: %+v", d.Message)
	}
	if late := p.open; late != nil { // the answer to the try before comes now
		if err := o.store.Settle(o.Context(), *late, delivery.Result{Status: delivery.Sent}); !errors.Is(err, supportbot.ErrFenced) {
			o.breaks(r, 2, "epoch %d settled what epoch %d had: %v", late.Epoch, d.Epoch, err)
		}
	}
	p.epoch, p.open = d.Epoch, &d
	if silent {
		return
	}
	if err := o.store.Settle(o.Context(), d, delivery.Result{Status: delivery.Sent, History: d.History}); err != nil {
		o.breaks(r, 2, "who has the newest epoch cannot settle: %v", err)
	}
	p.settled, p.open = d.Seq, nil
}

// inTurn: the next message, under a new epoch, and unsure if its last try was not heard of.
func (o *office) inTurn(r *rapid.T, p post, d delivery.Delivery) {
	switch {
	case d.Epoch <= p.epoch || d.Seq != p.settled+1:
		o.breaks(r, 2, "epoch %d sends message %d, after epoch %d and message %d", d.Epoch, d.Seq, p.epoch, p.settled)
	case p.open == nil && (d.Unsure || d.Tries != 1):
		o.breaks(r, 7, "a message that was never tried is unsure: %+v", d)
	case p.open != nil && (!d.Unsure || d.Key != p.open.Key || d.Tries != p.open.Tries+1):
		o.breaks(r, 7, "what was not answered is known: %+v, before %+v", d, *p.open)
	}
}
