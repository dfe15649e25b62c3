package dialog

import (
	"cmp"
	"slices"
	"strings"

	"supportbot"
)

// order is the order in which a batch of commands is applied.
var order = []supportbot.CommandKind{
	supportbot.CmdLanguage, supportbot.CmdAgent, supportbot.CmdCancel,
	supportbot.CmdBack, supportbot.CmdRepeat, supportbot.CmdMenu, supportbot.CmdWait,
	supportbot.CmdCorrect, supportbot.CmdFill, supportbot.CmdStart, supportbot.CmdQuote, supportbot.CmdClarify,
	supportbot.CmdGreet, supportbot.CmdThanks, supportbot.CmdGoodbye,
}

// apply carries out a batch of commands. An empty batch means that nothing was
// understood.
func (t *turn) apply(commands []supportbot.Command) {
	if len(t.e.Masked) > 0 {
		t.pattern(patternSecret, nil)
	}
	commands = slices.Clone(commands)
	slices.SortStableFunc(commands, func(a, b supportbot.Command) int {
		return cmp.Compare(slices.Index(order, a.Kind), slices.Index(order, b.Kind))
	})
	understood := false
	for i, c := range commands {
		if social(c.Kind) && i > 0 || t.s.Case != nil {
			break
		}
		if t.command(c) {
			understood = true
			if c.Kind != supportbot.CmdClarify {
				t.s.Clarified = 0
			}
		}
	}
	if !understood {
		t.out.Missed = true
		t.noMatch()
	}
}

// said reads what the person did as commands: words, a button, keys.
func (t *turn) said() []supportbot.Command {
	switch t.e.Kind {
	case Chose:
		return t.chosen(t.e.Choice)
	case Pressed:
		return t.pressed(t.e.Digits)
	}
	return t.e.Commands
}

// social tells whether a command is a mere courtesy beside any other.
func social(k supportbot.CommandKind) bool {
	return k == supportbot.CmdGreet || k == supportbot.CmdThanks || k == supportbot.CmdGoodbye
}

// command carries one out. It returns false if the command makes no sense here:
// understanding is not trusted.
func (t *turn) command(c supportbot.Command) bool {
	switch c.Kind {
	case supportbot.CmdLanguage:
		t.speak(supportbot.Language(c.Value))
	case supportbot.CmdAgent:
		t.agent()
	case supportbot.CmdCancel:
		t.cancel()
	case supportbot.CmdBack:
		t.back()
	case supportbot.CmdRepeat:
		return t.repeat()
	case supportbot.CmdMenu:
		t.start("flow:" + flowMenu)
	case supportbot.CmdWait:
		t.pattern(patternTakeTime, nil)
		t.advance()
	case supportbot.CmdCorrect:
		return t.correct(c.Slot, c.Value)
	case supportbot.CmdFill:
		return t.fill(c.Slot, c.Value)
	case supportbot.CmdStart:
		if !t.startWith(c.Topic, c.Fill) {
			return false
		}
		t.out.Started = t.book.topicOf(c.Topic)
	case supportbot.CmdClarify:
		return t.clarify(c.Topics)
	case supportbot.CmdQuote:
		return t.quote(c.Passages)
	case supportbot.CmdGreet:
		t.greet(patternGreet)
	case supportbot.CmdThanks:
		t.pattern(patternThanks, nil)
		t.advance()
	case supportbot.CmdGoodbye:
		t.farewell = true
		t.pattern(patternGoodbye, nil)
	default:
		return false
	}
	return true
}

// steers tells whether a command needs nothing but its kind.
func steers(k supportbot.CommandKind) bool {
	switch k {
	case supportbot.CmdAgent, supportbot.CmdCancel, supportbot.CmdBack, supportbot.CmdRepeat, supportbot.CmdMenu:
		return true
	}
	return social(k)
}

// choose carries out what a button means. A button that means nothing any more
// costs no attempt: the open question, or the menu, is shown again.
func (t *turn) choose(commands []supportbot.Command) {
	switch {
	case len(commands) > 0:
		t.apply(commands)
	case len(t.s.Stack) > 0:
		t.advance()
	default:
		t.start("flow:" + flowMenu)
	}
}

// chosen reads a button's value: a command of its own ("topic:…", "flow:…",
// "control:…", "language:…"), an answer to the open question, or a button under
// an earlier question, which corrects that answer if it is another one.
func (t *turn) chosen(value string) []supportbot.Command {
	kind, rest, _ := strings.Cut(value, ":")
	switch kind {
	case "topic":
		if _, ok := t.book.guide.Topics[rest]; ok {
			return []supportbot.Command{{Kind: supportbot.CmdStart, Topic: rest}}
		}
		return nil
	case "flow":
		if t.book.offered(rest) {
			return []supportbot.Command{{Kind: supportbot.CmdStart, Topic: value}}
		}
		return nil
	case "control":
		if steers(supportbot.CommandKind(rest)) {
			return []supportbot.Command{{Kind: supportbot.CommandKind(rest)}}
		}
		return nil
	case "language":
		return []supportbot.Command{{Kind: supportbot.CmdLanguage, Value: rest}}
	}
	name, value := answerOf(value)
	q := Expected(t.book, *t.s)
	if offers(q.Slot, name, value) {
		return []supportbot.Command{{Kind: supportbot.CmdFill, Slot: q.Slot.Name, Value: value}}
	}
	for _, slot := range q.Answered {
		if offers(slot, name, value) && slot.Value != value {
			return []supportbot.Command{{Kind: supportbot.CmdCorrect, Slot: slot.Name, Value: value}}
		}
	}
	return nil
}

// answerOf reads "slot=value"; a value by itself is one of any slot.
func answerOf(choice string) (slot, value string) {
	if slot, value, ok := strings.Cut(choice, "="); ok {
		return slot, value
	}
	return "", choice
}

// offers tells whether a value is one of a slot's choices; name is the slot that
// is meant, "" for any.
func offers(slot supportbot.Slot, name, value string) bool {
	return (name == "" || name == slot.Name) && slices.ContainsFunc(slot.Options, func(o supportbot.Option) bool { return o.Value == value })
}

// pressed reads phone keys: 0 is the agent, 9 repeats, the rest answers.
func (t *turn) pressed(digits string) []supportbot.Command {
	digits = strings.Trim(digits, "#*")
	switch digits {
	case "0":
		return []supportbot.Command{{Kind: supportbot.CmdAgent}}
	case "9":
		return []supportbot.Command{{Kind: supportbot.CmdRepeat}}
	}
	_, slot, ok := t.question()
	if !ok {
		return nil
	}
	f, _ := t.top()
	for _, o := range t.options(f, slot) {
		if o.Key == digits {
			return []supportbot.Command{{Kind: supportbot.CmdFill, Slot: slot.Name, Value: o.Value}}
		}
	}
	return []supportbot.Command{{Kind: supportbot.CmdFill, Slot: slot.Name, Value: digits}}
}
