package kb

import (
	"regexp"
	"slices"
	"strings"

	"supportbot"
)

// commands derives commands from a message: a report of fraud comes alone, else
// the answer to the open question first, then steering words, then topics.
func (r *Reader) commands(m message, q supportbot.Question) []supportbot.Command {
	if q.Queued {
		return r.waiting(m, q)
	}
	if r.alarms(m, q) {
		return []supportbot.Command{{Kind: supportbot.CmdStart, Topic: topicFraud}}
	}
	open := q.Slot.Name != ""
	if value, ok := chosen(m.bare, q.Slot.Options); ok && open { // the words of a button, whatever they hold
		return []supportbot.Command{{Kind: supportbot.CmdFill, Slot: q.Slot.Name, Value: value}}
	}
	if corrected, ok := correction(m.normal, q); ok {
		return append(r.steering(m, m.clauses, true, q), corrected...)
	}
	if open && r.pauses(m, q) {
		return append(r.steering(m, m.clauses, true, q), supportbot.Command{Kind: supportbot.CmdWait})
	}
	if open {
		if value, left, ok := r.answer(m, q); ok {
			fill := supportbot.Command{Kind: supportbot.CmdFill, Slot: q.Slot.Name, Value: value}
			list := append(r.steering(m, left, true, q), fill)
			if more := r.hear(strings.Join(left, ",")); more.exact || more.fraud || isQuestion(more.normal) {
				list = append(list, r.starting(more, q, true)...)
			}
			return list
		}
	}
	// A pick asks what the person wants, so to name it takes no more than with
	// nothing open.
	start := r.starting(m, q, open && q.Slot.Type != supportbot.SlotPick)
	var list []supportbot.Command
	if len(start) == 0 || len(m.clauses) > 1 {
		list = r.steering(m, m.clauses, len(start) > 0, q)
	}
	if !open && len(start) == 0 && len(list) == 0 && (polarityOf(m.normal) == polarity{mild, true} || acknowledges.MatchString(m.bare)) {
		return []supportbot.Command{{Kind: supportbot.CmdThanks}} // "all right" after the last word
	}
	if len(list) == 0 && m.decision == supportbot.Control && (!open || trusted(m.right, aStop)) {
		list = r.command(m.topic, m.normal, q)
	}
	if list = append(list, start...); len(list) == 0 && q.Below != nil {
		return r.commands(m, *q.Below) // the answer to what was asked before "which of these do you mean?"
	}
	return list
}

// starting lists the topic that a message names, or those between which it does
// not decide. While a question is open it must be surer of that; topics of the
// open flow start nothing.
func (r *Reader) starting(m message, q supportbot.Question, open bool) []supportbot.Command {
	switch {
	case m.decision != supportbot.Answer && m.decision != supportbot.Clarify, slices.Contains(q.Topics, m.topic):
		return nil
	case open && !m.exact && !r.guided[m.topic] && !isQuestion(m.normal) && !asksToHear.MatchString(m.normal):
		return nil // a problem that is told starts its flow, but an article answers a question
	case len(mentions(m.normal, q.Slot.Options)) > 0 && !isQuestion(m.normal) && !m.fraud:
		return nil // "not Lakala", "Lakala or Shengpay" are answers, if not good ones
	case m.decision == supportbot.Answer && (m.sure || !open || isQuestion(m.normal)):
		return []supportbot.Command{{Kind: supportbot.CmdStart, Topic: m.topic, Fill: early(m, q.Begins[m.topic])}}
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

var asksToHear = regexp.MustCompile(`想(知道|问|了解|看看|查)|(说说|讲讲|介绍|了解|看看|告诉我)|\b(want to know|like to know|about|show me|info(rmation)?)\b`)
