package turn_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/internal/turn"
)

// picky refuses to keep turns that say certain words, and always will.
type picky struct {
	turn.Store
	words []string
}

func (p *picky) Commit(ctx context.Context, c supportbot.Commit) error {
	for _, m := range c.Messages {
		if slices.ContainsFunc(p.words, func(word string) bool { return strings.Contains(m.Text, word) }) {
			return fmt.Errorf("%w: %q", supportbot.ErrInvalid, "a word")
		}
	}
	return p.Store.Commit(ctx, c)
}

func (p *picky) Take(context.Context, supportbot.Inbound, []byte, supportbot.Commit) (turn.Receipt, error) {
	return turn.Receipt{}, supportbot.ErrInvalid
}

func newPickyBot(t *testing.T, words ...string) *bot {
	b := newBot(t)
	b.says("1", "errand")
	b.Path = turn.New(&picky{b.store, words}, []byte("key"), contentOf(t), slog.New(slog.DiscardHandler))
	return b
}

func TestATurnThatCannotBeKeptBeginsAnew(t *testing.T) {
	b := newPickyBot(t, "An agent comes") // what the flow says next, but not a new beginning
	if got := b.says("2", "red"); !strings.Contains(got, "What do you need") {
		t.Errorf("said %q", got)
	}
	if given, err := b.store.GivenUp(t.Context(), 9); err != nil || len(given) != 0 {
		t.Errorf("given up: %+v, %v", given, err)
	}
}

func TestAPoisonousMessageIsGivenUp(t *testing.T) {
	b := newPickyBot(t, "poison")
	for range 2 { // a repeat is told the same
		if got := b.says("2", "poison"); got != "" {
			t.Errorf("said %q", got)
		}
	}
	b.is(b.says("3", "red"), "An agent comes") // the conversation goes on where it was
	given, err := b.store.GivenUp(t.Context(), 9)
	if err != nil || len(given) != 1 || given[0].Row.Inbound.Text != "poison" || given[0].Why == "" {
		t.Errorf("given up: %+v, %v", given, err)
	}
	if left, err := b.store.Backlog(t.Context(), 9); err != nil || len(left) != 0 {
		t.Errorf("conversations %v still wait, %v", left, err)
	}
}

func TestAPoisonousTimerFiresOnce(t *testing.T) {
	b := newPickyBot(t, "Still there", "What do you need")
	for range 3 {
		if err := b.Sweep(t.Context(), time.Now().Add(21*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	given, err := b.store.GivenUp(t.Context(), 9)
	if err != nil || len(given) != 1 || given[0].Row.Inbound.Kind != supportbot.InTimer {
		t.Errorf("given up: %+v, %v", given, err)
	}
	if due, err := b.store.Due(t.Context(), time.Now().Add(time.Hour), 9); err != nil || len(due) != 0 {
		t.Errorf("timers %+v are still due, %v", due, err)
	}
}

func TestWhatMustBeSentIsHintedAt(t *testing.T) {
	b := newBot(t)
	var hints []supportbot.ThreadID
	b.Sends(merchant.Channel, func(id supportbot.ThreadID) { hints = append(hints, id) })
	b.says("1", "errand")
	b.says("2", "red")
	if len(hints) != 2 {
		t.Errorf("hints %v, want one a turn", hints)
	}
	due, err := b.store.Undelivered(t.Context(), merchant.Channel, 9)
	if err != nil || !slices.Equal(due, hints[:1]) {
		t.Errorf("undelivered %v, %v; want %v", due, err, hints[:1])
	}
	other := turn.New(b.store, []byte("key"), contentOf(t), slog.New(slog.DiscardHandler))
	other.Sends(supportbot.SMS, func(supportbot.ThreadID) { t.Error("a hint at another channel") })
	b.Path = other
	b.says("3", "errand")
}
