package channels

import "time"

// Reach tells whether a person may be written to.
type Reach struct {
	Stopped bool      // the person wants to hear nothing more
	Heard   time.Time // when the person last wrote; zero if never
	Sent    int       // messages that they were sent in the last 24 hours
}
