package delivery

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"supportbot"
	"supportbot/channels"
	"supportbot/internal/telemetry"
)

// limits are how long things may take and how often they are tried.
type limits struct {
	conversations int           // sent to at the same time
	timeout       time.Duration // of one try
	lease         time.Duration // of a conversation: a little longer, so that a node that died is soon replaced
	sweep         time.Duration // between two looks for what no hint told of
	pause         time.Duration // after the first failure; doubled with every other
	longest       time.Duration // pause
	tries         int           // after which a message is parked: at the longest pause, most of a night
	refusals      int           // after which a message is parked
}

var defaults = limits{
	conversations: 64,
	timeout:       7 * time.Second,
	lease:         9 * time.Second,
	sweep:         time.Second,
	pause:         time.Second,
	longest:       10 * time.Minute,
	tries:         50,
	refusals:      3,
}

// sweepPage is how many conversations one look starts.
const sweepPage = 100

// Loop sends the messages of one channel, or tells another desk of cases.
type Loop struct {
	store   Store
	channel supportbot.Channel
	sender  func(context.Context, Delivery) error
	log     *slog.Logger
	hints   chan supportbot.ThreadID
	places  chan struct{} // one for every conversation that is being sent to
	running sync.WaitGroup
	limits
}

// New returns the loop of a channel.
func New(store Store, channel supportbot.Channel, sender channels.Sender, log *slog.Logger) *Loop {
	l := newLoop(store, channel, func(ctx context.Context, d Delivery) error { return sender.Send(ctx, d.To, d.Message, d.Key) }, log)
	if channel == supportbot.Web {
		l.timeout, l.lease = mailTimeout, mailLease
	}
	return l
}

// Who is on the web is sent mail. Its servers make strangers wait, and look into what
// they are given before they take it: 20 s for either, see channels/email.
const (
	mailTimeout = 45 * time.Second
	mailLease   = 50 * time.Second
)

// A desk that comes back is told soon: merchants wait for it. So there are more tries
// before an event is parked, after most of a night as well.
const (
	feedLongest = 30 * time.Second
	feedTries   = 1500
)

// NewFeed returns the loop of what another desk is told. send keeps to
// channels.Sender; of a repeat, Delivery.Key and Seq are the same.
func NewFeed(store Store, send func(context.Context, Delivery) error, log *slog.Logger) *Loop {
	l := newLoop(store, telemetry.Desk, send, log)
	l.longest, l.tries = feedLongest, feedTries
	return l
}

func newLoop(store Store, channel supportbot.Channel, sender func(context.Context, Delivery) error, log *slog.Logger) *Loop {
	return &Loop{
		store: store, channel: channel, sender: sender, limits: defaults,
		log:    log.With("channel", string(channel)),
		hints:  make(chan supportbot.ThreadID, 1024),
		places: make(chan struct{}, defaults.conversations),
	}
}

// Hint tells that something waits in a conversation. It never blocks: what is
// not hinted at is found a little later.
func (l *Loop) Hint(id supportbot.ThreadID) {
	select {
	case l.hints <- id:
	default:
	}
}

// Run sends until ctx ends. It returns once what is under way is settled.
func (l *Loop) Run(ctx context.Context) {
	defer l.running.Wait()
	sweep := time.NewTimer(0)
	defer sweep.Stop()
	for {
		select {
		case id := <-l.hints:
			l.start(ctx, id)
		case <-sweep.C:
			sweep.Reset(l.look(ctx))
		case <-ctx.Done():
			return
		}
	}
}

// look starts what is due and returns when to look again.
func (l *Loop) look(ctx context.Context) time.Duration {
	due, err := l.store.Undelivered(ctx, l.channel, sweepPage)
	if err != nil {
		if ctx.Err() == nil {
			l.log.Error("cannot look for what is to be sent, will try again", "error", err)
		}
		return l.sweep
	}
	for _, id := range due {
		l.start(ctx, id)
	}
	if len(due) == sweepPage {
		return 0
	}
	return l.sweep
}

// start sends what waits in a conversation, as soon as there is a place.
func (l *Loop) start(ctx context.Context, id supportbot.ThreadID) {
	select {
	case l.places <- struct{}{}:
	case <-ctx.Done():
		return
	}
	l.running.Go(func() {
		defer func() { <-l.places }()
		l.drain(ctx, id)
	})
}

// drain sends what waits in a conversation, in order, until nothing is left or
// something fails.
func (l *Loop) drain(ctx context.Context, id supportbot.ThreadID) {
	for ctx.Err() == nil {
		// Measured from before the claim: a process that stood still longer than
		// its lease must not send.
		deadline := time.Now().Add(l.timeout)
		d, err := l.store.Claim(ctx, id, l.lease)
		if errors.Is(err, supportbot.ErrNotFound) || ctx.Err() != nil {
			return
		}
		if err != nil {
			l.log.Error("cannot take a message to send, will try again", "thread", int64(id), "error", err)
			return
		}
		r := l.try(d, deadline)
		l.report(d, r)
		err = l.settle(d, r)
		if errors.Is(err, supportbot.ErrFenced) {
			telemetry.LeasesLost.Inc()
		}
		if err != nil {
			l.log.Error("a message was tried, but not what became of it is kept: it will be sent again", "thread", int64(id), "seq", d.Seq, "error", err)
			return
		}
		if r.Status == Waiting {
			return
		}
	}
}

// try sends one message, also when the loop is about to stop, and tells what
// to do with it.
func (l *Loop) try(d Delivery, deadline time.Time) Result {
	if d.Tries > l.tries { // each of them ended with the process
		return Result{Status: Parked, Error: "was begun again and again, but never came to an end", History: d.History}
	}
	ctx, cancel := context.WithDeadline(context.Background(), deadline)
	defer cancel()
	ctx, sending := telemetry.Send(ctx, d.Trace, l.channel)
	r := l.judge(d.History, l.send(ctx, d))
	sending.End(outcomes[r.Status])
	return r
}

// outcomes are what the metrics call what became of a try.
var outcomes = map[Status]telemetry.SendOutcome{Sent: telemetry.Sent, Waiting: telemetry.SendRetry, Parked: telemetry.SendParked}
