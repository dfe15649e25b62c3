package dialog

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"supportbot"
)

// branch goes where the first condition that holds leads.
type branch struct {
	cases     []condition
	otherwise Exit
}

// condition holds if the slot has the value, if the slot is known, or on a
// channel.
type condition struct {
	slot, is string
	known    string
	channel  supportbot.Channel
	exit     Exit
}

// conditionChannels are those that a condition may name.
var conditionChannels = func() (names []string) {
	for _, c := range append([]supportbot.Channel{supportbot.Terminal}, supportbot.Channels...) {
		names = append(names, string(c))
	}
	return names
}()

func parseIf(p *parser, o object) action {
	b := &branch{}
	p.items(o.fields["if"], "if", func(item *yaml.Node) {
		c := p.object(item, "a condition", "slot", "is", "known", "channel", "say", "goto", "end")
		b.cases = append(b.cases, condition{
			slot:    p.str(c.fields["slot"], "slot"),
			is:      p.str(c.fields["is"], "is"),
			known:   p.str(c.fields["known"], "known"),
			channel: supportbot.Channel(p.str(c.fields["channel"], "channel")),
			exit:    p.exitOf(c, "a condition"),
		})
		if ch := c.fields["channel"]; ch != nil && !slices.Contains(conditionChannels, ch.Value) {
			p.fail(ch, "channel %q is not known; known: %s", ch.Value, oneOf(conditionChannels))
		}
		if c.fields["slot"] == nil && c.fields["known"] == nil && c.fields["channel"] == nil {
			p.fail(item, "a condition needs slot and is, or known, or channel")
		}
		if (c.fields["slot"] == nil) != (c.fields["is"] == nil) {
			p.fail(item, "a condition on a slot needs both slot and is")
		}
	})
	if o.fields["else"] == nil {
		p.fail(o.node, "an if without else; say where to go when no condition holds: else: {goto: STEP}")
		return b
	}
	b.otherwise = p.exit(o.fields["else"], "else")
	return b
}

func (b *branch) run(t *turn, _ *step) result {
	f, _ := t.top()
	for _, c := range b.cases {
		if c.holds(f, t.s.Channel) {
			return t.leave(c.exit)
		}
	}
	return t.leave(b.otherwise)
}

func (c condition) holds(f *Frame, channel supportbot.Channel) bool {
	if c.slot != "" && f.Slots[c.slot] != c.is {
		return false
	}
	if c.known != "" && f.Slots[c.known] == "" {
		return false
	}
	return c.channel == "" || c.channel == channel
}

func (b *branch) exits() []Exit {
	exits := []Exit{b.otherwise}
	for _, c := range b.cases {
		exits = append(exits, c.exit)
	}
	return exits
}

func (b *branch) passes() bool             { return false }
func (b *branch) texts() []supportbot.Text { return nil }
