package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"supportbot"
	"supportbot/internal/turn"
)

// notifier carries hints between processes by LISTEN and NOTIFY. NOTIFY takes a
// lock on the whole database when it commits, so no turn does it: the notifier
// gathers the hints of all turns and sends them together, from a connection of
// its own.
type notifier struct {
	config *pgx.ConnConfig
	node   string
	stop   context.CancelFunc
	done   chan struct{}

	mu    sync.Mutex
	waits map[supportbot.ThreadID]turn.Hint
	kick  chan struct{}
}

const (
	hintChannel = "supportbot"
	hintGap     = 15 * time.Millisecond // between two notifications of a process
	hintLimit   = 5 * time.Second       // for one notification
	hintSilence = 10 * time.Second      // after which the connection is tried
	hintRetry   = time.Second           // the longest pause before the next try
	// maxHints fit into one payload, of which PostgreSQL takes 7,999 bytes.
	maxHints = 150
)

func newNotifier(config *pgx.ConnConfig) *notifier {
	ctx, stop := context.WithCancel(context.Background())
	n := &notifier{
		config: config, node: rand.Text()[:8], stop: stop, done: make(chan struct{}),
		waits: map[supportbot.ThreadID]turn.Hint{}, kick: make(chan struct{}, 1),
	}
	go n.run(ctx)
	return n
}

func (n *notifier) close() {
	n.stop()
	<-n.done
}

// add has a hint sent with the next notification.
func (n *notifier) add(h turn.Hint) {
	n.mu.Lock()
	defer n.mu.Unlock()
	before := n.waits[h.Thread]
	h.Seq, h.Case, h.Erased = max(h.Seq, before.Seq), h.Case || before.Case, h.Erased || before.Erased
	n.waits[h.Thread] = h
	select {
	case n.kick <- struct{}{}:
	default:
	}
}

// payload takes what waits: the sender, then NUMBER:MESSAGE each, with a c if
// there is a case and an e if the conversation was erased. Where too much waits a star stands for all of it.
func (n *notifier) payload() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	defer clear(n.waits)
	if len(n.waits) > maxHints {
		return n.node + " *"
	}
	var b strings.Builder
	b.WriteString(n.node)
	for _, h := range n.waits {
		fmt.Fprintf(&b, " %d:%d", h.Thread, h.Seq)
		if h.Case {
			b.WriteByte('c')
		}
		if h.Erased {
			b.WriteByte('e')
		}
	}
	return b.String()
}

// run sends until ctx ends. What cannot be sent is dropped: whoever watches
// looks for himself once in a while.
func (n *notifier) run(ctx context.Context) {
	defer close(n.done)
	if !n.kicked(ctx) { // most commands change nothing that others watch
		return
	}
	n.connected(ctx, func(conn *pgx.Conn) error {
		// No hint is worth a sync of the disk.
		if _, err := conn.Exec(ctx, `SET synchronous_commit = off`); err != nil {
			return err
		}
		for ok := true; ok; ok = n.kicked(ctx) {
			limited, cancel := context.WithTimeout(ctx, hintLimit)
			_, err := conn.Exec(limited, `SELECT pg_notify($1, $2)`, hintChannel, n.payload())
			cancel()
			if err != nil {
				return err
			}
			pause(ctx, hintGap)
		}
		return nil
	})
}

// kicked waits for a hint; false if ctx has ended instead.
func (n *notifier) kicked(ctx context.Context) bool {
	select {
	case <-n.kick:
		return true
	case <-ctx.Done():
		return false
	}
}

// listen calls f with the hints of others until ctx ends. Whatever may have been
// missed while there was no connection is one hint at everything.
func (n *notifier) listen(ctx context.Context, f func(turn.Hint)) {
	n.connected(ctx, func(conn *pgx.Conn) error {
		if _, err := conn.Exec(ctx, pgHoldOpen); err != nil {
			return err
		}
		if _, err := conn.Exec(ctx, `LISTEN `+hintChannel); err != nil {
			return err
		}
		f(turn.Hint{})
		for {
			waiting, cancel := context.WithTimeout(ctx, hintSilence)
			got, err := conn.WaitForNotification(waiting)
			cancel()
			if errors.Is(err, context.DeadlineExceeded) {
				err = n.ping(ctx, conn)
			}
			if err != nil {
				return err
			}
			if got == nil {
				continue
			}
			sender, hints, _ := strings.Cut(got.Payload, " ")
			if sender != n.node {
				for _, h := range strings.Fields(hints) {
					f(readHint(h))
				}
			}
		}
	})
}

// ping tells whether a connection on which nothing has come for long is alive.
func (n *notifier) ping(ctx context.Context, conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, hintLimit)
	defer cancel()
	return conn.Ping(ctx)
}

// readHint reads what payload has written; what it cannot read hints at
// everything.
func readHint(text string) turn.Hint {
	numbers, erased := strings.CutSuffix(text, "e")
	numbers, isCase := strings.CutSuffix(numbers, "c")
	thread, seq, _ := strings.Cut(numbers, ":")
	id, err := strconv.ParseInt(thread, 10, 64)
	if err != nil {
		return turn.Hint{}
	}
	last, err := strconv.ParseInt(seq, 10, 64)
	if err != nil {
		return turn.Hint{}
	}
	return turn.Hint{Thread: supportbot.ThreadID(id), Seq: last, Case: isCase, Erased: erased}
}

// connected runs f on a connection of its own, and again after a pause if that
// is lost, until ctx ends. The pauses grow while no connection lasts.
func (n *notifier) connected(ctx context.Context, f func(*pgx.Conn) error) {
	wait := hintGap
	for ctx.Err() == nil {
		begun := time.Now()
		conn, err := pgx.ConnectConfig(ctx, n.config.Copy())
		if err == nil {
			_ = f(conn) // Ready tells that the database is gone
			closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), hintRetry)
			_ = conn.Close(closing)
			cancel()
		}
		if time.Since(begun) > 2*hintRetry {
			wait = hintGap
		}
		pause(ctx, wait)
		wait = min(2*wait, hintRetry)
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
