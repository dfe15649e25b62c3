package store

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"supportbot"
	"supportbot/internal/store/pgtest"
	"supportbot/internal/store/storetest"
	"supportbot/internal/turn"
)

func TestPostgres(t *testing.T) {
	var mu sync.Mutex
	databases := map[string]string{}
	storetest.Run(t, func(t *testing.T) storetest.Store {
		mu.Lock()
		defer mu.Unlock()
		if databases[t.Name()] == "" {
			databases[t.Name()] = pgtest.Database(t)
		}
		return openAt(t, databases[t.Name()])
	}, feedOf)
}

func TestHintsReachTheOthers(t *testing.T) {
	database := pgtest.Database(t)
	a, b := openAt(t, database), openAt(t, database)
	heard := make(chan turn.Hint, 1000)
	listen := func(s *Store) {
		go s.Hints(t.Context(), func(h turn.Hint) { heard <- h })
		if h := next(t, heard); h != (turn.Hint{}) {
			t.Errorf("the first hint of a connection is %+v, want that anything may have changed", h)
		}
	}
	listen(a)
	listen(b)

	want := turn.Hint{Thread: 7, Seq: 3, Case: true}
	a.Hint(want)
	if got := next(t, heard); got != want {
		t.Errorf("heard %+v, want %+v", got, want)
	}
	select {
	case h := <-heard:
		t.Errorf("%+v was heard twice, or by its sender", h)
	case <-time.After(100 * time.Millisecond):
	}

	// Much at once is one hint at everything.
	for i := range 10 * maxHints {
		a.Hint(turn.Hint{Thread: supportbot.ThreadID(i + 1)})
	}
	for next(t, heard) != (turn.Hint{}) {
	}
}

func TestHintsComeBackWithTheDatabase(t *testing.T) {
	server := pgtest.Start(t)
	database := server.Database(t)
	a, b := openAt(t, database), openAt(t, database)
	heard := make(chan turn.Hint, 1000)
	go b.Hints(t.Context(), func(h turn.Hint) { heard <- h })
	next(t, heard)
	server.Stop(t)
	a.Hint(turn.Hint{Thread: 1}) // may be lost
	server.Resume(t)
	if h := next(t, heard); h != (turn.Hint{}) {
		t.Errorf("after the connection was lost %+v is heard, want that anything may have changed", h)
	}
	for deadline := time.Now().Add(5 * time.Second); ; {
		a.Hint(turn.Hint{Thread: 2, Seq: 1})
		select {
		case h := <-heard:
			if h == (turn.Hint{Thread: 2, Seq: 1}) {
				return
			}
		case <-time.After(100 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			t.Fatal("no hint arrives any more")
		}
	}
}

func next(t *testing.T, heard <-chan turn.Hint) turn.Hint {
	t.Helper()
	select {
	case h := <-heard:
		return h
	case <-time.After(5 * time.Second):
		t.Fatal("no hint")
		return turn.Hint{}
	}
}

// What PostgreSQL cannot hold is the sender's fault and no outage, which would
// have them try for ever.
func TestTextThatIsNoTextIsRefused(t *testing.T) {
	s := openAt(t, pgtest.Database(t))
	for _, bad := range []string{"a\x00b", "a\xff"} {
		in := says(bad, "hello")
		if _, err := s.Accept(t.Context(), in, nil); !errors.Is(err, supportbot.ErrInvalid) {
			t.Errorf("id %q: %v, want ErrInvalid", bad, err)
		}
	}
}

func TestOpenPostgresSaysWhatIsWrong(t *testing.T) {
	for place, want := range map[string]string{
		"postgres://bot:hunter2@127.0.0.1:1/db":              "reach PostgreSQL",
		"postgres://bot:hunter2@127.0.0.1:x/db":              "open the database",
		"postgres://bot:hunter2@127.0.0.1/db?sslmode=purple": "sslmode",
	} {
		_, err := Open(t.Context(), place, testKey)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q in it", place, err, want)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error shows the password: %v", err)
		}
	}
}

// TestOpenAtOnce has processes open an empty database at the same time.
func TestOpenAtOnce(t *testing.T) {
	database := pgtest.Database(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			s, err := Open(t.Context(), database, testKey)
			if err != nil {
				t.Error(err)
				return
			}
			s.Close()
		})
	}
	all.Wait()
}
