package turn

import (
	"encoding/json"
	"slices"
	"time"

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
	s, err := sessionOf(r.Thread)
	if err != nil {
		return supportbot.Outcome{}, err
	}
	r.Thread.ID = 1
	in = Mask(in, dialog.Expected(r.Content.Book, s))
	commit, err := r.Content.Turn(r.Thread, Row{Seq: r.seq + 1, Inbound: in})
	if err != nil {
		return supportbot.Outcome{}, err
	}
	r.seq++
	r.Thread = After(r.Thread, commit)
	r.Transcript = append(r.Transcript, commit.Messages...)
	r.visited = nil
	for _, e := range commit.Events {
		var steps []string
		if e.Type == "steps" && json.Unmarshal(e.Payload, &steps) == nil {
			r.visited = append(r.visited, steps...)
		}
	}
	return commit.Outcome, nil
}

// After is a conversation as a store has it after a turn, but for its lane. A
// store keeps microseconds.
func After(t supportbot.Thread, c supportbot.Commit) supportbot.Thread {
	t.Version++
	t.Session = c.Session
	t.LastSeq += int64(len(c.Messages))
	if c.Case != nil {
		t.Case = c.Case
	}
	for _, timer := range c.Timers {
		t.Timers = slices.DeleteFunc(slices.Clone(t.Timers), func(set supportbot.Timer) bool { return set.Kind == timer.Kind })
		if !timer.Due.IsZero() {
			timer.Due = timer.Due.Truncate(time.Microsecond)
			t.Timers = append(t.Timers, timer)
		}
	}
	return t
}

// LastVisited lists the steps that the last turn ran, as "flow/step", and the
// articles that it gave, as "articles/TOPIC".
func (r *Rehearsal) LastVisited() []string { return r.visited }
