package kb

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"supportbot"
)

// answer looks for the answer to the open question. left is what else was said.
func (r *Reader) answer(m message, q supportbot.Question) (value string, left []string, ok bool) {
	s := q.Slot
	if free := s.Type != supportbot.SlotEnum && s.Type != supportbot.SlotPick && s.Type != supportbot.SlotBool; free {
		// Beside the typed answer there may be others, such as "I do not know".
		if value, left, ok := named(m.clauses, s.Options); ok {
			return value, left, true
		}
	}
	switch s.Type {
	case supportbot.SlotEnum, supportbot.SlotPick:
		return r.option(m, q)
	case supportbot.SlotBool:
		return r.yesOrNo(m, q)
	case supportbot.SlotDigits:
		return fromClauses(m, func(text string) []string { return digits(text, s.Min, s.Max) })
	case supportbot.SlotPhone:
		if address := supportbot.FindEmail(m.text); s.Mail && address != "" {
			return address, nil, true
		}
		return fromClauses(m, phones)
	case supportbot.SlotText:
		words := strings.TrimSpace(strings.ToValidUTF8(m.text, ""))
		fits := words != "" && (s.Max <= 0 || utf8.RuneCountInString(words) <= s.Max) && utf8.RuneCountInString(words) >= s.Min
		return words, nil, fits && !r.steers(m.guess) && !r.digresses(m, q)
	default:
		return "", nil, false
	}
}

// digresses tells whether a message asks about another topic rather than
// answers the open question. What sounds like fraud does so only if it still does
// without the words of the answers: "the money was taken" may be one of them.
func (r *Reader) digresses(m message, q supportbot.Question) bool {
	if r.kind[m.topic] != isTopic || slices.Contains(q.Topics, m.topic) {
		return false
	}
	return m.sure && isQuestion(m.normal) || m.alarm && r.guess(without(q.Slot.Options, m.normal)).alarm
}

// steers tells whether a guess is surely a wish to steer the conversation.
func (r *Reader) steers(g guess) bool {
	return r.kind[g.topic] == isControl && g.sure && g.topic != controlYes && g.topic != controlNo
}

// option reads a choice: the whole message first, then its clauses; of topics
// offered, also the one that the message seems to be about.
func (r *Reader) option(m message, q supportbot.Question) (string, []string, bool) {
	if value, ok := chosen(m.bare, q.Slot.Options); ok {
		return value, nil, true
	}
	if r.digresses(m, q) {
		return "", nil, false
	}
	if value, left, ok := named(m.clauses, q.Slot.Options); ok {
		return value, left, true
	}
	if len(m.clauses) > 1 {
		for i, c := range m.clauses {
			if n, ok := ordinal(bare(c), q.Slot.Options); ok {
				return q.Slot.Options[n].Value, slices.Delete(slices.Clone(m.clauses), i, i+1), true
			}
		}
	}
	if q.Slot.Type == supportbot.SlotPick && m.decision != supportbot.None {
		for _, o := range q.Slot.Options {
			if strings.TrimPrefix(o.Value, "topic:") == m.topic {
				return o.Value, nil, true
			}
		}
	}
	return "", nil, false
}

// yesOrNo weighs what the clauses say. The last one that says yes or no decides,
// unless it says little of it and the message is about another topic.
func (r *Reader) yesOrNo(m message, q supportbot.Question) (string, []string, bool) {
	if value, ok := chosen(m.bare, q.Slot.Options); ok && (value == "yes" || value == "no") {
		return value, nil, true
	}
	var said polarity
	var left []string
	for _, c := range m.clauses {
		p := polarityOf(c)
		g := r.part(m, c)
		farewell := p.plain && p.weight == yes && g.topic == "goodbye" // 没问题了
		label, ok := called(bare(c), q.Slot.Options)
		if !ok && !isQuestion(c) {
			label, _ = nearly(c, q.Slot.Options)
		}
		switch {
		case label == "yes":
			said = polarity{yes, true}
		case label == "no":
			said = polarity{no, true}
		case q.Slot.Firm && reports.MatchString(c):
			left = append(left, c) // what others say is no result
		case p.weight == unsure:
			return "", nil, false
		case p.weight == silent || isQuestion(c) || r.steers(g) && !farewell:
			left = append(left, c)
		case p.weight != mild || said.weight == silent:
			said = p
		}
	}
	elsewhere := m.alarm || trusted(m.right, aside) && r.kind[m.topic] == isTopic && !slices.Contains(q.Topics, m.topic)
	switch {
	case said.weight != silent && !said.plain && elsewhere:
		return "", nil, false
	case said.weight == no:
		return "no", left, true
	case said.weight != silent:
		return "yes", left, true
	case m.decision != supportbot.Control || isQuestion(m.normal):
		return "", nil, false
	case m.topic == controlYes:
		return "yes", nil, true
	case m.topic == controlNo:
		return "no", nil, true
	default:
		return "", nil, false
	}
}

// fromClauses looks for one value in the clauses of a message, and then in the
// whole, where a number may be broken by marks.
func fromClauses(m message, find func(string) []string) (value string, left []string, ok bool) {
	var found []string
	for _, c := range m.clauses {
		if in := find(c); len(in) > 0 {
			found = append(found, in...)
		} else {
			left = append(left, c)
		}
	}
	if len(found) == 0 {
		found, left = find(m.normal), nil
	}
	found = slices.Compact(found)
	if len(found) != 1 {
		return "", nil, false
	}
	return found[0], left, true
}

var digitRun = regexp.MustCompile(`\+?[0-9](?:[ .()-]{0,2}[0-9])*`)

// digits lists the runs of digits of the right length in a normal text; Chinese
// numerals count where there are no digits.
func digits(normal string, low, high int) []string {
	if !strings.ContainsAny(normal, "0123456789") {
		normal = digitsOf(normal)
	}
	var list []string
	for _, run := range digitRun.FindAllString(normal, -1) {
		run = onlyDigits(run)
		if len(run) >= max(low, 1) && (high <= 0 || len(run) <= high) {
			list = append(list, run)
		}
	}
	return list
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if isDigit(r) {
			return r
		}
		return -1
	}, s)
}

// Telephone numbers: mainland mobile phones, mainland landlines with their area
// code, and international numbers of up to 15 digits (ITU-T E.164).
var phoneNumber = regexp.MustCompile(`^(?:1[3-9][0-9]{9}|0[0-9]{2,3}[2-9][0-9]{6,7}|\+[1-9][0-9]{6,14})$`)

// phones lists the telephone numbers in a normal text, as digits with a + before
// a country code.
func phones(normal string) []string {
	if !strings.ContainsAny(normal, "0123456789") {
		normal = digitsOf(normal)
	}
	var list []string
	for _, run := range digitRun.FindAllString(normal, -1) {
		number := onlyDigits(run)
		if strings.HasPrefix(run, "+") {
			number = "+" + number
		} else if strings.HasPrefix(number, "86") && len(number) == 13 {
			number = "+" + number
		}
		if phoneNumber.MatchString(number) {
			list = append(list, number)
		}
	}
	return list
}

var question = anyOf(`怎么|怎样|如何|什么|为什么|为啥|咋|哪|多少|多久|(^|[^了差少多好这那])几([^十百千万]|$)|吗|能不能|可不可以|是不是|要不要|有没有|干嘛|要不|还是先|是[^,.]{1,8}还是[^不没老一这那]`,
	`^(what|how|why|when|where|which|who|may|(can|could|do|does|did|is|are|was|should|will|would)(n't)?)\b|\b(how (to|do|can|long|much|many)|what (is|are|do)|tell me|explain)\b`)

// isQuestion tells whether a normal text asks something.
func isQuestion(normal string) bool {
	return strings.Contains(normal, "?") || question.MatchString(normal)
}
