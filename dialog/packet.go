package dialog

import (
	"cmp"
	"slices"
	"strings"

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

// started is the flow that the person started, which may have called this one.
func (t *turn) started() string { return t.s.Stack[t.base()].Flow }

// reason is what the current flow is about: itself or the nearest of those that
// called it, down to the one that the person started, that stands for a topic.
func (t *turn) reason() string {
	for i := len(t.s.Stack) - 1; i > t.base(); i-- {
		if flow := t.s.Stack[i].Flow; len(t.book.flow(flow).Topics) > 0 {
			return flow
		}
	}
	return t.started()
}

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

// preview is what the person will be told first after an exit of the current
// flow, also by the flows that called it, up to the next question.
func (t *turn) preview(flow *Flow, exit Exit) string {
	var said []string
	at := len(t.s.Stack) - 1
	for range maxPreview {
		f := &t.s.Stack[at]
		tell := func(text supportbot.Text) {
			if !text.IsZero() {
				said = append(said, t.fillIn(text.Written[t.s.Language], f))
			}
		}
		tell(exit.Say)
		s := flow.step(exit.Goto)
		if len(said) == maxPreviewed || s == nil && (exit.End == everything || !f.Called || at == 0) {
			break
		}
		if s == nil {
			at--
			flow = t.book.flow(t.s.Stack[at].Flow)
			exit = flow.returning(flow.step(t.s.Stack[at].Step), exit.End)
			continue
		}
		if texts := s.do.texts(); len(texts) > 0 {
			tell(texts[0])
		}
		switch do := s.do.(type) {
		case *end:
			exit = Exit{End: do.name}
		case *say, *set:
			exit = Exit{Goto: flow.after(s)}
		default: // asks, or depends on what is not known yet
			return strings.Join(said, "\n")
		}
	}
	return strings.Join(said, "\n")
}

// How many steps a preview follows, and how many sayings it shows.
const (
	maxPreview   = 50
	maxPreviewed = 2
)

// returning is where a call leads when the called flow ends.
func (f *Flow) returning(s *step, ending string) Exit {
	if c, ok := s.do.(*call); ok {
		if exit, named := c.returns[ending]; named {
			return exit
		}
	}
	return Exit{Goto: f.after(s)}
}
