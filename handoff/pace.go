package handoff

import (
	"time"

	"supportbot"
)

// enough is how many claims there must be to tell how fast a queue moves.
const enough = 3

// Pace is the time between two of so many claims over a time; 0 if they are too
// few to tell.
func Pace(claims int, over time.Duration) time.Duration {
	if claims < enough {
		return 0
	}
	return over / time.Duration(claims)
}

// Target is how long a case of a priority should wait at most.
func Target(p supportbot.Priority) time.Duration {
	return []time.Duration{time.Minute, 3 * time.Minute, 10 * time.Minute}[p.Rank()]
}
