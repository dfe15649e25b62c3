package explore

import (
	"math/rand/v2"
	"slices"

	"supportbot"
	"supportbot/internal/transcript"
)

// ways in which people of the walks talk: buttons, numbers, and speech with keys.
var ways = []supportbot.Channel{supportbot.Web, supportbot.SMS, supportbot.Voice}

// walk is one conversation and what came of it.
type walk struct {
	events   int
	coverage *coverage
	finding  *Finding
}

const (
	forwardEvery = 2  // one turn in so many goes on with what is open, so that walks get far
	probeEvery   = 60 // and after one in so many it is looked for a way out
	probeFirst   = 2  // and the first times at a place
)

// walk plays turns until length or until an invariant does not hold.
func (e *Explorer) walk(rng *rand.Rand, n, length int, counted *coverage) *walk {
	w := &walk{coverage: newCoverage()}
	c := e.begin(ways[n%len(ways)], supportbot.Languages[n/len(ways)%len(supportbot.Languages)])
	for w.events < length {
		place := c.place()
		a := w.choose(rng, e.actions(c), place, counted)
		if w.events == 0 && e.scope.button != "" {
			a = action{name: "the button of the flow", turn: taps, ways: []string{e.scope.button}}
		}
		w.coverage.count(place, a.name, 1)
		w.coverage.turns[place]++
		w.events++
		m, b := e.take(c, a.pick(rng))
		w.coverage.leads[place+a.name] = c.place()
		for step := range m.visited {
			w.coverage.visited[step] = true
		}
		if b != nil {
			w.finding = c.finding(*b, len(c.turns))
		} else if w.probes(rng, c, counted) {
			w.finding = e.probe(c, "")
		}
		if w.finding != nil || e.scope.left(c) {
			return w
		}
	}
	return w
}

// choose prefers what was done least at this place, and to go on with what is
// open what leads where few have been.
func (w *walk) choose(rng *rand.Rand, list []action, place string, counted *coverage) action {
	forward := rng.IntN(forwardEvery) == 0 && slices.ContainsFunc(list, func(a action) bool { return a.forward })
	var least []action
	fewest := 0
	for _, a := range list {
		w.coverage.count(place, a.name, 0)
		if forward && !a.forward {
			continue
		}
		n := counted.tried[place][a.name] + w.coverage.tried[place][a.name]
		if next := counted.leads[place+a.name]; forward && n > 0 && next != "" {
			n = counted.turns[next] + w.coverage.turns[next]
		}
		if len(least) == 0 || n < fewest {
			least, fewest = least[:0], n
		}
		if n == fewest {
			least = append(least, a)
		}
	}
	return least[rng.IntN(len(least))]
}

// probes tells whether to look for a way out from here.
func (w *walk) probes(rng *rand.Rand, c *conversation, counted *coverage) bool {
	key := c.place()
	if counted.probed[key]+w.coverage.probed[key] >= probeFirst && rng.IntN(probeEvery) > 0 {
		return false
	}
	w.coverage.probed[key]++
	return true
}

// finding makes a transcript of the conversation up to a breach; what comes after
// prefix turns is a probe.
func (c *conversation) finding(b breach, prefix int) *Finding {
	return &Finding{
		Invariant: b.invariant,
		Saw:       b.saw,
		Walk: transcript.Transcript{
			Shows:    b.invariant + ": " + b.saw,
			Channel:  c.channel,
			Language: c.language,
			Turns:    c.turns,
		},
		prefix: prefix,
	}
}
