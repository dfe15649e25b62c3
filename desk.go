package supportbot

import "time"

// Desk is how the agents' desk stands when somebody comes to it or waits there.
type Desk struct {
	OpensAt time.Time     `json:"opens_at,omitzero"` // closed until then, in the desk's time zone; zero: it is open
	Full    bool          `json:"full,omitempty"`    // as many wait as may
	Waiting [3]int        `json:"waiting,omitzero"`  // who are before the person, by Priority.Rank
	Mail    bool          `json:"mail,omitempty"`    // who is on the web may be answered by e-mail
	Pace    time.Duration `json:"pace,omitempty"`    // between two claims lately; 0: too few to tell
}

// Ahead is how many are served before a case of a priority.
func (d Desk) Ahead(p Priority) int {
	n := 0
	for rank := range p.Rank() + 1 {
		n += d.Waiting[rank]
	}
	return n
}

// Takes tells whether the desk takes a case of a priority into its queue now. What
// is urgent is never put off.
func (d Desk) Takes(p Priority) bool {
	return p == Urgent || d.OpensAt.IsZero() && !d.Full
}
