package storetest

import (
	"errors"
	"testing"
	"time"

	"supportbot"
	"supportbot/internal/delivery"
)

// parks has the next message to a conversation parked.
func parks(t *testing.T, s Store, id supportbot.ThreadID) {
	t.Helper()
	settle(t, s, claims(t, s, id, time.Hour), delivery.Result{Status: delivery.Parked, Error: "nonsense"})
}

func testOutboxDrop(t *testing.T, s Store) {
	id := sends(t, s, "mei")
	sends(t, s, "mei")
	parks(t, s, id)
	if err := s.Drop(t.Context(), id, 1); err != nil {
		t.Fatal(err)
	}
	if parked, err := s.Undeliverable(t.Context(), 9); err != nil || len(parked) > 0 {
		t.Errorf("still parked: %+v, %v", parked, err)
	}
	for _, seq := range []int64{1, 2, 9} { // dropped, waits, is not there
		if err := s.Drop(t.Context(), id, seq); !errors.Is(err, supportbot.ErrNotFound) {
			t.Errorf("drop row %d: %v, want ErrNotFound", seq, err)
		}
	}
	if err := s.Resend(t.Context(), id, 1); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("send again what was dropped: %v, want ErrNotFound", err)
	}
	if d := claims(t, s, id, time.Hour); d.Seq != 2 {
		t.Errorf("row %d is claimed, want 2", d.Seq)
	}
	if said, err := s.Messages(t.Context(), id, 0, 9); err != nil || len(said) != 4 {
		t.Errorf("the transcript has %d messages, %v; want 4", len(said), err)
	}
}

// testOutboxCut has one row in every state; the first three may go.
func testOutboxCut(t *testing.T, s Store) {
	id := sends(t, s, "mei")
	for range 4 {
		sends(t, s, "mei")
	}
	settle(t, s, claims(t, s, id, time.Hour), sent)
	parks(t, s, id)
	parks(t, s, id)
	parks(t, s, id)
	for _, err := range []error{s.Resend(t.Context(), id, 2), s.Drop(t.Context(), id, 3)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	sending := claims(t, s, id, time.Hour) // row 5; row 6 waits
	cuts := func(age time.Duration, limit, want int) {
		t.Helper()
		if n, err := s.CutOutbox(t.Context(), age, limit); err != nil || n != want {
			t.Errorf("cut %d, %v; want %d", n, err, want)
		}
	}
	time.Sleep(2 * time.Millisecond) // the clock of the database may count these
	cuts(time.Hour, 9, 0)
	cuts(0, 2, 2)
	cuts(0, 9, 1)
	cuts(0, 9, 0)

	if parked, err := s.Undeliverable(t.Context(), 9); err != nil || len(parked) != 1 || parked[0].Seq != 4 {
		t.Errorf("parked after the cut: %+v, %v; want row 4", parked, err)
	}
	settle(t, s, sending, sent)
	if d := claims(t, s, id, time.Hour); d.Seq != 6 || d.Message.Seq != 4 {
		t.Errorf("claimed %+v, want row 6 with the message of row 2", d)
	}
	if said, err := s.Messages(t.Context(), id, 0, 99); err != nil || len(said) != 10 {
		t.Errorf("the transcript has %d messages, %v; want 10", len(said), err)
	}
}
