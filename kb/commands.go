package kb

import (
	"slices"
	"strings"

	"supportbot"
)

// commands derives commands from a message, in the order in which they are
// applied: the open question comes first, then steering words, then topics.
func (r *Reader) commands(m message, q supportbot.Question) []supportbot.Command {
	if q.Queued {
		return r.waiting(m, q)
	}
	open := q.Slot.Name != ""
	if corrected, ok := correction(m.normal, q); ok {
		return append(r.steering(m.clauses, true, q), corrected...)
	}
	if open && r.pauses(m, q) {
		return append(r.steering(m.clauses, true, q), supportbot.Command{Kind: supportbot.CmdWait})
	}
	if open {
		if value, left, ok := r.answer(m, q); ok {
			fill := supportbot.Command{Kind: supportbot.CmdFill, Slot: q.Slot.Name, Value: value}
			list := append(r.steering(left, true, q), fill)
			if more := r.hear(strings.Join(left, ",")); more.exact || more.fraud || isQuestion(more.normal) {
				list = append(list, r.starting(more, q, true)...)
			}
			return list
		}
	}
	start := r.starting(m, q, open)
	var list []supportbot.Command
	if len(start) == 0 || len(m.clauses) > 1 {
		list = r.steering(m.clauses, len(start) > 0, q)
	}
	if !open && len(start) == 0 && len(list) == 0 && (polarityOf(m.normal) == polarity{mild, true} || acknowledges.MatchString(m.bare)) {
		return []supportbot.Command{{Kind: supportbot.CmdThanks}} // "all right" after the last word
	}
	if len(list) == 0 && m.decision == supportbot.Control && (!open || m.right >= r.judge.answer) {
		list = r.command(m.topic, m.normal, q)
	}
	return append(list, start...)
}

// starting lists the topic that a message names, or those between which it does
// not decide. While a question is open it must be surer of that; topics of the
// open flow start nothing.
func (r *Reader) starting(m message, q supportbot.Question, open bool) []supportbot.Command {
	switch {
	case m.decision != supportbot.Answer && m.decision != supportbot.Clarify, slices.Contains(q.Topics, m.topic):
		return nil
	case open && m.fraud && !fraudWords.MatchString(m.normal) && !m.exact && m.right < r.judge.sure:
		return nil // beside a question a mere likeness to fraud is no alarm
	case len(mentions(m.normal, q.Slot.Options)) > 0 && !isQuestion(m.normal) && !m.fraud:
		return nil // "not Lakala", "Lakala or Shengpay" are answers, if not good ones
	case m.decision == supportbot.Answer && (m.sure || !open):
		return []supportbot.Command{{Kind: supportbot.CmdStart, Topic: m.topic}}
	case open && !isQuestion(m.normal):
		return nil
	}
	var topics []string
	for _, c := range m.candidates {
		if r.kind[c.Topic] == isTopic && !slices.Contains(q.Topics, c.Topic) && (len(topics) < 2 || len(topics) == 2 && 3*c.Score > m.candidates[0].Score) {
			topics = append(topics, c.Topic)
		}
	}
	if len(topics) < 2 {
		return nil
	}
	return []supportbot.Command{{Kind: supportbot.CmdClarify, Topics: topics}}
}
