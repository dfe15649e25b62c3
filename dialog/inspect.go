package dialog

import (
	"strings"
	"unicode/utf8"

	"supportbot"
)

// Place is where a step stands, for those who complain about it; "" and 0 if
// there is no such step.
func (b *Book) Place(flow, step string) (file string, line int) {
	f := b.flows[flow]
	if f == nil || f.step(step) == nil {
		return "", 0
	}
	s := f.step(step)
	return s.file, s.line
}

// Choices are the buttons below what is said, as a reply has them.
func (b *Book) Choices(s Saying, l supportbot.Language) []supportbot.Choice {
	slot := ""
	if q := b.flows[s.Flow].question(s.Step); q != nil {
		slot = q.slot
	}
	var choices []supportbot.Choice
	for _, o := range s.Options {
		choices = append(choices, supportbot.Choice{Label: o.Label[l], Value: answerTo(slot, o.Value), Key: o.Key})
	}
	return choices
}

// Names are what buttons call a flow: its label, and its goal where it may wait
// among others. A flow that only other flows call has none.
func (b *Book) Names(flow string, l supportbot.Language) []string {
	f := b.flows[flow]
	var names []string
	if !f.MenuLabel.IsZero() {
		names = append(names, f.MenuLabel.Written[l])
	}
	if b.offered(flow) && !f.Transient {
		names = append(names, f.Goal.Written[l])
	}
	return names
}

// typicalWords is how many characters of free words a text is made to hold where
// the slot sets no limit: about as many as a long label.
var typicalWords = map[supportbot.Language]int{supportbot.Chinese: 20, supportbot.English: 40}

// Longest is about the longest that {slot} can stand for in a flow's texts: its
// longest label, or as many digits or words as it takes. It is "" for what is no
// slot of the flow.
func (b *Book) Longest(flow, slot string, l supportbot.Language) string {
	s := b.flows[flow].Slots[slot]
	if s == nil {
		return ""
	}
	longest := ""
	for _, o := range b.slot(&Frame{}, s).Options {
		if utf8.RuneCountInString(o.Label[l]) > utf8.RuneCountInString(longest) {
			longest = o.Label[l]
		}
	}
	typed := ""
	switch s.Type {
	case supportbot.SlotDigits, supportbot.SlotPhone:
		_, high := bounds(s)
		typed = strings.Repeat("0", high)
	case supportbot.SlotText:
		n := s.Max
		if n == 0 {
			n = typicalWords[l]
		}
		typed = filler(l, n)
	}
	if utf8.RuneCountInString(typed) > utf8.RuneCountInString(longest) {
		return typed
	}
	return longest
}

// filler is n characters of words.
func filler(l supportbot.Language, n int) string {
	if l == supportbot.Chinese {
		return strings.Repeat("字", n)
	}
	return strings.Repeat("word ", n/5+1)[:n]
}
