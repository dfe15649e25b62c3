package dialog

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"supportbot"
)

// check proves what can be seen in one flow by itself.
func check(b *Book, f *Flow, problems *Problems) {
	c := checker{b, f, problems}
	c.slots()
	for _, s := range f.Steps {
		c.step(s)
	}
	if f.Agent != "" {
		c.target(Exit{Goto: f.Agent, pos: f.pos})
	}
}

type checker struct {
	book     *Book
	flow     *Flow
	problems *Problems
}

// speaking are the patterns that interrupt without taking over.
var speaking = []string{
	patternOpen, patternGreet, patternThanks, patternGoodbye, patternCancelled, patternNothing, patternCorrected, patternFirst,
	patternLanguage, patternSecret, patternExpired, patternChanged, patternLost, patternTakeTime, patternStill, patternWaiting, patternJoined, patternPhoned, patternLeft, patternLeftQueue, patternClosed, patternHungUp, patternMoved, patternMovedTo,
	patternPicture, patternPhoto, patternNoPicture, patternSound, patternEdit, patternGroup, patternSomething,
	patternCall, patternMissed, patternGaveUp, patternShut, patternLine, patternUrgent, patternTaken, patternNext, patternAhead, patternSoon, patternQuiet,
}

func (c checker) step(s *step) {
	for _, x := range s.do.exits() {
		c.target(x)
	}
	if s.Goto != "" {
		c.target(Exit{Goto: s.Goto, pos: s.pos})
		if !s.do.passes() {
			c.problems.add(s.pos, "step %s never comes to its goto; take it out", s.ID)
		}
	}
	if s.do.passes() && c.flow.after(s) == "" {
		c.problems.add(s.pos, "step %s is the last and leads nowhere; add an end step or a goto", s.ID)
	}
	for _, text := range allTexts(s) {
		c.placeholders(s, text)
		c.demands(s, text)
	}
	switch do := s.do.(type) {
	case *ask:
		c.question(s, do)
	case *set:
		for _, a := range do.values {
			c.assignment(a)
		}
	case *branch:
		for _, cond := range do.cases {
			c.condition(cond)
		}
	case *handoff:
		for _, slot := range do.pass {
			c.knownSlot(s.pos, slot)
		}
	}
	c.pattern(s)
}

// pattern refuses what the engine's own flows may not do.
func (c checker) pattern(s *step) {
	speaks, contact := slices.Contains(speaking, c.flow.Name), c.flow.asksContact()
	switch s.do.(type) {
	case *ask:
		if speaks {
			c.problems.add(s.pos, "flow %s interrupts others and may only say, set, branch and end", c.flow.Name)
		}
	case *call, *handoff:
		if speaks || contact {
			c.problems.add(s.pos, "flow %s interrupts others and may neither call nor hand over", c.flow.Name)
		}
	}
	if speaks && c.flow.Name != patternGoodbye || contact {
		for _, x := range s.do.exits() {
			if x.End == everything {
				c.problems.add(s.pos, "flow %s interrupts others and may not end everything", c.flow.Name)
			}
		}
	}
}

func (c checker) target(x Exit) {
	if x.Goto != "" && c.flow.step(x.Goto) == nil {
		var ids []string
		for _, s := range c.flow.Steps {
			ids = append(ids, s.ID)
		}
		c.problems.add(x.pos, "goto %q: flow %s has no such step%s", x.Goto, c.flow.Name, didYouMean(x.Goto, ids))
	}
}

func (c checker) slots() {
	if c.flow.asksContact() {
		if s := c.knownSlot(c.flow.pos, slotContact); s != nil && s.Type != supportbot.SlotPhone {
			c.problems.add(s.pos, "slot %s of flow %s must be of type phone", slotContact, c.flow.Name)
		}
	}
	for _, s := range c.flow.Slots {
		for _, dependent := range s.Invalidates {
			if dependent != identity {
				c.knownSlot(s.pos, dependent)
			}
		}
		if c.circular(s.Name, s.Name, map[string]bool{}) {
			c.problems.add(s.pos, "slot %s invalidates itself in a circle; break it", s.Name)
		}
		for _, value := range s.Early {
			c.value(s.pos, s, value)
		}
		for _, topic := range s.Topics {
			if _, ok := c.book.guide.Topics[topic]; !ok {
				c.problems.add(s.pos, "slot %s offers the topic %q, which is unknown%s", s.Name, topic, didYouMean(topic, slices.Collect(maps.Keys(c.book.guide.Topics))))
			}
		}
		switch {
		case s.Type != supportbot.SlotDigits:
		case s.Max == 0:
			c.problems.add(s.pos, "slot %s has no max; say how many digits it takes, 15 at most", s.Name)
		case s.Max > 15:
			c.problems.add(s.pos, "slot %s takes up to %d digits, enough for a full card number, which is never asked for; set max to 15 or less", s.Name, s.Max)
		}
	}
}

func (c checker) circular(from, at string, seen map[string]bool) bool {
	slot := c.flow.Slots[at]
	if slot == nil || seen[at] {
		return false
	}
	seen[at] = true
	for _, dependent := range slot.Invalidates {
		if dependent == from || c.circular(from, dependent, seen) {
			return true
		}
	}
	return false
}

func (c checker) knownSlot(at pos, name string) *Slot {
	slot := c.flow.Slots[name]
	if slot == nil {
		var names []string
		for n := range c.flow.Slots {
			names = append(names, n)
		}
		slices.Sort(names)
		c.problems.add(at, "flow %s has no slot %q%s; declare it under slots", c.flow.Name, name, didYouMean(name, names))
	}
	return slot
}

func (c checker) assignment(a assignment) {
	if slot := c.knownSlot(a.pos, a.slot); slot != nil && a.value != "" {
		c.value(a.pos, slot, a.value)
	}
}

func (c checker) condition(cond condition) {
	if cond.known != "" {
		c.knownSlot(cond.exit.pos, cond.known)
	}
	if cond.slot != "" {
		if slot := c.knownSlot(cond.exit.pos, cond.slot); slot != nil {
			c.value(cond.exit.pos, slot, cond.is)
		}
	}
}

// value refuses a value that an enumerated slot does not have. Mind YAML: a
// bare yes is a word here, as it is in YAML 1.2.
func (c checker) value(at pos, slot *Slot, value string) {
	var values []string
	for _, o := range slot.Options {
		values = append(values, o.Value)
	}
	listed := slot.Type == supportbot.SlotEnum || slot.Type == supportbot.SlotBool
	if listed && !slices.Contains(values, value) {
		c.problems.add(at, "slot %s has no value %q%s; its values are %s", slot.Name, value, didYouMean(value, values), oneOf(values))
	}
}

func (c checker) question(s *step, q *ask) {
	slot := c.knownSlot(s.pos, q.slot)
	if slot == nil {
		return
	}
	if slot.Given {
		c.problems.add(s.pos, "slot %s is given by the engine and cannot be asked for", slot.Name)
	}
	c.ladders(s, q)
	c.secret(s, q, slot)
}

// ladders gives a question its flow's ladders where it has none of its own, and
// refuses it if none is left.
func (c checker) ladders(s *step, q *ask) {
	for _, l := range []struct {
		name    string
		own     *[]Exit
		flowOwn []Exit
	}{
		{"no_match", &q.ladders.noMatch, c.flow.ladders.noMatch},
		{"no_input: voice", &q.ladders.voice, c.flow.ladders.voice},
		{"no_input: chat", &q.ladders.chat, c.flow.ladders.chat},
	} {
		if len(*l.own) == 0 {
			*l.own = l.flowOwn
			for _, x := range l.flowOwn {
				c.target(x)
			}
		}
		if len(*l.own) == 0 {
			c.problems.add(s.pos, "question %s has no %s ladder, neither has flow %s; say what happens when there is no answer, up to an agent or an end", s.ID, l.name, c.flow.Name)
		}
	}
	for i, x := range q.ladders.chat {
		if x.After == 0 || i > 0 && x.After <= q.ladders.chat[i-1].After {
			c.problems.add(x.pos, "a rung of no_input in chat needs after: TIME, later than the rung before it (counted from the question)")
		}
	}
}

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

// placeholders refuses {names} that nothing will fill in.
func (c checker) placeholders(s *step, text supportbot.Text) {
	_, asks := s.do.(*ask)
	known := make([]string, 0, len(c.flow.Slots))
	for name := range c.flow.Slots {
		known = append(known, name)
	}
	slices.Sort(known)
	report := func(form map[supportbot.Language]string, menu bool) {
		for _, l := range supportbot.Languages {
			for _, m := range placeholder.FindAllStringSubmatch(form[l], -1) {
				if c.flow.Slots[m[1]] == nil && (!menu || m[1] != "menu") {
					what := "no slot of this flow" + didYouMean(m[1], known)
					if strings.HasPrefix(m[1], "hotline.") {
						what = "not in hotlines.yaml"
					}
					c.problems.add(s.pos, "{%s} in step %s (%s) is %s", m[1], s.ID, l, what)
				}
			}
		}
	}
	report(text.Written, false)
	report(text.Spoken, asks)
}
