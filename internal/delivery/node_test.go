package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"supportbot"
	"supportbot/channels"
	"supportbot/internal/delivery"
)

// node is one process; it is dead once what it writes has no effect any more.
type node struct {
	*world
	delivery.Store
	mu    sync.Mutex
	dead  bool
	begun map[claim]time.Time
	end   context.CancelFunc
}

type claim struct {
	thread supportbot.ThreadID
	epoch  int64
}

// start adds a node.
func (w *world) start() *delivery.Loop {
	ctx, end := context.WithCancel(context.Background())
	n := &node{world: w, Store: w.store, begun: map[claim]time.Time{}, end: end}
	loop := delivery.New(n, w.channel, n, w.log).Hurry()
	w.mu.Lock()
	w.stop = append(w.stop, end)
	w.mu.Unlock()
	w.nodes.Go(func() { loop.Run(ctx) })
	return loop
}

// end stops all nodes as an operator does.
func (w *world) end() {
	w.mu.Lock()
	for _, stop := range w.stop {
		stop()
	}
	w.mu.Unlock()
	w.nodes.Wait()
}

// die ends the node as a power cut does, and another takes its place.
func (n *node) die() {
	n.mu.Lock()
	alive := !n.dead
	n.dead = true
	n.mu.Unlock()
	if alive {
		n.end()
		n.start()
	}
}

func (n *node) isDead() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.dead
}

// errDead is what a process finds that others have taken for dead.
var errDead = fmt.Errorf("the process is dead: %w", supportbot.ErrFenced)

func (n *node) Claim(ctx context.Context, id supportbot.ThreadID, lease time.Duration) (delivery.Delivery, error) {
	if n.isDead() {
		return delivery.Delivery{}, errDead
	}
	begun := time.Now()
	d, err := n.Store.Claim(ctx, id, lease)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.begun[claim{d.Thread, d.Epoch}] = begun
	return d, err
}

// excused tells whether the node may be fenced: it is dead, or was too slow.
func (n *node) excused(d delivery.Delivery) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.dead || time.Since(n.begun[claim{d.Thread, d.Epoch}]) > delivery.QuickLease
}

func (n *node) Settle(ctx context.Context, d delivery.Delivery, r delivery.Result) error {
	// Nobody looks at the script between the two: what is settled is passed.
	n.world.mu.Lock()
	defer n.world.mu.Unlock()
	err := errDead
	if !n.isDead() {
		err = n.Store.Settle(ctx, d, r)
	}
	if err != nil && !n.excused(d) {
		n.robbed++
	}
	if err != nil {
		n.slipped[d.Key]++
		return err
	}
	n.passed(d.To, d.Message)
	return nil
}

// Send plays the next fault of the message's script.
func (n *node) Send(ctx context.Context, to supportbot.Address, m supportbot.Message, key string) error {
	if n.isDead() {
		return errDead
	}
	f := n.next(to, m)
	if f == dies {
		n.die()
		return errDead
	}
	if f == "" || f.arrives() {
		n.arrive(to, m, key)
	}
	fail := func(kind channels.FailureKind) error {
		return &channels.Failure{Kind: kind, After: 20 * time.Millisecond, Err: errors.New(string(f))}
	}
	switch f {
	case absent:
		return fail(channels.Absent)
	case limited:
		return fail(channels.Limited)
	case refused:
		return fmt.Errorf("wrapped: %w", fail(channels.Refused))
	case gone:
		return fail(channels.Gone)
	case lost, taken:
		return fail(channels.Unsure)
	case late:
		<-ctx.Done()
		return ctx.Err()
	case panics:
		panic("a sender that fails")
	case stalls:
		time.Sleep(2 * delivery.QuickLease)
	case died:
		n.die()
	}
	return nil
}
