package replay

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"supportbot"
	"supportbot/dialog"
)

// Left is how long nothing must have been written until a person counts as gone.
const Left = 30 * time.Minute

// Place is a step of a flow in a version of the content.
type Place struct{ Version, Flow, Step string }

// Passages are how people went through the steps of flows.
type Passages map[Place]supportbot.Traffic

// Add counts a logged conversation, as of now.
func (p Passages) Add(l Log, now time.Time) error {
	turns, err := l.turns()
	if err != nil {
		return err
	}
	var at Place // the question that is open
	var since time.Time
	for _, t := range turns {
		if !t.did() || t.row.Inbound.Kind == supportbot.InAgent {
			continue
		}
		if at.Step != "" {
			p.leave(at, t, since)
		}
		p.arrive(at, t)
		at = Place{t.began.Content, t.outcome.Flow, t.outcome.Step}
		if c := t.outcome.Case; c != nil && c.State.Live() {
			at = Place{} // who waits for an agent has not gone
		}
		since = t.row.Inbound.At
	}
	if at.Step != "" && now.Sub(since) > Left {
		p.change(at, func(c *supportbot.Traffic) { c.Left++ })
	}
	return nil
}

func (p Passages) change(at Place, f func(*supportbot.Traffic)) {
	c := p[at]
	f(&c)
	p[at] = c
}

// arrive counts the steps that a turn ran; the question that was open before is
// only asked again.
func (p Passages) arrive(open Place, t past) {
	steps := visited(t.events)
	slices.Sort(steps)
	for _, id := range slices.Compact(steps) {
		flow, step, _ := strings.Cut(id, "/")
		if at := (Place{t.began.Content, flow, step}); at != open {
			p.change(at, func(c *supportbot.Traffic) { c.Arrived++ })
		}
	}
}

// leave counts how an open question was answered. A silence that the bot breaks
// itself counts once, when it ends.
func (p Passages) leave(open Place, t past, since time.Time) {
	stays := t.outcome.Flow == open.Flow && t.outcome.Step == open.Step
	in := t.row.Inbound
	p.change(open, func(c *supportbot.Traffic) {
		switch {
		case in.Kind == supportbot.InHangup, !stays && (in.Kind == supportbot.InTimer || in.Kind == supportbot.InSilence || in.At.Sub(since) > Left):
			c.Left++
		case t.asksForAgent():
			c.Agent++
		case in.Kind == supportbot.InText && len(t.reading().Commands) == 0:
			c.Missed++
		}
	})
}

// asksForAgent tells whether the person wished for one, by words, button or key.
func (p past) asksForAgent() bool {
	for _, e := range p.events {
		var event dialog.Event
		if e.Type != "dialog" || json.Unmarshal(e.Payload, &event) != nil {
			continue
		}
		agent := func(c supportbot.Command) bool { return c.Kind == supportbot.CmdAgent }
		if event.Choice == "control:agent" || event.Digits == "0" || slices.ContainsFunc(event.Commands, agent) {
			return true
		}
	}
	return false
}
