package kb

import (
	"slices"

	"supportbot"
)

// Words that say that an earlier answer was wrong. The weak ones may as well
// belong to an answer to the open question, which then comes first.
var (
	strongCue = anyOf(`说错了?|搞错了?|弄错了?|选错了?|填错了?|写错了?|打错了?|答错了?|改成|改为|换成|应该是|其实是?|我说的是|我的意思是|更正|纠正`,
		`\bi (meant|mean|said)\b|\bactually\b|\bcorrection\b|\b(a|my) mistake\b|\bshould (be|have been)\b|\b(change|switch) (it|that|this|my answer) to\b|\bmake (it|that)\b|\binstead\b|\brather\b`)
	weakCue = anyOf(`不对|错了|抱歉|不好意思|还是|改用|换用|我要换`,
		`\bsorry\b|^(?:oh |oops |ah )?no(?:$|[,.!;:]| (?:it|i|that|the|not|wait|sorry)\b)|\blet me (try|use)\b`)
)

// correction looks for a new value for an answered slot, the latest first: after
// a cue, or beside the present value denied ("not A, B"). It is ok without a
// command if the slot has that value already.
func correction(normal string, q supportbot.Question) (commands []supportbot.Command, ok bool) {
	strong := strongCue.MatchString(normal)
	cue := strong || weakCue.MatchString(normal)
	if !cue && (len(q.Answered) == 0 || !denies(stems(units(normal)))) {
		return nil, false
	}
	said := clauses(weakCue.replace(strongCue.replace(normal, ","), ","))
	if _, ok := valueFor(q.Slot, said, false); ok && !strong {
		return nil, false
	}
	for _, s := range slices.Backward(q.Answered) {
		if !cue && !denied(s, said) {
			continue
		}
		value, ok := valueFor(s, said, strong)
		switch {
		case ok && value != s.Value:
			return []supportbot.Command{{Kind: supportbot.CmdCorrect, Slot: s.Name, Value: value}}, true
		case ok && strong:
			return nil, true
		}
	}
	return nil, false
}

// denied tells whether clauses deny the present value of a slot.
func denied(s supportbot.Slot, said []string) bool {
	return slices.ContainsFunc(said, func(clause string) bool {
		return slices.ContainsFunc(mentions(clause, s.Options), func(m mention) bool {
			return m.denied && s.Options[m.option].Value == s.Value
		})
	})
}

// valueFor reads a value for a slot out of clauses. Yes and no are read only
// after a strong cue, free words never: anything would do.
func valueFor(s supportbot.Slot, said []string, strong bool) (string, bool) {
	switch s.Type {
	case supportbot.SlotEnum, supportbot.SlotPick:
		for _, c := range said {
			if value, ok := chosen(bare(c), s.Options); ok {
				return value, true
			}
		}
		value, _, ok := named(said, s.Options)
		return value, ok
	case supportbot.SlotBool:
		for _, c := range slices.Backward(said) {
			if p := polarityOf(c); strong && p.plain && (p.weight == yes || p.weight == no) {
				return map[weight]string{yes: "yes", no: "no"}[p.weight], true
			}
		}
	case supportbot.SlotDigits, supportbot.SlotPhone:
		find := phones
		if s.Type == supportbot.SlotDigits {
			find = func(text string) []string { return digits(text, s.Min, s.Max) }
		}
		for _, c := range said {
			if found := find(c); len(found) == 1 {
				return found[0], true
			}
		}
	}
	return "", false
}
