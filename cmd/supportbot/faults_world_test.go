package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"supportbot/internal/store"
	"supportbot/internal/store/pgtest"
)

// world is a trial: nodes on one database, a provider that they send to, persons
// who talk to them, and what befalls all of these.
type world struct {
	*report
	place    string
	nodes    []*node
	receiver *receiver
	client   http.Client
	begun    chan struct{} // closed when all nodes have started

	mu    sync.Mutex
	talks []*dialogue
	chats []*webPerson
	down  []span // of the database
}

// newWorld makes a trial on a database, with a node for each of the faults that
// they begin with; a node without one is spared.
func newWorld(t *testing.T, name, binary, place string, firsts ...string) *world {
	t.Helper()
	r := newReport(name)
	w := &world{report: r, place: place, receiver: newReceiver(r), begun: make(chan struct{})}
	w.client = http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	for i, first := range firsts {
		name := fmt.Sprint("node", i)
		args := []string{"serve", "--listen", "127.0.0.1:0", "--rest-callback", w.receiver.URL + "/" + name, "--rest-callback-secret", callbackSecret}
		if store.IsURL(place) {
			args = append(args, "--database", place, "--data", t.TempDir())
		} else {
			args = append(args, "--data", place)
		}
		w.nodes = append(w.nodes, &node{name: name, args: args, binary: binary, report: r, log: &lines{}, first: first, next: anyFault, alone: len(firsts) == 1})
	}
	t.Cleanup(w.end)
	return w
}

func (w *world) end() {
	for _, n := range w.nodes {
		n.kill()
	}
	w.receiver.CloseClientConnections()
	w.receiver.Close()
}

const persons = 6 // on the REST channel

// endure has persons talk while faults come, for a time.
func (w *world) endure(duration time.Duration) {
	var starting, talking, suffering sync.WaitGroup
	for _, n := range w.nodes {
		starting.Go(func() { n.start(n.first) })
	}
	starting.Wait()
	close(w.begun)
	ctx, cancel := context.WithTimeout(context.Background(), duration)
	defer cancel()
	for i := range persons {
		talking.Go(func() { w.talksOn(ctx, fmt.Sprint("p", i)) })
	}
	for i := range 2 {
		talking.Go(func() { w.chatsOn(ctx, fmt.Sprint("w", i)) })
	}
	for _, n := range w.nodes {
		if n.first == "" {
			continue
		}
		suffering.Go(func() {
			n.meets(n.first)
			for goesOn(ctx, rand.N(2*time.Second)) {
				n.suffer(n.next())
			}
		})
	}
	suffering.Wait()
	w.receiver.calmDown()
	talking.Wait()
}

// holds fails the test if an invariant does not hold.
func (w *world) holds(t *testing.T) *report {
	w.check(t.Context())
	for _, example := range w.examples {
		t.Error(example)
	}
	return w.report
}

// goesOn tells whether there is time left after a pause.
func goesOn(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

// crashDatabase ends PostgreSQL at once, and starts it again, for a time.
func (w *world) crashDatabase(t *testing.T, postgres *pgtest.Server, duration time.Duration) {
	<-w.begun
	ctx, cancel := context.WithTimeout(t.Context(), duration)
	defer cancel()
	for goesOn(ctx, 2*time.Second+rand.N(4*time.Second)) {
		from := time.Now()
		postgres.Stop(t)
		time.Sleep(rand.N(2 * time.Second))
		postgres.Resume(t)
		w.mu.Lock()
		w.down = append(w.down, span{from, time.Now()})
		w.mu.Unlock()
		w.count("PostgreSQL ended at once")
	}
}

// troubled tells whether a node, or the database, was in trouble in a time.
func (w *world) troubled(name string, s span) bool {
	all := w.down
	for _, n := range w.nodes {
		if n.name == name {
			n.mu.Lock()
			defer n.mu.Unlock()
			all = append(all[:len(all):len(all)], n.trouble...)
		}
	}
	for _, trouble := range all {
		if trouble.overlaps(s) {
			return true
		}
	}
	return false
}

func (w *world) url() string { return w.nodes[rand.IntN(len(w.nodes))].address() }

// dsn is how database/sql opens the database.
func (w *world) dsn() (driver, source string) {
	if store.IsURL(w.place) {
		return "pgx", w.place
	}
	return "sqlite", "file:" + filepath.Join(w.place, "supportbot.db") + "?mode=ro&_busy_timeout=5000"
}
