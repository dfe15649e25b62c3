package dialog

import (
	"strings"

	"supportbot"
)

// Expected tells what a session waits for, for those who read the next message.
func Expected(book *Book, s Session) supportbot.Question {
	q := supportbot.Question{Language: s.Language, Queued: s.Case != nil, Begins: book.begins}
	if len(s.Stack) == 0 {
		return q
	}
	f := &s.Stack[len(s.Stack)-1]
	flow := book.flows[f.Flow]
	if flow == nil || flow.step(f.Step) == nil {
		return q
	}
	if q.Queued && len(s.Stack) == s.Case.Frame+1 {
		if s.Case.Agent == "" {
			q.Slot = book.queueSlot(s)
		}
		return q
	}
	q.Queued = false // unless the person is leaving a contact
	q.Flow, q.Topics = f.Flow, flow.Topics
	if open, ok := flow.step(f.Step).do.(*ask); ok {
		q.Slot = book.slot(f, flow.Slots[open.slot])
	}
	if below := s.Stack[:len(s.Stack)-1]; flow.Transient && len(below) > 0 && s.Case == nil {
		s.Stack = below
		if under := Expected(book, s); under.Slot.Name != "" {
			q.Below = &under
		}
	}
	for _, id := range f.Trail[f.Behind:] {
		if answered := flow.question(id); answered != nil {
			slot := book.slot(f, flow.Slots[answered.slot])
			slot.Value = f.Slots[slot.Name]
			q.Answered = append(q.Answered, slot)
		}
	}
	return q
}

func (b *Book) slot(f *Frame, slot *Slot) supportbot.Slot {
	s := slot.Slot
	if s.Type == supportbot.SlotPick {
		s.Options = b.pick(slot, f.Pick)
	}
	return s
}

// At returns the open flow and step of a session, "" if nothing is open.
func (s Session) At() (flow, step string) {
	if len(s.Stack) == 0 {
		return "", ""
	}
	f := s.Stack[len(s.Stack)-1]
	return f.Flow, f.Step
}

// ChoiceLabel is the label of a button as the person saw it, the value itself
// if nobody can tell any more.
func ChoiceLabel(book *Book, s Session, value string) string {
	q := Expected(book, s)
	name, answer := answerOf(value)
	for _, slot := range append([]supportbot.Slot{q.Slot}, q.Answered...) {
		for _, o := range slot.Options {
			if o.Value == answer && (name == "" || name == slot.Name) {
				return o.Label[s.Language]
			}
		}
	}
	kind, rest, _ := strings.Cut(value, ":")
	switch {
	case kind == "topic" && !book.guide.Topics[rest].IsZero():
		return book.topicName(rest, s.Language)
	case kind == "flow" && book.flows[rest] != nil:
		return book.flow(rest).name(s.Language)
	case kind == "language":
		return map[string]string{"zh": "中文", "en": "English"}[rest]
	}
	if flow := map[string]string{chooseLeave: patternLeftQueue, chooseContact: contactFlow(s), chooseCall: patternCall, "control:agent": flowAgent, "control:menu": flowMenu}[value]; flow != "" {
		return book.flow(flow).name(s.Language)
	}
	return value
}

// name is what buttons call the flow.
func (f *Flow) name(l supportbot.Language) string {
	if f.MenuLabel.IsZero() {
		return f.Goal.Written[l]
	}
	return f.MenuLabel.Written[l]
}
