package dialog

import (
	"time"

	"supportbot"
)

// Buttons that a waiting person has beside words.
const (
	chooseLeave   = "control:leave"   // back to the bot
	chooseContact = "control:contact" // leave a telephone number
)

// tellEvery is how often a person who writes while waiting is told that the
// agent will see it. Once an agent has come, the bot is silent.
const tellEvery = time.Minute

// frozenAtTop tells whether the current flow waits for a live case.
func (t *turn) frozenAtTop() bool {
	return t.s.Case != nil && len(t.s.Stack) == t.s.Case.Frame+1
}

// handoff returns the flow's step that waits for the live case.
func (t *turn) handoff() (*handoff, *step, bool) {
	i := t.s.Case.Frame
	if i < 0 || i >= len(t.s.Stack) {
		return nil, nil, false
	}
	s := t.book.flow(t.s.Stack[i].Flow).step(t.s.Stack[i].Step)
	h, ok := s.do.(*handoff)
	return h, s, ok
}

// whileFrozen handles what happens while a case is live.
func (t *turn) whileFrozen() {
	switch t.e.Kind {
	case Joined:
		t.thaw()
		t.s.Case = &Frozen{Frame: len(t.s.Stack) - 1, Agent: t.e.Agent}
		t.pattern(patternJoined, map[string]string{"agent": t.e.Agent})
	case Left:
		t.s.Case.Agent, t.s.Case.ToldAt = "", t.e.At
		t.tell(patternLeft)
	case Judged:
		h, s, _ := t.handoff()
		t.thaw()
		h.judged(t, s, t.e.Verdict)
		t.advance()
	case Closed:
		t.s.Case, t.s.Stack = nil, nil
		t.closed = true
		t.pattern(patternClosed, nil)
	default:
		t.personWaits()
	}
}

// thaw ends the live case as far as the engine is concerned, with the flow that
// waited for it on top.
func (t *turn) thaw() {
	t.s.Stack = t.s.Stack[:t.s.Case.Frame+1]
	t.s.Case = nil
}

// personWaits handles what the person does while a case is live.
func (t *turn) personWaits() {
	waiting := t.s.Case.Agent == ""
	switch {
	case t.e.Kind == Chose && t.e.Choice == chooseLeave,
		waiting && t.e.Kind == Said && t.has(supportbot.CmdCancel):
		t.leaveQueue()
	case !waiting:
	case !t.frozenAtTop():
		t.leavesContact()
	case t.e.Kind == Chose && t.e.Choice == chooseContact:
		t.push(patternContact, Frame{})
		t.advance()
	case len(t.e.Masked) > 0:
		t.pattern(patternSecret, nil)
	case t.e.Kind != Opened && t.e.Kind != Silence && t.e.At.Sub(t.s.Case.ToldAt) >= tellEvery:
		t.s.Case.ToldAt = t.e.At
		t.tell(patternWaiting)
	}
}

// leavesContact goes on with the little flow that asks where the person can be
// reached.
func (t *turn) leavesContact() {
	switch t.e.Kind {
	case Said:
		t.answerContact(t.e.Commands)
	case Pressed:
		t.answerContact(t.pressed(t.e.Digits))
	case Chose:
		t.answerContact(t.chosen(t.e.Choice))
	case Silence:
		t.noInput()
	case Opened:
		t.advance()
	}
}

func (t *turn) answerContact(commands []supportbot.Command) {
	for _, c := range commands {
		if c.Kind == supportbot.CmdFill && t.fill(c.Slot, c.Value) {
			return
		}
	}
	t.noMatch()
}

func (t *turn) has(kind supportbot.CommandKind) bool {
	for _, c := range t.e.Commands {
		if c.Kind == kind {
			return true
		}
	}
	return false
}

// leaveQueue takes the person back to the bot: the flow that asked for the
// agent is stopped, what waited below it goes on.
func (t *turn) leaveQueue() {
	t.thaw()
	t.out.Leave = true
	t.s.Stack = t.s.Stack[:t.base()]
	t.pattern(patternLeftQueue, nil)
	if len(t.s.Stack) == 0 {
		t.start("flow:" + flowMenu)
		return
	}
	t.resume()
}

// tell says the words of a pattern with the buttons of a waiting person.
func (t *turn) tell(pattern string) {
	t.pattern(pattern, nil)
	if n := len(t.out.Replies); n > 0 {
		t.out.Replies[n-1].Choices = t.queueChoices()
	}
}

// queueChoices are the buttons of a waiting person: their labels are the
// menu labels of the flows behind them.
func (t *turn) queueChoices() []supportbot.Choice {
	return []supportbot.Choice{
		{Label: t.book.flow(patternContact).MenuLabel.Written[t.s.Language], Value: chooseContact, Key: "1"},
		{Label: t.book.flow(patternLeftQueue).MenuLabel.Written[t.s.Language], Value: chooseLeave, Key: "2"},
	}
}
