package dialog

import "supportbot"

// Saying is something that the content can say at one place, for those who
// check its words.
type Saying struct {
	Flow    string
	Step    string
	File    string
	Line    int
	Text    supportbot.Text
	Article string              // the topic whose article it is, "" if the words are the flow's own
	Asks    bool                // a question
	Options []supportbot.Option // its choices; none for those that only the conversation knows
}

// Sayings lists all that flows can say, in the order of their names and steps:
// what a step says, then what is said on its ways out.
func (b *Book) Sayings() []Saying {
	var list []Saying
	for _, name := range b.names {
		f := b.flows[name]
		for _, s := range f.Steps {
			list = append(list, b.sayings(f, s)...)
		}
	}
	return list
}

func (b *Book) sayings(f *Flow, s *step) []Saying {
	var list []Saying
	add := func(at pos, text supportbot.Text) *Saying {
		list = append(list, Saying{Flow: f.Name, Step: s.ID, File: at.file, Line: at.line, Text: text})
		return &list[len(list)-1]
	}
	for i, text := range s.do.texts() {
		if text.IsZero() {
			continue
		}
		said := add(s.pos, text)
		switch do := s.do.(type) {
		case *say:
			said.Article = do.article
		case *ask:
			said.Asks, said.Options = true, b.slot(&Frame{}, f.Slots[do.slot]).Options
		case *handoff:
			if i == 0 {
				said.Options = b.queueSlot(Session{}).Options
			}
		}
	}
	for _, x := range s.do.exits() {
		if !x.Say.IsZero() {
			add(x.pos, x.Say)
		}
	}
	return list
}
