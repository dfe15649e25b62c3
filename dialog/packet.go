package dialog

import (
	"cmp"
	"slices"

	"supportbot"
)

// packet gathers what the agent should know: the goal, the answers of this
// flow and of those that wait, what was tried, and what each verdict leads to.
func (t *turn) packet(h *handoff, flow *Flow, s *step) supportbot.Packet {
	lang := t.s.Language
	p := supportbot.Packet{
		Goal:  t.book.flow(t.errand()).Goal.Written[lang],
		Flow:  flow.Name,
		Step:  s.ID,
		Slots: []supportbot.PacketSlot{},
		Tried: []string{},
		Next:  map[supportbot.Verdict]string{},
	}
	if h.verifies {
		p.Verifies = identity
	}
	for i := range t.s.Stack {
		p.Slots = append(p.Slots, t.collected(&t.s.Stack[i], flow.Name, h.pass)...)
		p.Tried = append(p.Tried, t.tried(&t.s.Stack[i])...)
	}
	for verdict, exit := range h.outcomes {
		if verdict == supportbot.WentBack {
			continue
		}
		p.Next[verdict] = t.preview(flow, exit)
	}
	return p
}

// errand is what the person was about: not to talk to an agent, if something
// else waits for that.
func (t *turn) errand() string {
	for _, flow := range t.waiting() {
		if flow != flowAgent {
			return flow
		}
	}
	return t.reason()
}

// reason is the flow that the person started, which may have called this one.
func (t *turn) reason() string { return t.s.Stack[t.base()].Flow }

// collected lists the answers of one frame but for yes and no, which are things
// tried; of the flow that hands over, only what it passes on.
func (t *turn) collected(f *Frame, handing string, pass []string) []supportbot.PacketSlot {
	var slots []supportbot.PacketSlot
	for name, value := range f.Slots {
		if value == "" || t.yesNo(f, name) || f.Flow == handing && len(pass) > 0 && !slices.Contains(pass, name) {
			continue
		}
		slots = append(slots, supportbot.PacketSlot{Name: name, Title: t.title(f, name), Label: t.label(f, name), Value: value})
	}
	slices.SortFunc(slots, func(a, b supportbot.PacketSlot) int { return cmp.Compare(a.Name, b.Name) })
	return slots
}

// tried lists what the person answered with yes or no, in the order of the flow.
func (t *turn) tried(f *Frame) []string {
	colon := "："
	if t.s.Language == supportbot.English {
		colon = ": "
	}
	var list []string
	for _, s := range t.book.flow(f.Flow).Steps {
		if q, ok := s.do.(*ask); ok && f.Slots[q.slot] != "" && t.yesNo(f, q.slot) {
			list = append(list, t.title(f, q.slot)+colon+t.label(f, q.slot))
		}
	}
	return list
}

func (t *turn) yesNo(f *Frame, name string) bool {
	slot := t.book.flow(f.Flow).Slots[name]
	return slot != nil && slot.Type == supportbot.SlotBool
}

// title is what agents see a slot called.
func (t *turn) title(f *Frame, name string) string {
	slot := t.book.flow(f.Flow).Slots[name]
	if slot == nil || slot.Title.IsZero() {
		return name
	}
	return slot.Title.Written[t.s.Language]
}

// preview is what the person will be told first after an exit.
func (t *turn) preview(flow *Flow, exit Exit) string {
	f, _ := t.top()
	for range len(flow.Steps) {
		if !exit.Say.IsZero() {
			return t.fillIn(exit.Say.Written[t.s.Language], f)
		}
		s := flow.step(exit.Goto)
		if s == nil {
			return ""
		}
		if texts := s.do.texts(); len(texts) > 0 && !texts[0].IsZero() {
			return t.fillIn(texts[0].Written[t.s.Language], f)
		}
		exit = Exit{Goto: flow.after(s)}
	}
	return ""
}
