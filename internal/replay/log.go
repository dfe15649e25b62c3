// Package replay takes logged conversations through their turns again: on the
// content that they ran on, to the same bytes, or on other content, to see what
// the bot would say now.
package replay

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/turn"
)

// Log is all that is kept of one conversation, as it was at one moment. What is
// JSON in the store is here as it was written, byte by byte.
type Log struct {
	Thread   supportbot.Thread
	Case     json.RawMessage // Thread.Case, nil if there is none
	Rows     []Row
	Events   []supportbot.LogEvent
	Messages []supportbot.Message
}

// Row is one handled row of the inbox.
type Row struct {
	Seq     int64
	ID      string          // by which a repeat is told
	Inbound json.RawMessage // supportbot.Inbound
	Outcome json.RawMessage // supportbot.Outcome
}

// past is one logged turn.
type past struct {
	row     turn.Row
	began   turn.Began
	events  []supportbot.LogEvent
	outcome supportbot.Outcome
	raw     json.RawMessage // outcome
}

// turns cuts a log into its turns.
func (l Log) turns() ([]past, error) {
	var all []past
	events := l.Events
	for _, row := range l.Rows {
		p := past{row: turn.Row{Seq: row.Seq}, raw: row.Outcome}
		if len(events) == 0 || events[0].Type != turn.LogTurn {
			return nil, &Fault{Turn: row.Seq, What: "log", Logged: "no entry that begins the turn", Replayed: "one of type turn"}
		}
		end := 1
		for end < len(events) && events[end].Type != turn.LogTurn {
			end++
		}
		p.events, events = events[:end], events[end:]
		for _, part := range []struct {
			what string
			json []byte
			into any
		}{
			{"inbox row", row.Inbound, &p.row.Inbound},
			{"outcome", row.Outcome, &p.outcome},
			{"log entry 1 (turn)", p.events[0].Payload, &p.began},
		} {
			if err := json.Unmarshal(part.json, part.into); err != nil {
				return nil, fmt.Errorf("turn %d: the %s is damaged: %w", row.Seq, part.what, err)
			}
		}
		if p.row.Inbound.ID != row.ID {
			return nil, &Fault{Turn: row.Seq, What: "id of the inbox row", Logged: p.row.Inbound.ID, Replayed: row.ID}
		}
		all = append(all, p)
	}
	if len(events) > 0 {
		return nil, &Fault{What: "log", Logged: fmt.Sprintf("%d entries of a turn without an inbox row", len(events)), Replayed: "none"}
	}
	return all, nil
}

// reading is what the reader made of the words then, and what a model said.
func (p past) reading() (r supportbot.Reading) {
	for _, e := range p.events {
		var event dialog.Event
		switch {
		case e.Type == turn.LogModel:
			_ = json.Unmarshal(e.Payload, &r.Model) // what cannot be read differs from the log
		case e.Type == "dialog" && json.Unmarshal(e.Payload, &event) == nil && event.Kind == dialog.Said:
			r.Commands, r.Language = event.Commands, event.Language
		}
	}
	return r
}

// did tells whether the turn did anything: a timer that was set again or
// cancelled in the meantime does nothing.
func (p past) did() bool { return len(p.events) > 1 }

// visited lists the steps that the turn ran, as "flow/step".
func visited(events []supportbot.LogEvent) []string {
	var all []string
	for _, e := range events {
		var steps []string
		if e.Type == "steps" && json.Unmarshal(e.Payload, &steps) == nil {
			all = append(all, steps...)
		}
	}
	return all
}

// take runs one turn. A panic is an error, as it is when a turn is first run.
func take(run func(supportbot.Thread, turn.Row) (supportbot.Commit, error), t supportbot.Thread, row turn.Row) (c supportbot.Commit, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v", v)
		}
	}()
	return run(t, row)
}

// withTimer makes the timer that p brought due, or not, as it was then, if the
// bot waits for it at all. Whether it was is known from what the turn did: a
// heartbeat of an agent moves a lease and is no turn.
func withTimer(t supportbot.Thread, p past) supportbot.Thread {
	t.Timers = slices.Clone(t.Timers)
	for i, set := range t.Timers {
		switch {
		case set.Kind != p.row.Inbound.Timer.Kind:
		case p.did():
			t.Timers[i] = *p.row.Inbound.Timer
		default:
			t.Timers[i].Due = p.row.Inbound.At.Add(time.Second)
		}
	}
	return t
}
