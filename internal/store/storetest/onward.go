package storetest

import (
	"errors"
	"testing"
	"time"

	"supportbot"
	"supportbot/channels"
)

func testGoOn(t *testing.T, s Store) {
	const most = 2
	at := func(peer string) supportbot.Address { return says(peer, "", "").Address }
	number := supportbot.Address{Channel: supportbot.SMS, Peer: "+8613800138000"}
	other := supportbot.Address{Channel: supportbot.SMS, Peer: "+8613900139000"}
	chat := supportbot.Address{Channel: supportbot.WhatsApp, Peer: number.Peer}
	if kept, err := s.GoOn(t.Context(), channels.Move{Call: at("nobody"), To: number, Agreed: true}, most); kept || !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("of no call: %v, %v", kept, err)
	}
	if _, err := s.GoesOn(t.Context(), at("nobody")); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("where no call goes on: %v", err)
	}
	if _, err := s.Moved(t.Context(), number, true); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("the call of a number that has none: %v", err)
	}
	for _, peer := range []string{"one", "two", "three", "four", "five", "six", "seven", "eight"} {
		play(t, s, peer, func(*supportbot.Commit) {})
	}
	for _, step := range []struct {
		call   string
		to     supportbot.Address
		by     string // keyed in by the number, which is yet to be agreed to
		kept   bool
		latest string // of to, of those that are agreed to or of the others
	}{
		{"one", number, "", true, "one"},
		{"one", other, "", true, ""}, // it stays where it went first
		{"two", number, "", true, "two"},
		{"two", number, "", true, "two"}, // again
		{"three", number, "", false, "two"},
		{"three", chat, "", true, "three"}, // elsewhere at the same number
		{"four", other, number.Peer, true, "four"},
		{"five", chat, number.Peer, true, "five"},
		{"six", chat, number.Peer, false, "five"}, // one more keyed in by the same
		{"six", supportbot.Address{Channel: supportbot.SMS, Peer: "+861"}, number.Peer, false, ""},            // also at a new number
		{"seven", supportbot.Address{Channel: supportbot.SMS, Peer: "+861"}, "+8613700137000", true, "seven"}, // but not of another
		{"eight", supportbot.Address{Channel: supportbot.SMS, Peer: "+8613700137000"}, "", true, "eight"},     // and what is its own is not counted
	} {
		time.Sleep(2 * time.Millisecond) // the clock of the database may count these
		kept, err := s.GoOn(t.Context(), channels.Move{Call: at(step.call), To: step.to, By: step.by, Agreed: step.by == ""}, most)
		if err != nil || kept != step.kept {
			t.Errorf("%+v: kept is %v, %v", step, kept, err)
		}
		got, err := s.Moved(t.Context(), step.to, step.by == "")
		if step.latest == "" && errors.Is(err, supportbot.ErrNotFound) {
			continue
		}
		if err != nil || got.Call != at(step.latest) || got.To != step.to || got.Since.IsZero() {
			t.Errorf("%+v: the latest is %+v, %v", step, got, err)
		}
	}
	if got, err := s.GoesOn(t.Context(), at("one")); err != nil || got.To != number || !got.Agreed {
		t.Errorf("the first goes on at %+v, %v", got, err)
	}
	if got, err := s.GoesOn(t.Context(), at("four")); err != nil || got.To != other || got.Agreed {
		t.Errorf("what was keyed in goes on at %+v, %v", got, err)
	}
	if _, err := s.GoesOn(t.Context(), at("six")); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("the sixth goes on: %v", err)
	}
	if err := s.Agree(t.Context(), at("four")); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Moved(t.Context(), other, true); err != nil || got.Call != at("four") {
		t.Errorf("agreed to is %+v, %v", got, err)
	}
	if reach, err := s.Reach(t.Context(), at("four")); err != nil || time.Since(reach.Heard) > time.Minute {
		t.Errorf("who has agreed has written: %+v, %v", reach, err)
	}
	if _, err := s.Moved(t.Context(), other, false); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("it is still to be agreed to: %v", err)
	}
}
