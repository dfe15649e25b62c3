package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"

	"supportbot"
	"supportbot/internal/seal"
	"supportbot/internal/store"
	"supportbot/internal/turn"
)

// order is what the loop is asked to do: a load, in a form that can be sent.
type order struct {
	Persons      int
	Alone        bool // each turn by itself, as one statement on one of eight connections
	Name         string
	Warm, Window time.Duration
}

// loneStores is how many connections a node of the program has. A store that is
// asked for one turn at a time sends it by itself, without a group.
const loneStores = 8

// loopStatement writes turns that were made beforehand, as fast as the store's
// statements run: nothing comes over HTTP, nothing is read or understood.
func loopStatement(ctx context.Context, addr, url string) error {
	f, err := rehearse()
	if err != nil {
		return err
	}
	together, err := store.Open(ctx, url, seal.Place{File: os.Getenv(keyFile), Make: true})
	if err != nil {
		return err
	}
	closing := []func() error{together.Close}
	var alone [loneStores]lone
	for i := range alone {
		if alone[i].Store, err = store.Open(ctx, url, seal.Place{File: os.Getenv(keyFile)}); err != nil {
			return err
		}
		closing = append(closing, alone[i].Close)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /run", func(w http.ResponseWriter, r *http.Request) {
		var o order
		if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		took, err := o.loop(r.Context(), f, func(person int) taker {
			if o.Alone {
				return &alone[person%len(alone)]
			}
			return together
		})
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_ = json.NewEncoder(w).Encode(took) // a generator that has gone reads no answer
	})
	err = listen(ctx, addr, mux)
	for _, end := range closing {
		err = errors.Join(err, end())
	}
	return err
}

// taker writes a message together with its turn.
type taker interface {
	Take(ctx context.Context, in supportbot.Inbound, digest []byte, c supportbot.Commit) (turn.Receipt, error)
}

// lone is a store that is asked for one turn at a time.
type lone struct {
	*store.Store
	free sync.Mutex
}

// Take implements taker.
func (l *lone) Take(ctx context.Context, in supportbot.Inbound, digest []byte, c supportbot.Commit) (turn.Receipt, error) {
	l.free.Lock()
	defer l.free.Unlock()
	return l.Store.Take(ctx, in, digest, c)
}

// loop returns how long each turn of the window took.
func (o order) loop(ctx context.Context, f flow, of func(person int) taker) ([]time.Duration, error) {
	from := time.Now().Add(o.Warm)
	until := from.Add(o.Window)
	all := make([][]time.Duration, o.Persons)
	errs := make([]error, o.Persons)
	var persons sync.WaitGroup
	for i := range o.Persons {
		persons.Go(func() {
			for n := 0; time.Now().Before(until) && errs[i] == nil; n++ {
				errs[i] = hold(ctx, of(i), f, fmt.Sprintf("%s-%d-%d", o.Name, i, n), until, func(begun, ended time.Time) {
					if ended.After(from) && ended.Before(until) {
						all[i] = append(all[i], ended.Sub(begun))
					}
				})
			}
		})
	}
	persons.Wait()
	var took []time.Duration
	for i := range all {
		if errs[i] != nil {
			return nil, errs[i]
		}
		took = append(took, all[i]...)
	}
	return took, nil
}

// hold writes one conversation, each message together with its turn, as the
// program does; the first makes the conversation.
func hold(ctx context.Context, s taker, f flow, name string, until time.Time, turned func(begun, ended time.Time)) error {
	var thread supportbot.ThreadID
	digest := make([]byte, 32)
	for _, step := range f {
		begun := time.Now()
		if begun.After(until) {
			return nil
		}
		step.In.Address = address(name)
		step.Commit.Thread = thread
		receipt, err := s.Take(ctx, step.In, digest, step.Commit)
		if err != nil {
			return err
		}
		thread = receipt.Thread
		turned(begun, time.Now())
	}
	return nil
}

// askLoop has a loop in another process run.
func askLoop(ctx context.Context, l load, alone bool, warm, window time.Duration) (h heard) {
	c, err := dial(ctx, l.addrs[0])
	if err != nil {
		return heard{err: err}
	}
	defer c.close()
	body, err := json.Marshal(order{l.persons, alone, l.name, warm, window})
	if err != nil {
		return heard{err: err}
	}
	status, answer, err := c.request(http.MethodPost, "/run", "", body)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("the loop failed: %s", bytes.TrimSpace(answer))
	}
	if err == nil {
		err = json.Unmarshal(answer, &h.took)
	}
	h.err = err
	return h
}
