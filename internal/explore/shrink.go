package explore

import (
	"slices"

	"supportbot/internal/transcript"
)

// shrink makes a finding shorter while the same invariant still fails: first it
// drops turns, in ever smaller chunks, then it makes single turns simpler.
func (e *Explorer) shrink(f Finding) Finding {
	for {
		before := len(f.Walk.Turns)
		f = e.drop(f)
		f = e.simplify(f)
		if len(f.Walk.Turns) == before {
			return f
		}
	}
}

func (e *Explorer) drop(f Finding) Finding {
	for size := f.prefix / 2; size > 0; size /= 2 {
		for from := 0; from < f.prefix; {
			turns := slices.Delete(slices.Clone(f.Walk.Turns[:f.prefix]), from, min(from+size, f.prefix))
			if shorter := e.again(f, turns); shorter != nil {
				f = *shorter
			} else {
				from += size
			}
		}
	}
	return f
}

// simplify tries plainer turns in place of those that are there.
func (e *Explorer) simplify(f Finding) Finding {
	for i := 0; i < f.prefix; i++ {
		for _, plain := range plainer(f, f.Walk.Turns[i]) {
			turns := slices.Clone(f.Walk.Turns[:f.prefix])
			turns[i] = plain
			if same := e.again(f, turns); same != nil && same.prefix <= f.prefix {
				f = *same
				break
			}
		}
	}
	return f
}

// plainer lists simpler turns, the simplest first.
func plainer(f Finding, t transcript.Turn) []transcript.Turn {
	agent, nothing := wantsAgent[f.Walk.Language], mumble[f.Walk.Language]
	switch {
	case t.Wait != "" && t.Wait != "1m":
		return []transcript.Turn{waits("1m")}
	case t.User == nothing:
		return []transcript.Turn{says(agent)}
	case t.User != "" && t.User != agent:
		return []transcript.Turn{says(agent), says(nothing)}
	}
	return nil
}

// again plays turns from the start and returns the finding if the same invariant
// fails, in one of the turns or in the probe after them.
func (e *Explorer) again(f Finding, turns []transcript.Turn) *Finding {
	c := e.begin(f.Walk.Channel, f.Walk.Language)
	for _, t := range turns {
		if _, b := e.take(c, t); b != nil {
			if b.invariant != f.Invariant {
				return nil
			}
			return c.finding(*b, len(c.turns))
		}
	}
	return e.probe(c, f.Invariant)
}
