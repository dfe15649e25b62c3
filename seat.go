package supportbot

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
