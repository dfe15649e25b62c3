package delivery

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"supportbot"
	"supportbot/channels"
)

// send makes a panic an error: whether the message arrived is not known.
func (l *Loop) send(ctx context.Context, d Delivery) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v", v)
		}
	}()
	return l.sender(ctx, d)
}

// judge tells what to do with a message after a try.
func (l *Loop) judge(h History, err error) Result {
	if err == nil {
		return Result{Status: Sent, History: h}
	}
	failure := &channels.Failure{Kind: channels.Unsure, Err: err}
	errors.As(err, &failure)

	r := Result{Status: Waiting, Error: err.Error(), History: h}
	r.After = l.backoff(h.Tries)
	switch failure.Kind {
	case channels.Unsure:
		r.Unsure = true
	case channels.Early:
		r.After, r.Error = failure.After, ""
	case channels.Limited:
		r.After = max(r.After, failure.After)
	case channels.Refused:
		r.Refusals++
	case channels.Gone:
		r.All = true
	}
	if r.All || r.Refusals >= l.refusals || r.Tries >= l.tries {
		r.Status, r.After = Parked, 0
	}
	return r
}

// backoff is how long to wait after so many tries: doubled with each, and drawn
// from the upper half of that, so that those who failed together come back
// apart.
func (l *Loop) backoff(tries int) time.Duration {
	full := l.longest
	if doublings := tries - 1; doublings < 30 {
		full = min(full, l.pause<<doublings)
	}
	return full/2 + rand.N(full/2+1)
}

// settleLimit is how long the result of a try may take to be kept.
const settleLimit = 5 * time.Second

// settle has the result kept. The database may be away for a moment, and a
// message that was sent should not be sent again for that.
func (l *Loop) settle(d Delivery, r Result) error {
	ctx, cancel := context.WithTimeout(context.Background(), settleLimit)
	defer cancel()
	for {
		err := l.store.Settle(ctx, d, r)
		if err == nil || errors.Is(err, supportbot.ErrFenced) {
			return err
		}
		select {
		case <-time.After(l.lease / 20):
		case <-ctx.Done():
			return err
		}
	}
}

// report logs what went wrong.
func (l *Loop) report(d Delivery, r Result) {
	log := l.log.With("thread", int64(d.Thread), "seq", d.Seq, "message", d.Message.Seq,
		"tries", r.Tries, "refusals", r.Refusals, "unsure", r.Unsure, "error", r.Error)
	switch {
	case r.All:
		log.Error("the person is gone, all that waits for them is parked")
	case r.Status == Parked:
		log.Error("message parked, the conversation goes on without it")
	case r.Status == Waiting && r.Error != "":
		log.Warn("message not sent, will try again", "after", r.After)
	}
}
