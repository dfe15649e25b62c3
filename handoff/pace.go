package handoff

import "time"

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
