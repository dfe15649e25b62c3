package store

import "supportbot"

// turnValues are the parameters of pgGuard and pgTurn.
func turnValues(c *kept) (map[string]any, error) {
	values := map[string]any{
		"thread": int64(c.Thread), "seq": c.Seq, "version": c.Version,
		"session": c.session, "content": c.Content, "result": c.result,
	}
	if err := messageValues(values, c); err != nil {
		return nil, err
	}
	caseValues(values, c.cases)
	timerValues(values, c.Timers)
	outboxValues(values, c.Commit)
	learnedValues(values, c)
	endedValues(values, c)
	return values, feedValues(values, c.Commit)
}

func messageValues(values map[string]any, c *kept) error {
	n := len(c.Messages)
	senders, repliesTo, sents := make([]string, n), make([]string, n), make([]int64, n)
	before, err := numberedAfter(c.Messages)
	if err != nil {
		return err
	}
	for i, m := range c.Messages {
		senders[i], repliesTo[i], sents[i] = string(m.From), m.ReplyTo, m.At.UnixMicro()
	}
	values["last_seq"], values["messages"] = before, int64(n)
	values["senders"], values["bodies"], values["replies_to"], values["sents"] = senders, c.bodies, repliesTo, sents
	return nil
}

func caseValues(values map[string]any, changed []keptCase) {
	var datas [][]byte
	var ids, states, owners, asked []string
	var lives, priorities, fences, queued []int64
	for _, c := range changed {
		ids, states, owners, datas = append(ids, c.ID), append(states, string(c.State)), append(owners, c.Owner), append(datas, c.data)
		lives, priorities = append(lives, int64(number(c.State.Live()))), append(priorities, int64(c.Priority.Rank()))
		asked, fences, queued = append(asked, c.Asked), append(fences, c.Fence), append(queued, c.QueuedAt.UnixMicro())
	}
	values["case_ids"], values["case_states"], values["case_owners"], values["case_datas"] = ids, states, owners, datas
	values["case_asked"] = asked
	values["case_lives"], values["case_priorities"], values["case_fences"], values["case_queued"] = lives, priorities, fences, queued
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
