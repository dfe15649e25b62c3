package dialog

import (
	"strings"

	"supportbot"
)

// reply puts a text into the person's language, with the slots filled in.
func (t *turn) reply(text supportbot.Text) supportbot.Reply {
	written, spoken := text.In(t.s.Language)
	var f *Frame
	if len(t.s.Stack) > 0 {
		f, _ = t.top()
	}
	r := supportbot.Reply{Text: t.fillIn(written, f)}
	switch {
	case t.s.Channel.IsVoice():
		r.Spoken = t.fillIn(spoken, f)
	case !t.s.Channel.HasButtons(): // said instead of what is too long for a message
		r.Spoken = strings.ReplaceAll(t.fillIn(spoken, f), "{menu}", "")
	}
	return r
}

func (t *turn) emit(r supportbot.Reply) { t.out.Replies = append(t.out.Replies, r) }

func (t *turn) sayText(text supportbot.Text) {
	if !text.IsZero() {
		t.emit(t.reply(text))
	}
}

// say says the words of a pattern that does nothing but say them, where no
// frame can be pushed.
func (t *turn) say(pattern *Flow) {
	for _, s := range pattern.Steps {
		t.out.Visited = append(t.out.Visited, pattern.Name+"/"+s.ID)
		for _, text := range s.do.texts() {
			t.sayText(text)
		}
	}
}

// forgetReplies drops what was said on the way to a stored answer: after a
// correction only what leads to the next open question is said again.
func (t *turn) forgetReplies() {
	if f, _ := t.top(); f.Again {
		t.out.Replies = t.out.Replies[:t.mark]
	}
}

// fillIn replaces {slot} by what the person answered, a telephone number by its
// last four digits, and an e-mail address by the little that tells it from others: texts are kept and shown where numbers are not.
func (t *turn) fillIn(s string, f *Frame) string {
	if f == nil || !strings.Contains(s, "{") {
		return s
	}
	for name, spec := range t.book.flow(f.Flow).Slots {
		said := t.label(f, name)
		switch {
		case spec.Mail && supportbot.IsEmail(said):
			said = supportbot.HideEmails(said)
		case spec.Mail && said != "":
			said = "****" + said[max(0, len(said)-4):]
		case spec.Type == supportbot.SlotPhone:
			said = said[max(0, len(said)-4):]
		}
		s = strings.ReplaceAll(s, "{"+name+"}", said)
	}
	return s
}

// label is an answer as the person saw it.
func (t *turn) label(f *Frame, slot string) string {
	value := f.Slots[slot]
	spec := t.book.flow(f.Flow).Slots[slot]
	if spec == nil {
		return value
	}
	for _, o := range t.options(f, spec) {
		if o.Value == value {
			return o.Label[t.s.Language]
		}
	}
	return value
}
