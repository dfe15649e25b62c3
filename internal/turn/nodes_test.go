package turn_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"supportbot"
	"supportbot/internal/turn"
)

// beside is the path of another process on the same database.
func beside(b *bot) *bot {
	b.Helper()
	other := &bot{T: b.T, dir: b.dir}
	other.restart()
	b.Cleanup(func() { other.store.Close() })
	return other
}

func TestTheDeskSeesWhatAnotherProcessDoes(t *testing.T) {
	b := newBot(t)
	other := beside(b)
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { b.Path.Run(ctx) })
	defer running.Wait()
	defer stop()
	changed, stopWatching := b.WatchCases()
	defer stopWatching()
	time.Sleep(1500 * time.Millisecond)
	for len(changed) > 0 { // what was there before
		<-changed
	}
	for i, say := range []string{"errand", "red", "hello?"} {
		other.says(string(rune('1'+i)), say)
		if say == "errand" {
			continue // no case yet
		}
		select {
		case <-changed:
		case <-time.After(5 * time.Second):
			t.Fatalf("the desk did not hear of %q", say)
		}
	}
}

// slow is a store that takes its time.
type slow struct {
	turn.Store
	begun chan struct{}
	goOn  chan struct{}
}

func (s *slow) Take(ctx context.Context, in supportbot.Inbound, digest []byte, c supportbot.Commit) (turn.Receipt, error) {
	close(s.begun)
	<-s.goOn
	return s.Store.Take(ctx, in, digest, c)
}

func TestStopWaitsForWhatRuns(t *testing.T) {
	b := newBot(t)
	s := &slow{Store: b.store, begun: make(chan struct{}), goOn: make(chan struct{})}
	b.Path = turn.New(s, []byte("key"), contentOf(t), slog.New(slog.DiscardHandler))
	var running sync.WaitGroup
	running.Go(func() {
		if _, err := b.send("1", "errand"); err != nil {
			t.Errorf("what came before: %v", err)
		}
	})
	<-s.begun
	stopped := make(chan struct{})
	go func() { b.Stop(); close(stopped) }()
	select {
	case <-stopped:
		t.Error("stopped in the middle of a turn")
	case <-time.After(50 * time.Millisecond):
	}
	close(s.goOn)
	<-stopped
	running.Wait()
	if _, err := b.send("2", "red"); err == nil {
		t.Error("a message was taken after the end")
	} else if errors.Is(err, supportbot.ErrInvalid) {
		t.Errorf("%v: the client would not try again", err)
	}
}

// A process remembers what its last turn left. Another one has gone on since.
func TestWhatIsRememberedGivesWayToWhatIs(t *testing.T) {
	b := newBot(t)
	other := beside(b)
	b.says("1", "hello")
	b.is(other.says("2", "errand"), "Which colour")
	b.is(b.says("3", "red"), "An agent comes")
	b.is(other.says("3", "red"), "An agent comes") // the same message, once more
	b.is(b.says("2", "errand"), "Which colour")
	if all := b.transcript(); !strings.HasSuffix(all, "user: errand\nbot: Which colour\nuser: red\nbot: An agent comes") {
		t.Errorf("transcript:\n%s", all)
	}
}

// reads counts how often a conversation is read before its turn.
type reads struct {
	turn.Store
	n int
}

func (r *reads) Thread(ctx context.Context, at supportbot.Address) (supportbot.Thread, error) {
	r.n++
	return r.Store.Thread(ctx, at)
}

func TestWhatATurnLeftIsNotReadAgain(t *testing.T) {
	b := newBot(t)
	counted := &reads{Store: b.store}
	b.Path = turn.New(counted, []byte("key"), contentOf(t), slog.New(slog.DiscardHandler))
	for i, say := range []string{"hello", "errand", "red", "anybody?"} {
		b.says(string(rune('1'+i)), say)
	}
	if counted.n != 1 {
		t.Errorf("the conversation was read %d times, want only before its first turn", counted.n)
	}
}
