package explore

import (
	"fmt"
	"slices"
	"strings"

	"supportbot"
	"supportbot/dialog"
)

// invariant must hold after every turn. check tells what it saw if it does not,
// and "" if it does.
type invariant struct {
	name  string
	check func(*Explorer, *conversation, *moment) string
}

var invariants = []invariant{
	{"every turn finds its way", findsItsWay},
	{"something is asked, somebody is waited for, or nothing is open", stands},
	{"attempts are bounded", attempts},
	{"what requires identity has a verdict", identity},
	{"the bot is silent while an agent is there", silent},
	{"every reply is in the language of the conversation", language},
	{"no placeholder is left open", placeholders},
	{"the limits of the channel are kept", limits},
	{"cancel leaves nothing of the flow open", cancels},
	{"a correction repeats no handoff", corrects},
	{"a button pressed twice does no harm", repeats},
	{"a session is small", small},
}

// maxSteps is how many steps a turn may run: no way between two questions is
// nearly that long.
const maxSteps = 100

func findsItsWay(e *Explorer, _ *conversation, m *moment) string {
	if m.ran > maxSteps {
		return fmt.Sprintf("%d steps in one turn", m.ran)
	}
	for _, said := range m.said {
		if e.lost[said.Text] {
			return fmt.Sprintf("the content is the same, and the bot said %q", said.Text)
		}
	}
	return ""
}

func stands(_ *Explorer, _ *conversation, m *moment) string {
	flow, step := m.after.At()
	live := m.holds != nil && m.holds.State.Live()
	switch {
	case m.after.Case != nil && !live:
		return fmt.Sprintf("%s/%s waits for an agent, and there is no live case", flow, step)
	case m.after.Case == nil && live:
		return fmt.Sprintf("case %s is %s, and no flow waits for it", m.holds.ID, m.holds.State)
	case flow != "" && m.after.Case == nil && m.asks.Slot.Name == "":
		return fmt.Sprintf("stands at %s/%s, which asks nothing and waits for nobody", flow, step)
	}
	return ""
}

func attempts(e *Explorer, c *conversation, m *moment) string {
	flow, step := m.after.At()
	place := flow + "/" + step
	allowed := defaultRungs
	if c.silent == 0 {
		allowed = e.promises.allows(place)
	}
	if c.unanswered >= allowed {
		return fmt.Sprintf("%s still stands after %d attempts; its ladder allows %d", place, c.unanswered, allowed)
	}
	return ""
}

func identity(e *Explorer, c *conversation, m *moment) string {
	for _, f := range m.after.Stack {
		if f.Proof != nil && !f.Proof.Until.IsZero() && !c.proofs[f.Proof.Until] { // zero: it has run out
			return fmt.Sprintf("%s holds a proof of identity that no verdict gave", f.Flow)
		}
		for step, outcome := range f.Done {
			if outcome == string(supportbot.Verified) && c.verified < 0 {
				return fmt.Sprintf("%s/%s came to %q, and no agent ever said so", f.Flow, step, outcome)
			}
		}
	}
	since := c.elapsed
	if m.turn.Wait != "" {
		since = 0 // it may have been said on the way
	}
	for step := range m.visited {
		if e.promises.guarded[step] && (c.verified < 0 || since > c.verified) {
			return step + " requires identity, and no verdict that still holds was given"
		}
	}
	return ""
}

func silent(_ *Explorer, _ *conversation, m *moment) string {
	if m.held == nil || m.holds == nil || m.held.State != supportbot.CaseActive || m.holds.State != supportbot.CaseActive ||
		m.held.ID != m.holds.ID || m.held.Fence != m.holds.Fence || m.turn.Event == "hangup" { // which the agent is told
		return ""
	}
	for _, said := range m.said {
		if said.From == supportbot.FromBot {
			return fmt.Sprintf("%s is there, and the bot said %q", m.holds.Owner, text(said))
		}
	}
	return ""
}

// cancels looks at words and buttons that cancel and do nothing else.
func cancels(_ *Explorer, _ *conversation, m *moment) string {
	cancel := m.turn.Choice == "control:cancel" ||
		m.heard != nil && len(m.heard.Commands) == 1 && m.heard.Commands[0].Kind == supportbot.CmdCancel
	if !cancel || m.before.Case != nil || len(m.before.Stack) == 0 {
		return ""
	}
	before, after := bases(m.before), bases(m.after)
	for _, flow := range after {
		if !slices.Contains(before, flow) && flow != "pattern-resume" {
			return fmt.Sprintf("flow %s is open now", flow)
		}
	}
	if len(before) > 0 && slices.Equal(before, after) {
		return fmt.Sprintf("flow %s is still open", before[len(before)-1])
	}
	return ""
}

// bases lists the flows that the person started, the current one last.
func bases(s dialog.Session) []string {
	var list []string
	for _, f := range s.Stack {
		if !f.Called {
			list = append(list, f.Flow)
		}
	}
	return list
}

// corrects looks at corrections that open a case at a step that a human has
// decided already, though the answer says of no verdict that it depends on it.
func corrects(e *Explorer, _ *conversation, m *moment) string {
	slot := m.corrected()
	if slot == "" || m.after.Cases == m.before.Cases || m.holds == nil || len(m.before.Stack) == 0 {
		return ""
	}
	f, step := top(m.before), m.holds.Packet.Step
	if f.Flow != m.holds.Packet.Flow || e.promises.undoes[f.Flow+"/"+slot] || f.Done[step] == "" {
		return ""
	}
	return fmt.Sprintf("%s/%s came to %q and is done again", f.Flow, step, f.Done[step])
}

// corrected is the slot of an earlier answer that the turn corrects, "" if none.
func (m *moment) corrected() string {
	if m.heard != nil {
		for _, c := range m.heard.Commands {
			if c.Kind == supportbot.CmdCorrect {
				return c.Slot
			}
		}
	}
	for _, s := range m.asked.Answered {
		if offers(s, m.turn.Choice) {
			return s.Name
		}
	}
	return ""
}

// repeats looks at buttons, most of all at those of earlier replies: they cost no
// attempt, and pressed again they lead nowhere else.
func repeats(_ *Explorer, _ *conversation, m *moment) string {
	pressed := m.turn.Choice
	if pressed == "" || pressed == "control:leave" || pressed == "control:repeat" {
		return ""
	}
	if m.before.Case != nil && m.after.Cases != m.before.Cases {
		return fmt.Sprintf("the button %s opened a second case", pressed)
	}
	if sameQuestion(m.before, m.after) && top(m.after).NoMatch > top(m.before).NoMatch {
		return fmt.Sprintf("the button %s cost an attempt at %s", pressed, place(m.before))
	}
	answers := offers(m.asked.Slot, pressed) || strings.Contains(pressed, ":")
	if a, b := place(m.before), place(m.after); m.repeats && !answers && a != b && len(m.before.Stack) > 0 { // with nothing open the menu is shown
		return fmt.Sprintf("the button %s, pressed again, led from %s to %s", pressed, a, b)
	}
	return ""
}

func top(s dialog.Session) dialog.Frame { return s.Stack[len(s.Stack)-1] }

func place(s dialog.Session) string {
	flow, step := s.At()
	return flow + "/" + step
}

// maxSession is how many bytes a session may have.
const maxSession = 8 << 10

func small(_ *Explorer, c *conversation, _ *moment) string {
	if n := len(c.player.Thread.Session); n > maxSession {
		return fmt.Sprintf("%d bytes", n)
	}
	return ""
}
