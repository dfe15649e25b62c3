package dialog

import (
	"strings"

	"supportbot"
)

// ask fills a slot from what the person answers.
type ask struct {
	slot    string
	text    supportbot.Text
	ladders ladders
}

func parseAsk(p *parser, o object) action {
	q := &ask{
		slot:    p.str(o.fields["ask"], "ask"),
		text:    p.text(o.fields["say"], "say"),
		ladders: p.laddersOf(o),
	}
	if q.text.IsZero() {
		p.fail(o.node, "a question that says nothing; write it: say: {zh: …, en: …}")
	}
	return q
}

// run passes a question that is answered already, and asks one that is reached
// for the second time anew: so every cycle with a question stops at it.
func (q *ask) run(t *turn, s *step) result {
	f, flow := t.top()
	if !f.answered(s.ID) {
		t.recall(f, flow, flow.Slots[q.slot])
	}
	if f.Slots[q.slot] != "" {
		if !f.answered(s.ID) {
			f.Trail = append(f.Trail, s.ID)
			t.forgetReplies()
			return next
		}
		f.clear(flow, q.slot)
	}
	t.arrived()
	t.remember(f, flow)
	t.pose(q)
	return wait
}

// remember keeps which steps of this flow were said on the way to the question,
// for those who ask to hear it again.
func (t *turn) remember(f *Frame, flow *Flow) {
	var said []string
	for _, id := range t.out.Visited {
		name, step, _ := strings.Cut(id, "/")
		if _, ok := flow.step(step).speech(); ok && name == flow.Name {
			said = append(said, step)
		}
	}
	if len(said) > 0 {
		f.Said = said
	}
}

// pose says the question with its choices.
func (t *turn) pose(q *ask) {
	f, flow := t.top()
	reply := t.reply(q.text)
	for _, o := range t.options(f, flow.Slots[q.slot]) {
		reply.Choices = append(reply.Choices, supportbot.Choice{Label: o.Label[t.s.Language], Value: answerTo(q.slot, o.Value), Key: o.Key})
	}
	if t.s.Channel.IsVoice() {
		reply.Spoken = spokenMenu(reply, t.s.Language)
		reply.Keys = keys(flow.Slots[q.slot])
	}
	t.emit(reply)
}

// keys is how many digits an answer may have that is a number.
func keys(slot *Slot) int {
	if slot.Type != supportbot.SlotDigits && slot.Type != supportbot.SlotPhone {
		return 0
	}
	_, most := bounds(slot)
	return most
}

// answerTo is the value of a button: "slot=value", so that one under an earlier
// question, or one that is pressed twice, never answers another question. What
// starts something by itself ("topic:…", "flow:…") stays as it is.
func answerTo(slot, value string) string {
	if strings.Contains(value, ":") {
		return value
	}
	return slot + "=" + value
}

// spokenMenu puts the choices into words, at {menu} or at the end.
func spokenMenu(r supportbot.Reply, lang supportbot.Language) string {
	var menu strings.Builder
	for _, c := range r.Choices {
		if lang == supportbot.Chinese {
			menu.WriteString(c.Label + "，请按" + c.Key + "。")
		} else {
			menu.WriteString("Press " + c.Key + ": " + c.Label + ". ")
		}
	}
	spoken := r.Spoken
	if spoken == "" {
		spoken = r.Text
	}
	if strings.Contains(spoken, "{menu}") {
		return strings.ReplaceAll(spoken, "{menu}", strings.TrimSpace(menu.String()))
	}
	if menu.Len() == 0 {
		return spoken
	}
	return spoken + " " + strings.TrimSpace(menu.String())
}

func (q *ask) exits() []Exit {
	exits := append([]Exit{}, q.ladders.noMatch...)
	exits = append(exits, q.ladders.voice...)
	return append(exits, q.ladders.chat...)
}

func (q *ask) passes() bool             { return true }
func (q *ask) texts() []supportbot.Text { return []supportbot.Text{q.text} }

// answered tells whether the question was answered on the way here.
func (f *Frame) answered(step string) bool {
	for _, id := range f.Trail {
		if id == step {
			return true
		}
	}
	return false
}
