package dialog

import (
	"slices"
	"strings"
	"time"

	"supportbot"
)

// Buttons that a waiting person has beside words.
const (
	chooseLeave   = "control:leave"   // back to the bot
	chooseContact = "control:contact" // leave a telephone number
	chooseCall    = "control:call"    // be called back rather than wait
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
		was := *t.s.Case
		t.thaw()
		t.s.Case = &Frozen{Frame: len(t.s.Stack) - 1, Verifies: was.Verifies, Contact: was.Contact, Mail: was.Mail, Agent: t.e.Agent}
		said := patternJoined
		if t.e.ByPhone {
			said = patternPhoned
		}
		t.pattern(said, map[string]string{"agent": t.e.Agent})
	case Left, Missed:
		t.s.Case.Agent, t.s.Case.ToldAt, t.s.Case.Call = "", t.e.At, t.e.Kind == Missed
		t.tell(map[EventKind]string{Left: patternLeft, Missed: patternMissed}[t.e.Kind])
	case Deferred:
		t.deferred()
	case Taken:
		t.taken()
	case Judged:
		if t.e.Verdict != supportbot.Unavailable {
			t.helped()
		}
		h, s, _ := t.handoff()
		asked := t.s.Case.Verifies
		t.thaw()
		if t.e.Last {
			t.pattern(patternGaveUp, nil)
		}
		h.judged(t, s, asked, t.e.Verdict)
		t.advance()
	case Waited:
		t.stillWaiting()
	case Closed:
		t.helped()
		t.thaw()
		t.s.Stack = t.s.Stack[:t.base()]
		t.closed = true
		t.pattern(patternClosed, nil)
		t.resume()
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

// personWaits handles what the person does while a case is live. An agent's
// conversation is none of the bot's business, but for the way back to the bot.
func (t *turn) personWaits() {
	wish, contact := t.wish()
	language, speaks := strings.CutPrefix(wish, "language:")
	if l := supportbot.Language(language); speaks && l.Valid() {
		t.s.Language = l
	}
	switch {
	case wish == chooseLeave:
		t.leaveQueue()
	case t.s.Case.Agent != "":
	case !t.frozenAtTop():
		t.leavesContact()
	case wish == chooseCall:
		t.wantsCall(contact)
	case wish == chooseContact:
		t.push(contactFlow(*t.s), Frame{Slots: contact})
		t.advance()
	case speaks:
		t.tell(patternLanguage)
	case len(t.e.Masked) > 0:
		t.pattern(patternSecret, nil)
	case t.e.Unseen != "":
		t.tell(unseen(t.e.Unseen))
	case t.e.Kind != Opened && t.e.Kind != Silence && t.e.At.Sub(t.s.Case.ToldAt) >= tellEvery:
		t.s.Case.ToldAt = t.e.At
		t.tell(patternWaiting)
	}
}

// wish tells which of the buttons of a waiting person is meant, by button, key
// or words, and the telephone number if one was said.
func (t *turn) wish() (button string, contact map[string]string) {
	if t.e.Kind == Chose {
		return t.e.Choice, nil
	}
	if t.s.Case.Agent != "" || !t.frozenAtTop() {
		return "", nil
	}
	if t.e.Kind == Pressed {
		for _, o := range t.book.queueSlot(*t.s).Options {
			if o.Key == t.e.Digits {
				return o.Value, nil
			}
		}
	}
	if t.e.Kind == Said {
		for _, c := range t.e.Commands {
			switch {
			case c.Kind == supportbot.CmdLanguage:
				return "language:" + c.Value, nil
			case c.Kind == supportbot.CmdCancel:
				return chooseLeave, nil
			case c.Kind == supportbot.CmdFill && c.Slot == slotContact:
				if number, ok := t.valid(t.book.flow(contactFlow(*t.s)).Slots[slotContact], c.Value); ok {
					return chooseContact, map[string]string{slotContact: number}
				}
			case c.Kind == supportbot.CmdFill:
				return c.Value, nil
			}
		}
	}
	return "", nil
}

// leavesContact goes on with the little flow that asks where the person can be
// reached.
func (t *turn) leavesContact() {
	switch t.e.Kind {
	case Said, Pressed, Chose:
		t.answerContact(t.said())
	case Silence:
		t.noInput()
	case Sent:
		t.sent()
	case Opened:
		t.advance()
	}
}

func (t *turn) answerContact(commands []supportbot.Command) {
	for _, c := range commands {
		switch {
		case c.Kind == supportbot.CmdFill && t.fill(c.Slot, c.Value):
			return
		case c.Kind == supportbot.CmdCancel || c.Kind == supportbot.CmdBack:
			q, _, _ := t.question()
			t.leave(q.ladders.noMatch[len(q.ladders.noMatch)-1])
			return
		}
	}
	if t.e.Kind == Chose { // a button of an earlier message
		t.advance()
		return
	}
	t.noMatch()
}

// leaveQueue takes the person back to the bot. The flow goes its own way if it
// has one for this; else it is stopped, and what waited below it goes on.
func (t *turn) leaveQueue() {
	h, s, _ := t.handoff()
	verdict := supportbot.WentBack
	if t.s.Case.Away {
		verdict = supportbot.Unavailable
	}
	t.thaw()
	t.out.Leave = true
	if exit, ok := h.outcomes[verdict]; ok {
		f, _ := t.top()
		f.done(s.ID, string(verdict))
		t.leave(exit)
		t.advance()
		return
	}
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

// slotContact is where the flows that ask for one keep a number or an address.
const slotContact = "contact"

func (f *Flow) asksContact() bool { return f.Name == patternContact || f.Name == patternReach }

// contactFlow is the flow that asks a waiting person for a contact.
func contactFlow(s Session) string {
	if s.Case != nil && s.Case.Mail {
		return patternReach
	}
	return patternContact
}

// queueSlot describes the buttons of a waiting person to those who read words.
func (b *Book) queueSlot(s Session) supportbot.Slot {
	option := func(value, key, flow string) supportbot.Option {
		return supportbot.Option{Value: value, Key: key, Label: b.flow(flow).MenuLabel.Written}
	}
	call := option(chooseCall, "3", patternCall)
	call.Also = callWords
	return supportbot.Slot{Name: "queue", Type: supportbot.SlotEnum, Options: []supportbot.Option{
		option(chooseContact, "1", contactFlow(s)), option(chooseLeave, "2", patternLeftQueue), call,
	}}
}

// queueChoices are the buttons of a waiting person: their labels are the
// menu labels of the flows behind them.
func (t *turn) queueChoices() []supportbot.Choice {
	return t.choices(chooseContact, chooseLeave)
}

// choices are some of the buttons of a waiting person.
func (t *turn) choices(values ...string) []supportbot.Choice {
	var choices []supportbot.Choice
	for _, o := range t.book.queueSlot(*t.s).Options {
		if !slices.Contains(values, o.Value) {
			continue
		}
		choices = append(choices, supportbot.Choice{Label: o.Label[t.s.Language], Value: o.Value, Key: o.Key})
	}
	return choices
}
