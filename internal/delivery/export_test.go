package delivery

import "time"

// The limits of a loop in a hurry, for which a night is a second.
const (
	QuickTimeout  = 60 * time.Millisecond
	QuickLease    = 150 * time.Millisecond
	QuickTries    = 25
	QuickRefusals = 3
	QuickPlaces   = 6
)

// Hurry gives a loop those limits.
func (l *Loop) Hurry() *Loop {
	l.limits = limits{
		conversations: QuickPlaces, timeout: QuickTimeout, lease: QuickLease, sweep: 10 * time.Millisecond,
		pause: time.Millisecond, longest: 10 * time.Millisecond, tries: QuickTries, refusals: QuickRefusals,
	}
	l.places = make(chan struct{}, l.conversations)
	return l
}

// Backoff is the pause after so many tries.
func (l *Loop) Backoff(tries int) time.Duration { return l.backoff(tries) }
