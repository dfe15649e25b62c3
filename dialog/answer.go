package dialog

import (
	"strings"
	"time"
	"unicode/utf8"

	"supportbot"
)

// fill answers the open question.
func (t *turn) fill(slotName, value string) bool {
	if q := Expected(t.book, *t.s); q.Slot.Name != slotName && q.Below != nil && q.Below.Slot.Name == slotName {
		t.dropTransient()
	}
	_, slot, ok := t.question()
	if !ok || slot.Name != slotName {
		return false
	}
	value, ok = t.valid(slot, value)
	if !ok {
		return false
	}
	if slot.Type == supportbot.SlotPick && strings.Contains(value, ":") {
		for _, c := range t.chosen(value) {
			return t.command(c)
		}
	}
	f, flow := t.top()
	f.set(flow, slotName, value)
	t.learn(slot, value)
	f.Trail = append(f.Trail, f.Step)
	f.Said = nil
	f.goTo(flow.after(flow.step(f.Step)))
	t.advance()
	return true
}

// learn keeps an answer for other flows of the conversation.
func (t *turn) learn(slot *Slot, value string) {
	if !slot.Remember {
		return
	}
	if t.s.Known == nil {
		t.s.Known = map[string]Known{}
	}
	t.s.Known[slot.Name] = Known{Value: value, At: t.e.At}
}

// knownFor is how long an answer serves other flows: a day's business, after
// which it may be another terminal.
const knownFor = 24 * time.Hour

// recall answers a question that another flow has asked before.
func (t *turn) recall(f *Frame, flow *Flow, slot *Slot) {
	known, ok := t.s.Known[slot.Name]
	if ok && slot.Remember && f.Slots[slot.Name] == "" && t.e.At.Sub(known.At) < knownFor {
		if value, ok := t.valid(slot, known.Value); ok {
			f.set(flow, slot.Name, value)
		}
	}
}

// correct changes an earlier answer of the current flow, and runs the flow
// again from its start on the answers that still hold. What a human decided and
// what called flows came to stays as it is, unless the correction says that it
// depends on this answer.
func (t *turn) correct(slotName, value string) bool {
	if len(t.s.Stack) == 0 {
		return false
	}
	f, flow := t.top()
	slot := flow.Slots[slotName]
	if slot == nil || f.Slots[slotName] == "" || slot.Given {
		return false
	}
	value, ok := t.valid(slot, value)
	if !ok {
		return false
	}
	f.set(flow, slotName, value)
	t.learn(slot, value)
	t.pattern(patternCorrected, map[string]string{"value": t.label(f, slotName)})
	f, _ = t.top()
	f.Trail, f.Behind = nil, 0
	f.goTo(flow.Steps[0].ID)
	f.Again = true
	t.advance()
	return true
}

// valid checks and normalises a value for a slot.
func (t *turn) valid(slot *Slot, value string) (string, bool) {
	f, _ := t.top()
	return normal(t.book.slot(f, slot), slot, value)
}

// normal is valid for a slot whose choices are known.
func normal(open supportbot.Slot, slot *Slot, value string) (string, bool) {
	if offers(open, "", value) {
		return value, true
	}
	switch slot.Type {
	case supportbot.SlotEnum, supportbot.SlotBool, supportbot.SlotPick:
		return "", false
	case supportbot.SlotDigits, supportbot.SlotPhone:
		if slot.Mail && supportbot.IsEmail(value) {
			return value, true
		}
		value = strings.NewReplacer(" ", "", "-", "").Replace(value)
		if strings.Trim(strings.TrimPrefix(value, "+"), "0123456789") != "" {
			return "", false
		}
	}
	n := utf8.RuneCountInString(value)
	low, high := bounds(slot)
	return value, n >= low && n <= high
}

// bounds is how many characters a slot takes. Telephone numbers have up to 15
// digits and a plus (ITU-T E.164); 5 is the shortest service number.
func bounds(slot *Slot) (low, high int) {
	low, high = max(slot.Min, 1), slot.Max
	if slot.Type == supportbot.SlotPhone {
		low, high = max(slot.Min, 5), 16
	}
	if high == 0 {
		high = maxText
	}
	return low, high
}

// maxText is how many characters of free words a slot holds, so that sessions
// stay small.
const maxText = 200
