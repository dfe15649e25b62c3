package supportbot

import "time"

// Wrapup is what a case came to in the end, by the agent: the id of one of the
// content's codes.
type Wrapup string

// Ended is a case that has ended, as reports count it. No word in it was written
// by a person.
type Ended struct {
	Case     string    `json:"case"`
	Thread   ThreadID  `json:"-"`
	State    CaseState `json:"state"`
	Verdict  Verdict   `json:"outcome,omitempty"`
	Reason   string    `json:"reason"`
	Channel  Channel   `json:"channel"`
	Language Language  `json:"language"`
	Agent    string    `json:"agent,omitempty"` // the last owner
	Opened   time.Time `json:"opened_at"`
	Claimed  time.Time `json:"claimed_at,omitzero"` // for the first time
	Replied  time.Time `json:"replied_at,omitzero"` // for the first time
	Ended    time.Time `json:"ended_at"`
	Code     Wrapup    `json:"code,omitempty"`
	Score    int       `json:"score,omitempty"` // 1 to 5 as the person gave it, 0 if they gave none
}

// Score is what a person thought of a case that has ended.
type Score struct {
	Case  string
	Score int // 1 to 5
}

// Ending is what is kept of a case that has ended.
func (c Case) Ending() Ended {
	return Ended{
		Case: c.ID, Thread: c.Thread, State: c.State, Verdict: c.Verdict, Reason: c.Reason, Channel: c.Channel, Language: c.Language,
		Agent: c.Owner, Opened: c.QueuedAt, Claimed: c.ClaimedAt, Replied: c.RepliedAt, Ended: c.EndedAt, Code: c.Code,
	}
}
