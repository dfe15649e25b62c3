package dialog

import (
	"fmt"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v4"

	"supportbot"
)

var name = regexp.MustCompile(`^[a-z][a-z0-9]*([-_][a-z0-9]+)*$`)

func (p *parser) name(n *yaml.Node, what string) string {
	s := p.str(n, what)
	if !name.MatchString(s) {
		p.fail(n, "%s %q must be lower-case letters, digits and dashes", what, s)
	}
	return s
}

func (p *parser) flow(n *yaml.Node) *Flow {
	o := p.object(n, "a flow", "flow", "was", "goal", "start", "agent", "transient", "slots", "ladders", "steps")
	if o.fields["flow"] == nil {
		p.fail(n, "a flow without a name; begin with flow: NAME")
		return nil
	}
	f := &Flow{
		Name:      p.name(o.fields["flow"], "the flow's name"),
		Goal:      p.text(o.fields["goal"], "goal"),
		Agent:     p.str(o.fields["agent"], "agent"),
		Was:       p.strs(o.fields["was"], "was"),
		Transient: p.truth(o.fields["transient"], "transient"),
		Slots:     map[string]*Slot{},
		ladders:   p.ladders(o.fields["ladders"]),
		pos:       p.at(n),
		index:     map[string]int{},
		was:       map[string]string{},
	}
	if f.Goal.IsZero() {
		p.fail(n, "flow %s has no goal; say in zh and en what the person wants, it is named when the flow is stopped", f.Name)
	}
	if s := o.fields["start"]; s != nil {
		start := p.object(s, "start", "topics", "menu", "label")
		f.Topics = p.strs(start.fields["topics"], "topics")
		f.MenuKey = p.str(start.fields["menu"], "menu")
		f.MenuLabel = p.text(start.fields["label"], "label")
		if f.MenuKey != "" && f.MenuLabel.IsZero() {
			p.fail(s, "flow %s is in the menu without a label; add label: {zh: …, en: …}", f.Name)
		}
	}
	p.pairs(o.fields["slots"], "slots", func(key, value *yaml.Node) {
		f.Slots[p.name(key, "the slot's name")] = p.slot(key.Value, value)
	})
	p.items(o.fields["steps"], "steps", func(item *yaml.Node) { p.addStep(f, item) })
	if len(f.Steps) == 0 {
		p.fail(n, "flow %s has no steps", f.Name)
		return nil
	}
	return f
}

func (p *parser) addStep(f *Flow, n *yaml.Node) {
	s := p.step(n)
	if s == nil {
		return
	}
	if s.ID == "" {
		s.ID = defaultID(f, s)
	}
	if _, taken := f.index[s.ID]; taken {
		p.fail(n, "a second step %q; give it another id", s.ID)
		return
	}
	f.index[s.ID] = len(f.Steps)
	f.Steps = append(f.Steps, s)
}

// defaultID names a step after its question, its end or its place.
func defaultID(f *Flow, s *step) string {
	switch do := s.do.(type) {
	case *ask:
		return do.slot
	case *end:
		return do.name
	}
	return fmt.Sprintf("%d", len(f.Steps)+1)
}

// kinds reads what a step does, by the key that names its kind. A step with
// none of them says something.
var kinds = map[string]func(p *parser, o object) action{
	"ask": parseAsk, "set": parseSet, "if": parseIf, "call": parseCall, "handoff": parseHandoff, "end": parseEnd,
}

var kindKeys = map[string][]string{
	"say":     {"notice"},
	"ask":     {"no_match", "no_input"},
	"if":      {"else"},
	"call":    {"returns"},
	"handoff": {"outcomes", "waiting"},
}

func (p *parser) step(n *yaml.Node) *step {
	kind := "say"
	if n.Kind == yaml.MappingNode {
		for i := 0; i < len(n.Content); i += 2 {
			if _, ok := kinds[n.Content[i].Value]; ok {
				kind = n.Content[i].Value
			}
		}
	}
	known := append([]string{"id", "was", kind, "requires", "teaches", "goto"}, kindKeys[kind]...)
	if !slices.Contains([]string{"say", "set", "if", "call"}, kind) {
		known = append(known, "say")
	}
	before := len(*p.problems)
	o := p.object(n, "a step that does "+kind, known...)
	s := &step{
		Requires: p.str(o.fields["requires"], "requires"),
		Teaches:  p.strs(o.fields["teaches"], "teaches"),
		Was:      p.strs(o.fields["was"], "was"),
		Goto:     p.str(o.fields["goto"], "goto"),
		pos:      p.at(n),
	}
	if id := o.fields["id"]; id != nil {
		s.ID = p.name(id, "the step's id")
	}
	if s.Requires != "" && s.Requires != identity {
		p.fail(o.fields["requires"], "requires: %s is not known; the only proof is identity", s.Requires)
	}
	if parse, ok := kinds[kind]; ok {
		s.do = parse(p, o)
		return s
	}
	if o.fields["say"] == nil {
		if len(*p.problems) > before {
			return nil // the key that says what it does is misspelt
		}
		p.fail(n, "a step that does nothing; give it one of say, ask, set, if, call, handoff, end")
		return nil
	}
	s.do = parseSay(p, o)
	return s
}

// exit reads where a branch leads: {say, goto} or {say, end}.
func (p *parser) exit(n *yaml.Node, what string) Exit {
	return p.exitOf(p.object(n, what, "say", "goto", "end"), what)
}

func (p *parser) exitOf(o object, what string) Exit {
	e := Exit{
		Say:  p.text(o.fields["say"], "say"),
		Goto: p.str(o.fields["goto"], "goto"),
		End:  p.str(o.fields["end"], "end"),
		pos:  p.at(o.node),
	}
	if (e.Goto == "") == (e.End == "") {
		p.fail(o.node, "%s must lead somewhere; give it goto: STEP or end: NAME, one of them", what)
	}
	return e
}

func (p *parser) ladders(n *yaml.Node) ladders {
	o := p.object(n, "ladders", "no_match", "no_input")
	return p.laddersOf(o)
}

func (p *parser) laddersOf(o object) ladders {
	silence := p.object(o.fields["no_input"], "no_input", "voice", "chat")
	return ladders{
		noMatch: p.ladder(o.fields["no_match"], "no_match"),
		voice:   p.ladder(silence.fields["voice"], "no_input on voice"),
		chat:    p.ladder(silence.fields["chat"], "no_input in chat"),
	}
}

func (p *parser) ladder(n *yaml.Node, what string) []Exit {
	var rungs []Exit
	p.items(n, what, func(item *yaml.Node) {
		o := p.object(item, "a rung of "+what, "say", "repeat", "goto", "end", "after")
		rung := Exit{Say: p.text(o.fields["say"], "say"), Repeat: p.truth(o.fields["repeat"], "repeat"), pos: p.at(item)}
		if !rung.Repeat && rung.Say.IsZero() || o.fields["goto"] != nil || o.fields["end"] != nil {
			rung = p.exitOf(o, "a rung of "+what)
		}
		rung.After = p.duration(o.fields["after"], "after")
		rungs = append(rungs, rung)
	})
	if len(rungs) > 0 {
		if last := rungs[len(rungs)-1]; last.Goto == "" && last.End == "" {
			p.problems.add(last.pos, "%s never leaves the question; let its last rung goto an agent or end", what)
		}
	}
	return rungs
}

func (p *parser) slot(slotName string, n *yaml.Node) *Slot {
	o := p.object(n, "slot "+slotName, "type", "title", "values", "yes", "no", "firm", "min", "max", "invalidates", "given", "mail", "early", "remember", "from", "topics")
	s := &Slot{
		Slot: supportbot.Slot{
			Name: slotName,
			Type: supportbot.SlotType(p.str(o.fields["type"], "type")),
			Firm: p.truth(o.fields["firm"], "firm"),
			Mail: p.truth(o.fields["mail"], "mail"),
			Min:  p.number(o.fields["min"], "min"),
			Max:  p.number(o.fields["max"], "max"),
		},
		Title:       p.text(o.fields["title"], "title"),
		Invalidates: p.strs(o.fields["invalidates"], "invalidates"),
		Given:       p.truth(o.fields["given"], "given"),
		Early:       p.strs(o.fields["early"], "early"),
		Remember:    p.truth(o.fields["remember"], "remember"),
		From:        p.str(o.fields["from"], "from"),
		Topics:      p.strs(o.fields["topics"], "topics"),
		pos:         p.at(n),
	}
	switch s.Type {
	case supportbot.SlotEnum, supportbot.SlotPick, supportbot.SlotText, supportbot.SlotDigits, supportbot.SlotPhone:
		p.pairs(o.fields["values"], "values", func(key, value *yaml.Node) {
			s.Options = append(s.Options, p.option(key, value))
		})
		if s.Type == supportbot.SlotEnum && len(s.Options) == 0 {
			p.fail(n, "slot %s is an enum without values", slotName)
		}
		if s.Type == supportbot.SlotPick {
			p.pickSource(n, s)
		}
	case supportbot.SlotBool:
		s.Options = []supportbot.Option{
			p.yesNo("yes", "1", o.fields["yes"], map[supportbot.Language]string{supportbot.Chinese: "是", supportbot.English: "Yes"}),
			p.yesNo("no", "2", o.fields["no"], map[supportbot.Language]string{supportbot.Chinese: "不是", supportbot.English: "No"}),
		}
	default:
		p.fail(n, "slot %s has no such type: %q; known: enum, bool, text, digits, phone, pick", slotName, s.Type)
	}
	p.assignKeys(s)
	return s
}

// pickSource refuses a pick that does not say from what, or says it twice.
func (p *parser) pickSource(n *yaml.Node, s *Slot) {
	switch {
	case len(s.Topics) > 0 && s.From != "":
		p.fail(n, "slot %s has both from and topics; keep one", s.Name)
	case len(s.Topics) == 0 && !slices.Contains(pickSources, s.From):
		p.fail(n, "slot %s picks from %q; give it topics: [TOPIC, …], or from: one of %s", s.Name, s.From, oneOf(pickSources))
	case len(s.Topics)+len(s.Options) > maxKeys:
		p.fail(n, "slot %s offers %d choices and a phone has only %d free keys (0 is the agent, 9 repeats); split the question", s.Name, len(s.Topics)+len(s.Options), maxKeys)
	}
}

func (p *parser) option(key, n *yaml.Node) supportbot.Option {
	o := p.object(n, "value "+key.Value, "key", "zh", "en", "also")
	opt := supportbot.Option{
		Value: p.name(key, "the value"),
		Key:   p.str(o.fields["key"], "key"),
		Label: p.languages(o, "value "+key.Value),
		Also:  map[supportbot.Language][]string{},
	}
	also := p.object(o.fields["also"], "also", "zh", "en")
	for _, l := range supportbot.Languages {
		opt.Also[l] = p.strs(also.fields[string(l)], "also in "+string(l))
	}
	return opt
}

// yesNo is an answer to a yes/no question, with the question's own label where
// "yes" would be a poor button.
func (p *parser) yesNo(value, key string, label *yaml.Node, plain map[supportbot.Language]string) supportbot.Option {
	opt := supportbot.Option{Value: value, Key: key, Label: plain}
	if label != nil {
		opt.Label = p.languages(p.object(label, value, "zh", "en"), value)
	}
	return opt
}

// maxKeys is how many choices a phone can offer: 0 is the agent, 9 repeats.
const maxKeys = 8

// assignKeys gives every option without a phone key the first that is free.
func (p *parser) assignKeys(s *Slot) {
	if len(s.Options) > maxKeys {
		p.problems.add(s.pos, "slot %s has %d values and a phone only %d free keys (0 is the agent, 9 repeats); split the question", s.Name, len(s.Options), maxKeys)
		return
	}
	taken := map[string]bool{}
	for _, o := range s.Options {
		switch {
		case o.Key == "":
		case len(o.Key) != 1 || o.Key < "1" || o.Key > "8":
			p.problems.add(s.pos, "value %s of slot %s has key %q; keys are 1 to 8 (0 is the agent, 9 repeats)", o.Value, s.Name, o.Key)
		case taken[o.Key]:
			p.problems.add(s.pos, "two values of slot %s have key %s", s.Name, o.Key)
		}
		taken[o.Key] = true
	}
	for i := range s.Options {
		for key := '1'; s.Options[i].Key == ""; key++ {
			if !taken[string(key)] {
				s.Options[i].Key = string(key)
				taken[string(key)] = true
			}
		}
	}
}
