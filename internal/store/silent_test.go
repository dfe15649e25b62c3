package store_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"supportbot"
	"supportbot/internal/delivery"
	"supportbot/internal/nettest"
	"supportbot/internal/seal"
	"supportbot/internal/store"
	"supportbot/internal/store/pgtest"
)

// TestNobodyWaitsForADatabaseThatFallsSilent: the network swallows everything on
// the only connection of a store. Whoever asks is told so within seconds, also if
// he would wait for ever, and the store closes all the same.
func TestNobodyWaitsForADatabaseThatFallsSilent(t *testing.T) {
	t.Parallel() // it mostly waits
	database := pgtest.Database(t)
	key := seal.Place{File: filepath.Join(t.TempDir(), "key"), Make: true}
	var done sync.WaitGroup
	at := supportbot.Address{Channel: supportbot.REST, Peer: "c"}
	for name, ask := range map[string]func(context.Context, *store.Store) error{
		"the due timers": func(ctx context.Context, s *store.Store) error {
			_, err := s.Due(ctx, time.Now(), 1)
			return err
		},
		"a conversation": func(ctx context.Context, s *store.Store) error {
			_, err := s.Thread(ctx, at)
			return err
		},
		"to accept": func(ctx context.Context, s *store.Store) error {
			_, err := s.Accept(ctx, supportbot.Inbound{Address: at, ID: "2", Kind: supportbot.InText}, nil)
			return err
		},
		"to take": func(ctx context.Context, s *store.Store) error {
			_, err := s.Take(ctx, supportbot.Inbound{Address: at, ID: "2", Kind: supportbot.InText}, nil, supportbot.Commit{Thread: 1, Seq: 1})
			return err
		},
		"to commit": func(ctx context.Context, s *store.Store) error {
			return s.Commit(ctx, supportbot.Commit{Thread: 1, Seq: 1})
		},
		"to settle": func(ctx context.Context, s *store.Store) error {
			return s.Settle(ctx, delivery.Delivery{Thread: 1, Seq: 1}, delivery.Result{})
		},
		"for a log": func(ctx context.Context, s *store.Store) error {
			_, err := s.Log(ctx, 1)
			return err
		},
	} {
		n, through := nettest.Before(t, database+"&pool_max_conns=1")
		s, err := store.Open(t.Context(), through, key)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		n.Swallow(t, time.Hour)
		done.Go(func() {
			begun := time.Now()
			told := make(chan error, 1)
			go func() { told <- ask(context.WithoutCancel(t.Context()), s) }()
			select {
			case err := <-told:
				if err == nil {
					t.Errorf("%s: an answer came from nowhere", name)
				}
			case <-time.After(10 * time.Second):
				t.Errorf("%s: waits for ever", name)
			}
			t.Logf("%s: told after %s", name, time.Since(begun))
			begun = time.Now()
			_ = s.Close() // its connection is dead
			if took := time.Since(begun); took > 6*time.Second {
				t.Errorf("%s: closed after %s", name, took)
			}
		})
	}
	done.Wait()
}
