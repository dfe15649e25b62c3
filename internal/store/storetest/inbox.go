package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supportbot"
	"supportbot/internal/turn"
)

func testAccept(t *testing.T, s Store) {
	in := says("mei", "1", "机器绑定不上 😤\x00")
	in.Language = supportbot.Chinese
	in.Masked = []string{"card"}
	if _, err := s.Thread(t.Context(), in.Address); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("Thread before the first message: %v", err)
	}
	r := accept(t, s, in)
	if r.Seq != 1 || r.Outcome != nil {
		t.Errorf("receipt %+v", r)
	}
	thread, row, err := s.Next(t.Context(), r.Thread)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(turn.Row{Seq: 1, Inbound: in}, row); diff != "" {
		t.Errorf("inbox row (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(supportbot.Thread{ID: r.Thread, Address: in.Address, Tail: 1}, thread); diff != "" {
		t.Errorf("new conversation (-want +got):\n%s", diff)
	}
	if _, err := s.Outcome(t.Context(), r.Thread, r.Seq); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("Outcome before the turn: %v", err)
	}

	other := in
	other.Channel = supportbot.SMS
	if r2 := accept(t, s, other); r2.Thread == r.Thread || r2.Seq != 1 {
		t.Errorf("the same peer on another channel: %+v", r2)
	}
	if _, _, err := s.Next(t.Context(), r.Thread+1000); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("Next of no conversation: %v", err)
	}
}

func testRepeat(t *testing.T, s Store) {
	in := says("mei", "1", "hello")
	first := accept(t, s, in)
	if again := accept(t, s, in); again != first {
		t.Errorf("repeat before the turn: %+v, first %+v", again, first)
	}

	c := answer(t, s, first.Thread)
	commit(t, s, c)
	again := accept(t, s, in)
	want := turn.Receipt{Thread: first.Thread, Seq: first.Seq, Outcome: &c.Outcome}
	if diff := cmp.Diff(want, again); diff != "" {
		t.Errorf("repeat after the turn (-want +got):\n%s", diff)
	}

	changed := in
	changed.Text = "goodbye"
	if _, err := s.Accept(t.Context(), changed, digest(changed)); !errors.Is(err, supportbot.ErrConflict) {
		t.Errorf("the same id with another body: %v", err)
	}
	if _, _, err := s.Next(t.Context(), first.Thread); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("Next after repeats: %v, want no row", err)
	}

	// Agents and timers choose their ids apart from persons.
	for i, kind := range []supportbot.InboundKind{supportbot.InAgent, supportbot.InTimer} {
		in.Kind = kind
		if r := accept(t, s, in); r.Seq != int64(i)+2 {
			t.Errorf("the same id of kind %s: row %d", kind, r.Seq)
		}
	}
	in.Kind = supportbot.InChoice
	if r := accept(t, s, in); r.Seq != 1 {
		t.Errorf("the same id of another act of the person: row %d", r.Seq)
	}
}

// atOnce runs f in 16 goroutines.
func atOnce(f func(i int)) {
	var start, done sync.WaitGroup
	start.Add(1)
	for i := range 16 {
		done.Go(func() {
			start.Wait()
			f(i)
		})
	}
	start.Done()
	done.Wait()
}

func testSameIDAtOnce(t *testing.T, s Store) {
	in := says("mei", "1", "hello")
	receipts := make([]turn.Receipt, 16)
	atOnce(func(i int) {
		var err error
		if receipts[i], err = s.Accept(t.Context(), in, digest(in)); err != nil {
			t.Error(err)
		}
	})
	for _, r := range receipts {
		if r != receipts[0] || r.Seq != 1 {
			t.Fatalf("receipts %+v", receipts)
		}
	}
	commit(t, s, answer(t, s, receipts[0].Thread))
	if _, row, err := s.Next(t.Context(), receipts[0].Thread); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("a second row: %+v, %v", row, err)
	}
}

func testManyAtOnce(t *testing.T, s Store) {
	rows := make([]int64, 16)
	atOnce(func(i int) {
		in := says("mei", fmt.Sprint(i), fmt.Sprint("message ", i))
		r, err := s.Accept(t.Context(), in, digest(in))
		if err != nil {
			t.Error(err)
		}
		rows[i] = r.Seq
	})
	slices.Sort(rows)
	for i, seq := range rows {
		if seq != int64(i)+1 {
			t.Fatalf("rows %v, want 1 to 16", rows)
		}
	}
}

func testOrder(t *testing.T, s Store) {
	var id supportbot.ThreadID
	for i := range 5 {
		id = accept(t, s, says("mei", fmt.Sprint(i), fmt.Sprint("message ", i))).Thread
	}
	for i := range 5 {
		c := answer(t, s, id)
		if want := fmt.Sprint("message ", i); c.Seq != int64(i)+1 || c.Messages[0].Text != want {
			t.Fatalf("row %d is %q, want %q", c.Seq, c.Messages[0].Text, want)
		}
		commit(t, s, c)
	}
	if _, _, err := s.Next(t.Context(), id); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("Next after the last row: %v", err)
	}
}

func testBacklog(t *testing.T, s Store) {
	backlog := func(limit int, want ...supportbot.ThreadID) {
		t.Helper()
		got, err := s.Backlog(t.Context(), limit)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("backlog %v, %v; want %v", got, err, want)
		}
	}
	backlog(9)
	a := accept(t, s, says("a", "1", "first")).Thread
	b := accept(t, s, says("b", "1", "second")).Thread
	accept(t, s, says("a", "2", "third"))
	backlog(9, a, b)
	backlog(1, a)
	commit(t, s, answer(t, s, a))
	backlog(9, b, a)
	commit(t, s, answer(t, s, b))
	commit(t, s, answer(t, s, a))
	backlog(9)
}

func testNoID(t *testing.T, s Store) {
	in := says("mei", "", "hello")
	if r, err := s.Accept(t.Context(), in, digest(in)); err == nil {
		t.Errorf("a message without id was accepted: %+v", r)
	}
	if _, err := s.Thread(t.Context(), in.Address); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("its conversation: %v", err)
	}
}
