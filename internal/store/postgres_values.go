package store

import (
	"encoding/json"

	"supportbot"
)

// turnValues are the parameters of pgGuard and pgTurn.
func turnValues(c supportbot.Commit) (map[string]any, error) {
	outcome, err := encodeOutcome(c.Outcome)
	if err != nil {
		return nil, err
	}
	values := map[string]any{
		"thread": int64(c.Thread), "seq": c.Seq, "version": c.Version,
		"session": jsonText(c.Session), "content": c.Content, "outcome": outcome,
	}
	if err := messageValues(values, c.Messages); err != nil {
		return nil, err
	}
	eventValues(values, c.Events)
	if err := caseValues(values, c.Ended, c.Case); err != nil {
		return nil, err
	}
	timerValues(values, c.Timers)
	outboxValues(values, c)
	return values, nil
}

func messageValues(values map[string]any, messages []supportbot.Message) error {
	n := len(messages)
	senders, authors, choices, repliesTo := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	texts, spokens, sents := make([][]byte, n), make([][]byte, n), make([]int64, n)
	var last *int64
	for i, m := range messages {
		if i == 0 {
			before := m.Seq - 1
			last = &before
		} else if m.Seq != messages[0].Seq+int64(i) {
			return misnumbered(m.Seq, messages[0].Seq+int64(i))
		}
		offered, err := json.Marshal(m.Choices)
		if err != nil {
			return err
		}
		senders[i], authors[i], choices[i], repliesTo[i] = string(m.From), m.Author, string(offered), m.ReplyTo
		texts[i], spokens[i], sents[i] = []byte(m.Text), []byte(m.Spoken), m.At.UnixMicro()
	}
	values["last_seq"], values["messages"] = last, int64(n)
	values["senders"], values["authors"], values["choices"], values["replies_to"] = senders, authors, choices, repliesTo
	values["texts"], values["spokens"], values["sents"] = texts, spokens, sents
	return nil
}

func eventValues(values map[string]any, events []supportbot.LogEvent) {
	types, payloads := make([]string, len(events)), make([]*string, len(events))
	for i, e := range events {
		types[i] = e.Type
		if e.Payload != nil {
			text := string(e.Payload)
			payloads[i] = &text
		}
	}
	values["events"], values["event_types"], values["event_payloads"] = int64(len(events)), types, payloads
}

func caseValues(values map[string]any, changed ...*supportbot.Case) error {
	var ids, states, owners, datas []string
	var lives, priorities, fences, queued []int64
	for _, c := range changed {
		if c == nil {
			continue
		}
		data, err := json.Marshal(c)
		if err != nil {
			return err
		}
		ids, states, owners, datas = append(ids, c.ID), append(states, string(c.State)), append(owners, c.Owner), append(datas, string(data))
		lives, priorities = append(lives, int64(number(c.State.Live()))), append(priorities, int64(c.Priority.Rank()))
		fences, queued = append(fences, c.Fence), append(queued, c.QueuedAt.UnixMicro())
	}
	values["case_ids"], values["case_states"], values["case_owners"], values["case_datas"] = ids, states, owners, datas
	values["case_lives"], values["case_priorities"], values["case_fences"], values["case_queued"] = lives, priorities, fences, queued
	return nil
}

func timerValues(values map[string]any, timers []supportbot.Timer) {
	var off, kinds []string
	var gens, dues []int64
	for _, t := range timers {
		if t.Due.IsZero() {
			off = append(off, string(t.Kind))
		} else {
			kinds, gens, dues = append(kinds, string(t.Kind)), append(gens, t.Gen), append(dues, t.Due.UnixMicro())
		}
	}
	values["timers_off"], values["timer_kinds"], values["timer_gens"], values["timer_dues"] = off, kinds, gens, dues
}
