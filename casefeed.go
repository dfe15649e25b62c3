package supportbot

import "time"

// CaseEventKind tells what another desk is told of a case.
type CaseEventKind string

// The kinds.
const (
	EventOpened  CaseEventKind = "case.opened"
	EventMessage CaseEventKind = "case.message" // the person wrote while the case was live
	EventChanged CaseEventKind = "case.changed" // something in CaseNews is another now
	EventEnded   CaseEventKind = "case.ended"   // nothing more comes of this case
)

// CaseEvent is what a turn did to a case, as another desk is told. No word in it was
// written by a person: those are in the transcript, under Message.
type CaseEvent struct {
	Kind    CaseEventKind `json:"kind"`
	At      time.Time     `json:"at"`
	Message int64         `json:"message,omitempty"` // of EventMessage: Message.Seq
	Case    CaseNews      `json:"case"`              // after it
}

// CaseNews is what another desk is told of a case; the rest it asks for by the agent
// API.
type CaseNews struct {
	ID       string    `json:"id"`
	State    CaseState `json:"state"`
	Reason   string    `json:"reason"`
	Priority Priority  `json:"priority"`
	Channel  Channel   `json:"channel"`
	Language Language  `json:"language"`
	QueuedAt time.Time `json:"queued_at"`
	Owner    string    `json:"owner"`
	Fence    int64     `json:"fence"`
	Asked    string    `json:"asked,omitempty"`
	Team     string    `json:"team,omitempty"`
	Verdict  Verdict   `json:"outcome,omitempty"`
	Code     Wrapup    `json:"code,omitempty"`
}

// News is what another desk is told of c.
func (c Case) News() CaseNews {
	return CaseNews{
		ID: c.ID, State: c.State, Reason: c.Reason, Priority: c.Priority, Channel: c.Channel, Language: c.Language,
		QueuedAt: c.QueuedAt, Owner: c.Owner, Fence: c.Fence, Asked: c.Asked, Team: c.Team, Verdict: c.Verdict, Code: c.Code,
	}
}
