package dialog

import "supportbot"

// end closes the flow under a name on which a caller may branch.
type end struct {
	name string
	text supportbot.Text
}

func parseEnd(p *parser, o object) action {
	return &end{name: p.name(o.fields["end"], "the end's name"), text: p.text(o.fields["say"], "say")}
}

func (e *end) run(t *turn, _ *step) result {
	return t.leave(Exit{Say: e.text, End: e.name})
}

func (e *end) exits() []Exit            { return []Exit{{End: e.name}} }
func (e *end) passes() bool             { return false }
func (e *end) texts() []supportbot.Text { return []supportbot.Text{e.text} }
