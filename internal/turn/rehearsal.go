package turn

import (
	"encoding/json"

	"supportbot"
	"supportbot/dialog"
)

// Rehearsal is one conversation in memory, with the same turns as a real one:
// for the terminal and for transcripts. Between turns it keeps only what a store
// would, so the session is read from its JSON every time.
type Rehearsal struct {
	Content    Content
	Thread     supportbot.Thread
	Transcript []supportbot.Message
	seq        int64
	visited    []string
}

// Handle takes one inbound message through its turn.
func (r *Rehearsal) Handle(in supportbot.Inbound) (supportbot.Outcome, error) {
	var s dialog.Session
	if len(r.Thread.Session) > 0 {
		if err := json.Unmarshal(r.Thread.Session, &s); err != nil {
			return supportbot.Outcome{}, err
		}
	}
	r.Thread.ID = 1
	in = Mask(in, dialog.Expected(r.Content.Book, s))
	commit, err := r.Content.Turn(r.Thread, Row{Seq: r.seq + 1, Inbound: in})
	if err != nil {
		return supportbot.Outcome{}, err
	}
	r.seq++
	r.keep(commit)
	r.visited = nil
	for _, e := range commit.Events {
		var steps []string
		if e.Type == "steps" && json.Unmarshal(e.Payload, &steps) == nil {
			r.visited = append(r.visited, steps...)
		}
	}
	return commit.Outcome, nil
}

func (r *Rehearsal) keep(c supportbot.Commit) {
	r.Thread.Version++
	r.Thread.Session = c.Session
	r.Thread.LastSeq += int64(len(c.Messages))
	r.Transcript = append(r.Transcript, c.Messages...)
	if c.Case != nil {
		r.Thread.Case = c.Case
	}
	timers := map[supportbot.TimerKind]supportbot.Timer{}
	for _, t := range append(r.Thread.Timers, c.Timers...) {
		timers[t.Kind] = t
	}
	r.Thread.Timers = nil
	for _, t := range timers {
		if !t.Due.IsZero() {
			r.Thread.Timers = append(r.Thread.Timers, t)
		}
	}
}

// LastVisited lists the steps that the last turn ran, as "flow/step", and the
// articles that it gave, as "articles/TOPIC".
func (r *Rehearsal) LastVisited() []string { return r.visited }
