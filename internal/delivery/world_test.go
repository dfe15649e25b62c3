package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"supportbot"
	"supportbot/internal/seal"
	"supportbot/internal/store"
)

// fault is what happens to one try.
type fault string

const (
	absent  fault = "absent"  // did not arrive
	limited fault = "limited" // did not arrive, and comes with a pause
	refused fault = "refused"
	gone    fault = "gone"
	lost    fault = "lost"   // did not arrive, but nobody can tell
	taken   fault = "taken"  // arrived, and then failed
	late    fault = "late"   // arrived, but the answer does not come in time
	panics  fault = "panics" // arrived, and the sender fails
	dies    fault = "dies"   // the process ends before it is sent
	died    fault = "died"   // the process ends after it arrived
	stalls  fault = "stalls" // arrived, but the process stands still for longer than its lease
)

var faults = []fault{absent, absent, limited, limited, refused, gone, lost, lost, taken, taken, panics, late, dies, died, stalls}

// arrives tells whether a try with this fault reaches the person all the same.
func (f fault) arrives() bool {
	return f == taken || f == late || f == panics || f == died || f == stalls
}

// world is a store, the nodes that send from it, and the persons whom a script
// of faults stands before.
type world struct {
	store   *store.Store
	log     *slog.Logger
	channel supportbot.Channel

	mu      sync.Mutex
	scripts map[string][]fault   // by conversation and message, what becomes of its next tries
	arrived map[string][]arrival // by conversation
	slipped map[string]int       // by key: tries whose result was not kept, for a reason
	robbed  int                  // tries whose result was not kept, for none
	tries   int
	deaths  int
	stop    []func()
	nodes   sync.WaitGroup
}

type arrival struct {
	seq int64
	key string
}

func newWorld(s *store.Store, channel supportbot.Channel) *world {
	return &world{
		store: s, log: slog.New(slog.DiscardHandler), channel: channel,
		scripts: map[string][]fault{}, arrived: map[string][]arrival{}, slipped: map[string]int{},
	}
}

func openStore(t *testing.T, place string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), place, seal.Place{File: filepath.Join(t.TempDir(), "key"), Make: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// says commits a turn in which the bot says something n times.
func (w *world) says(ctx context.Context, peer string, n int) (supportbot.ThreadID, error) {
	at := supportbot.Address{Channel: w.channel, Peer: peer}
	known, err := w.store.Thread(ctx, at)
	if err != nil && !errors.Is(err, supportbot.ErrNotFound) {
		return 0, err
	}
	r, err := w.store.Accept(ctx, supportbot.Inbound{Address: at, ID: fmt.Sprint(known.Tail + 1), Kind: supportbot.InText}, nil)
	if err != nil {
		return 0, err
	}
	c := supportbot.Commit{Thread: r.Thread, Seq: r.Seq, Version: known.Version, Send: true}
	for i := range n {
		seq := known.LastSeq + int64(i) + 1
		c.Messages = append(c.Messages, supportbot.Message{Seq: seq, From: supportbot.FromBot, Text: "hello", At: time.Now()})
	}
	return r.Thread, w.store.Commit(ctx, c)
}

// place names a message in a script.
func place(to supportbot.Address, seq int64) string { return fmt.Sprint(to.Peer, " ", seq) }

// passed takes the fault of a try off the script; of a try whose result was not
// kept it comes again.
func (w *world) passed(to supportbot.Address, m supportbot.Message) {
	at := place(to, m.Seq)
	if script := w.scripts[at]; len(script) > 0 {
		w.scripts[at] = script[1:]
	}
}

// next is what happens to a try, "" if it goes well.
func (w *world) next(to supportbot.Address, m supportbot.Message) (f fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tries++
	if script := w.scripts[place(to, m.Seq)]; len(script) > 0 {
		f = script[0]
	}
	if f == dies || f == died || f == stalls {
		w.deaths++
		w.passed(to, m)
	}
	return f
}

func (w *world) arrive(to supportbot.Address, m supportbot.Message, key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.arrived[to.Peer] = append(w.arrived[to.Peer], arrival{m.Seq, key})
}
