package dialog

import (
	"go.yaml.in/yaml/v4"

	"supportbot"
)

// set gives slots a value, or clears them: {worked: null}.
type set struct {
	values []assignment
}

type assignment struct {
	slot  string
	value string // "" clears the slot
	pos
}

func parseSet(p *parser, o object) action {
	s := &set{}
	p.pairs(o.fields["set"], "set", func(key, value *yaml.Node) {
		a := assignment{slot: key.Value, pos: p.at(key)}
		if value.Tag != "!!null" {
			a.value = p.str(value, "the value of "+key.Value)
		}
		s.values = append(s.values, a)
	})
	return s
}

func (s *set) run(t *turn, _ *step) result {
	f, flow := t.top()
	for _, a := range s.values {
		if a.value == "" {
			f.clear(flow, a.slot)
		} else {
			f.set(flow, a.slot, a.value)
		}
	}
	return next
}

func (s *set) exits() []Exit            { return nil }
func (s *set) passes() bool             { return true }
func (s *set) texts() []supportbot.Text { return nil }
