package replay

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"supportbot"
	"supportbot/internal/turn"
)

// Comparison is one conversation on the content that it ran on and on other
// content. After the first turn that differs the person might have gone another
// way, so what comes after it only tells what the log's own words lead to.
type Comparison struct {
	Turns []Turn
	First int    // index of the first turn in which the bot would say something else, -1 if there is none
	Flow  string // that spoke last in that turn, "" if none did
	Lost  []Case // opened then, and not any more
	New   []Case // would be opened now

	before, now []string // steps that were run, as "flow/step"
}

// Same tells whether the bot would say the same and open the same cases.
func (c Comparison) Same() bool { return c.First < 0 && len(c.Lost)+len(c.New) == 0 }

// Turn is one turn, before and now.
type Turn struct {
	Seq    int64  `json:"turn"` // its inbox row
	Person string `json:"person"`
	Before Said   `json:"before"`
	Now    Said   `json:"now"`
}

// Said is what the bot answered in a turn, and where that left the person.
type Said struct {
	Text string `json:"says"`           // all messages, with the labels of their buttons in brackets
	At   string `json:"at"`             // the open flow and step, "" if nothing is open
	Case string `json:"case,omitempty"` // state of the case, "" if there is none
}

// Case is a case that a turn opened.
type Case struct {
	Turn     int64               `json:"turn"`
	Reason   string              `json:"reason"` // the flow that asked for it
	Priority supportbot.Priority `json:"priority"`
}

// Compare runs what was logged of a conversation on other content, with that
// content's own reader. Agents act as they did, on the case that is open now,
// and timers that were due are due if the bot waits for them.
func Compare(l Log, content turn.Content) (Comparison, error) {
	c := Comparison{First: -1}
	turns, err := l.turns()
	if err != nil {
		return c, err
	}
	t := supportbot.Thread{ID: l.Thread.ID, Address: l.Thread.Address}
	var before, now cases
	for _, p := range turns {
		if p.row.Inbound.Timer != nil {
			t = withTimer(t, p)
		}
		p.row.Inbound.Agent = actOf(p, t)
		content.Desk = p.began.Desk
		commit, err := take(runOf(content, turn.Began{Full: p.began.Full}), t, p.row)
		if err != nil {
			commit, err = take(content.Anew, t, p.row)
		}
		if err != nil {
			return c, fmt.Errorf("turn %d: %w", p.row.Seq, err)
		}
		t = turn.After(t, commit)
		before.note(p.row.Seq, p.outcome)
		now.note(p.row.Seq, commit.Outcome)
		c.add(l, p, commit)
	}
	c.Lost, c.New = before.minus(now), now.minus(before)
	return c, nil
}

// actOf is what an agent did: on the case that is open now, if it took effect
// on the one that was open then.
func actOf(p past, t supportbot.Thread) *supportbot.AgentAct {
	act, result := p.row.Inbound.Agent, p.outcome.Agent
	if act == nil || t.Case == nil || result == nil || result.Refused {
		return act
	}
	adapted := *act
	adapted.Case, adapted.Fence = t.Case.ID, t.Case.Fence
	return &adapted
}

// add takes one turn into the comparison.
func (c *Comparison) add(l Log, p past, commit supportbot.Commit) {
	one := Turn{
		Seq:    p.row.Seq,
		Person: person(l, p),
		Before: said(p.outcome),
		Now:    said(commit.Outcome),
	}
	steps := visited(p.events)
	c.before = append(c.before, steps...)
	c.now = append(c.now, visited(commit.Events)...)
	if c.First < 0 && one.Before.Text != one.Now.Text {
		c.First, c.Flow = len(c.Turns), c.speaker(steps, one)
	}
	c.Turns = append(c.Turns, one)
}

// speaker is the flow that spoke last in a turn: that of its last step. Without
// one, it was the flow that is open, which said its question again, or the one
// that was open and has ended.
func (c *Comparison) speaker(steps []string, t Turn) string {
	var last, open string
	if len(steps) > 0 {
		last = steps[len(steps)-1]
	}
	if n := len(c.Turns); n > 0 {
		open = c.Turns[n-1].Before.At
	}
	return flowOf(cmp.Or(last, t.Before.At, open))
}

// flowOf is the flow of a "flow/step".
func flowOf(step string) string {
	flow, _, _ := strings.Cut(step, "/")
	return flow
}

// said is what an outcome holds of the bot's words. On the phone those are the
// spoken ones.
func said(o supportbot.Outcome) Said {
	var parts []string
	for _, m := range o.Replies {
		text := m.Text
		if m.Spoken != "" {
			text = m.Spoken
		}
		for _, choice := range m.Choices {
			text += " [" + choice.Label + "]"
		}
		parts = append(parts, text)
	}
	s := Said{Text: strings.Join(parts, "\n")}
	if o.Flow != "" {
		s.At = o.Flow + "/" + o.Step
	}
	if o.Case != nil {
		s.Case = string(o.Case.State)
	}
	return s
}

// person is what came in, for people to read.
func person(l Log, p past) string {
	in := p.row.Inbound
	switch {
	case in.Agent != nil:
		act := fmt.Sprintf("(agent %s: %s", in.Agent.Agent, in.Agent.Kind)
		for _, detail := range []string{string(in.Agent.Verdict), in.Agent.Text} {
			if detail != "" {
				act += " " + detail
			}
		}
		return act + ")"
	case in.Timer != nil:
		return fmt.Sprintf("(timer: %s)", in.Timer.Kind)
	case p.outcome.Seq > 0 && int(p.outcome.Seq) <= len(l.Messages):
		return l.Messages[p.outcome.Seq-1].Text
	case in.Choice != "":
		return "[" + in.Choice + "]"
	case in.Text+in.Digits != "":
		return in.Text + in.Digits
	}
	return fmt.Sprintf("(%s)", in.Kind)
}

// cases gathers the cases of a conversation, in order.
type cases struct {
	last string // the id of the latest
	all  []Case
}

// note takes the case of a turn's outcome, if it is a new one.
func (c *cases) note(seq int64, o supportbot.Outcome) {
	if o.Case != nil && o.Case.ID != c.last {
		c.last = o.Case.ID
		c.all = append(c.all, Case{Turn: seq, Reason: o.Case.Reason, Priority: o.Case.Priority})
	}
}

// minus lists the cases that have no match in other: same reason, same
// priority, whenever it was.
func (c cases) minus(other cases) []Case {
	left := slices.Clone(other.all)
	return slices.DeleteFunc(slices.Clone(c.all), func(one Case) bool {
		i := slices.IndexFunc(left, func(o Case) bool { return o.Reason == one.Reason && o.Priority == one.Priority })
		if i >= 0 {
			left = slices.Delete(left, i, i+1)
		}
		return i >= 0
	})
}
