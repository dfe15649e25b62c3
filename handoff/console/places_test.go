package console

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"supportbot"
)

// Whoever guesses at many names from many addresses fills the places of those who
// are not known; who has worked in this browser before does not wait behind them.
func TestGuessersTakeNoPlaceOfAnAgent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPlaces()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		refused := make(chan error, 2*placesWaiting)
		for range placesAtOnce { // at work
			if _, err := p.enter(ctx, false); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 * placesWaiting {
			go func() {
				_, err := p.enter(ctx, false)
				refused <- err
			}()
		}
		synctest.Wait()
		if len(refused) != placesWaiting {
			t.Errorf("%d of %d were told to come back, the others wait", len(refused), 2*placesWaiting)
		}
		for range len(refused) {
			if err := <-refused; !errors.Is(err, supportbot.ErrBusy) {
				t.Errorf("told %v", err)
			}
		}
		leave, err := p.enter(ctx, true)
		if err != nil {
			t.Errorf("an agent in a known browser: %v", err)
		}
		leave()
		cancel()
		for range placesWaiting {
			if err := <-refused; !errors.Is(err, context.Canceled) {
				t.Errorf("who has gone is told %v", err)
			}
		}
	})
}

func TestAPlaceIsFreeAgain(t *testing.T) {
	p := newPlaces()
	for range 10 * placesAtOnce {
		leave, err := p.enter(t.Context(), false)
		if err != nil {
			t.Fatal(err)
		}
		leave()
	}
}
