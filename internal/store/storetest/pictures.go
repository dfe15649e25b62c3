package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"supportbot"
	"supportbot/channels/pictures"
)

func testPictures(t *testing.T, s Store) {
	at := func(peer string) supportbot.Address { return says(peer, "", "").Address }
	if err := s.WantPicture(t.Context(), at("nobody"), "m1", "ref"); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("of nobody: %v", err)
	}
	for _, peer := range []string{"mei", "lan"} {
		play(t, s, peer, func(*supportbot.Commit) {})
		for _, id := range []string{"m1", "m1"} { // and again
			if err := s.WantPicture(t.Context(), at(peer), id, "ref of "+peer); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(2 * time.Millisecond) // the clock of the database may count these
	}
	const channel, other = supportbot.Web, supportbot.Telegram // as says has it
	if _, err := s.NextPicture(t.Context(), other, time.Hour); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("of another channel: %v", err)
	}
	next := func(pause time.Duration) pictures.Wanted {
		t.Helper()
		w, err := s.NextPicture(t.Context(), channel, pause)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	first := next(0)
	second := next(time.Hour)
	for second.Thread == first.Thread { // the first comes again at once
		second = next(time.Hour)
	}
	if first.ID != "m1" || first.Ref != "ref of mei" || first.Tries != 1 || first.At != at("mei") || second.Ref != "ref of lan" {
		t.Errorf("wanted are %+v and %+v", first, second)
	}
	if w, err := s.NextPicture(t.Context(), channel, 0); err == nil && w.Thread != first.Thread {
		t.Errorf("given out twice: %+v", w)
	}

	settle := func(w pictures.Wanted, state pictures.State, jpeg []byte) {
		t.Helper()
		if err := s.SettlePicture(t.Context(), w, state, jpeg); err != nil {
			t.Error(err)
		}
	}
	settle(first, pictures.Here, []byte("jpeg"))
	settle(first, pictures.Gone, nil) // by somebody who was late
	settle(second, pictures.Large, nil)
	if err := s.SettlePicture(t.Context(), pictures.Wanted{Thread: 99, ID: "m1"}, pictures.Here, []byte("erased")); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("of who was erased: %v", err)
	}
	if got, err := s.Picture(t.Context(), first.Thread, "m1"); err != nil || string(got) != "jpeg" {
		t.Errorf("the picture is %q, %v", got, err)
	}
	for _, none := range []pictures.Wanted{second, {Thread: first.Thread, ID: "m2"}, {Thread: 99, ID: "m1"}} {
		if _, err := s.Picture(t.Context(), none.Thread, none.ID); !errors.Is(err, supportbot.ErrNotFound) {
			t.Errorf("a picture that is not here: %v", err)
		}
	}
	if w, err := s.NextPicture(t.Context(), channel, 0); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("still wanted is %+v, %v", w, err)
	}
}

// testManyPictures: who sends one picture after the other has the last ones left out.
func testManyPictures(t *testing.T, s Store) {
	play(t, s, "mei", func(*supportbot.Commit) {})
	for i := range pictures.MostADay + 1 {
		if err := s.WantPicture(t.Context(), says("mei", "", "").Address, fmt.Sprint("m", i), "ref"); err != nil {
			t.Fatal(err)
		}
	}
	thread, err := s.Thread(t.Context(), says("mei", "", "").Address)
	if err != nil {
		t.Fatal(err)
	}
	states := map[pictures.State]int{}
	all, err := s.Pictures(t.Context(), thread.ID)
	for _, p := range all {
		states[p.State]++
	}
	if err != nil || states[pictures.Coming] != pictures.MostADay || states[pictures.Many] != 1 {
		t.Errorf("%v, %v", states, err)
	}
}
