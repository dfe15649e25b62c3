package supportbot

import "time"

// Note is what an agent tells colleagues about a case. The person on the other
// side never sees it.
type Note struct {
	ID     string    `json:"id"` // unique in its conversation; a repeat has the same
	At     time.Time `json:"at"` // by the clock of the store
	Author string    `json:"author"`
	Text   string    `json:"text"`
}

// Draft is what an agent has begun to write in a case. The zero Draft is none.
type Draft struct {
	Text string `json:"text"` // to the person
	Note string `json:"note"` // to colleagues
}

// Seat is an agent who looks at a case.
type Seat struct {
	Agent  string `json:"agent"`
	Typing bool   `json:"typing"`
}
