package console

import (
	"context"

	"supportbot"
	"supportbot/handoff"
)

// Checking a password takes 19 MiB and some ten milliseconds of a core, so few are
// checked at a time, and few wait for that. Whoever is known, by the cookie of an
// earlier log-in under this name or by a session, has places apart, which nobody
// who guesses can fill.
// https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
const (
	placesAtOnce  = 2
	placesWaiting = 100
)

// places are where passwords are checked.
type places struct{ known, strangers lane }

// lane is a row of places with a queue before it.
type lane struct{ work, queue chan struct{} }

func newPlaces() places {
	lanes := func() lane {
		return lane{work: make(chan struct{}, placesAtOnce), queue: make(chan struct{}, placesWaiting)}
	}
	return places{known: lanes(), strangers: lanes()}
}

// enter waits for a place until ctx ends; supportbot.ErrBusy if too many wait
// already. Call leave when done.
func (p places) enter(ctx context.Context, known bool) (leave func(), err error) {
	l := p.strangers
	if known {
		l = p.known
	}
	select {
	case l.queue <- struct{}{}:
		defer func() { <-l.queue }()
	default:
		return nil, supportbot.ErrBusy
	}
	select {
	case l.work <- struct{}{}:
		return func() { <-l.work }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// checkPassword tells whether password belongs to hash. An error means that it was
// not looked at.
func (c *Console) checkPassword(ctx context.Context, known bool, hash, password string) (bool, error) {
	leave, err := c.places.enter(ctx, known)
	if err != nil {
		return false, err
	}
	defer leave()
	return handoff.CheckPassword(hash, password), nil
}
