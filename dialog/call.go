package dialog

import (
	"maps"
	"slices"

	"go.yaml.in/yaml/v4"

	"supportbot"
)

// call runs another flow and branches on how it ended. An ending that is not
// named goes on to the next step.
type call struct {
	flow    string
	returns map[string]Exit
}

func parseCall(p *parser, o object) action {
	c := &call{flow: p.str(o.fields["call"], "call"), returns: map[string]Exit{}}
	p.pairs(o.fields["returns"], "returns", func(key, value *yaml.Node) {
		c.returns[key.Value] = p.exit(value, "the return "+key.Value)
	})
	return c
}

func (c *call) run(t *turn, s *step) result {
	f, _ := t.top()
	if ending, ok := f.Done[s.ID]; ok && t.replays(f, s) {
		if exit, ok := c.returns[ending]; ok {
			exit.Say = supportbot.Text{}
			return t.leave(exit)
		}
		return next
	}
	t.push(c.flow, Frame{Called: true})
	return moved
}

// returned takes the called flow's ending and, if that was proven, its proof.
func (c *call) returned(t *turn, s *step, ending string, proof *Proof) {
	f, flow := t.top()
	f.done(s.ID, ending)
	if proof != nil {
		f.Proof = &Proof{Step: s.ID, Until: proof.Until}
	}
	if exit, ok := c.returns[ending]; ok {
		t.leave(exit)
		return
	}
	f.goTo(flow.after(s))
}

func (c *call) exits() []Exit {
	var exits []Exit
	for _, ending := range slices.Sorted(maps.Keys(c.returns)) {
		exits = append(exits, c.returns[ending])
	}
	return exits
}

func (c *call) passes() bool             { return true }
func (c *call) texts() []supportbot.Text { return nil }

func (f *Frame) done(step, how string) {
	if f.Done == nil {
		f.Done = map[string]string{}
	}
	f.Done[step] = how
}
