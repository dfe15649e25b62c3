package dialog

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"supportbot"
)

// Picture is a flow as a graph, for those who draw it.
type Picture struct {
	Flow  string
	Goal  supportbot.Text
	Nodes []PictureNode // the steps in their order, then the ends without a step
	Edges []PictureEdge
}

// PictureNode is a step, or an end that branches lead to.
type PictureNode struct {
	ID       string // the step's; "end:NAME" for an end without a step
	Kind     string // say, ask, if, set, call, handoff or end
	Place    string // file:line; "" for an end without a step
	Text     supportbot.Text
	Article  string              // the topic whose article is said; Text is the article
	Slot     supportbot.Text     // what the answer to a question is called
	Choices  []supportbot.Option // of a question; where they depend on the conversation, those that do not
	Sets     []supportbot.Text   // slots with their new values
	Calls    string              // a flow
	Verifies bool                // a human verifies the identity
	Requires bool                // a verified identity
	Teaches  []string            // ids of the guide's facts
}

// PictureEdge is a way out of a step.
type PictureEdge struct {
	From, To string
	Kind     EdgeKind
	Label    supportbot.Text // of a branch: its condition
	On       string          // a verdict, the ending of a called flow, or why a question was not answered; "" if none
	After    time.Duration   // of silence in a chat: since the question was asked
	Says     supportbot.Text // on this way
}

// EdgeKind tells when a way is taken.
type EdgeKind string

// The kinds of edges. A rung that only asks again leads from a question to
// itself.
const (
	EdgeNext   EdgeKind = "next"   // the step did its work; of a question, it was answered
	EdgeBranch EdgeKind = "branch" // a condition held, a verdict was given, a called flow ended
	EdgeLadder EdgeKind = "ladder" // the question was not answered
	EdgeAgent  EdgeKind = "agent"  // the person asked for an agent
)

// Why a question was not answered, in PictureEdge.On.
const (
	OnNoMatch      = "no-match"
	OnVoiceSilence = "silence-voice"
	OnChatSilence  = "silence-chat"
)

// Picture returns the picture of a flow, and supportbot.ErrNotFound if the
// content has none of that name.
func (b *Book) Picture(name string) (Picture, error) {
	f := b.flows[name]
	if f == nil {
		return Picture{}, fmt.Errorf("%w: there is no flow %q%s", supportbot.ErrNotFound, name, didYouMean(name, b.names))
	}
	p := Picture{Flow: name, Goal: f.Goal}
	for _, s := range f.Steps {
		p.Nodes = append(p.Nodes, b.node(f, s))
		p.Edges = append(p.Edges, f.ways(s)...)
	}
	for _, e := range p.Edges {
		if !slices.ContainsFunc(p.Nodes, func(n PictureNode) bool { return n.ID == e.To }) {
			p.Nodes = append(p.Nodes, PictureNode{ID: e.To, Kind: "end"})
		}
	}
	return p, nil
}

func (b *Book) node(f *Flow, s *step) PictureNode {
	n := PictureNode{ID: s.ID, Place: fmt.Sprintf("%s:%d", s.file, s.line), Teaches: s.Teaches, Requires: s.Requires != ""}
	switch do := s.do.(type) {
	case *say:
		n.Kind, n.Text, n.Article = "say", do.text, do.article
		if do.article != "" {
			n.Text = b.guide.Articles[do.article]
		}
	case *ask:
		slot := f.Slots[do.slot]
		n.Kind, n.Text, n.Slot, n.Choices = "ask", do.text, slot.name(), b.slot(&Frame{}, slot).Options
	case *branch:
		n.Kind = "if"
	case *set:
		n.Kind = "set"
		for _, a := range do.values {
			n.Sets = append(n.Sets, f.equals(a.slot, a.value))
		}
	case *call:
		n.Kind, n.Calls = "call", do.flow
	case *handoff:
		n.Kind, n.Text, n.Verifies = "handoff", do.text, do.verifies
	case *end:
		n.Kind, n.Text = "end", do.text
	}
	return n
}

// ways lists every way out of a step with what is said on it: those that edges
// lists for the proofs, and the rungs that ask again.
func (f *Flow) ways(s *step) []PictureEdge {
	var list []PictureEdge
	add := func(kind EdgeKind, x Exit, on string, label supportbot.Text) {
		to := x.Goto
		switch {
		case x.End != "":
			to = "end:" + x.End
		case to == "":
			to = s.ID
		}
		list = append(list, PictureEdge{From: s.ID, To: to, Kind: kind, Label: label, On: on, After: x.After, Says: x.Say})
	}
	if s.do.passes() {
		add(EdgeNext, Exit{Goto: f.after(s)}, "", supportbot.Text{})
	}
	switch do := s.do.(type) {
	case *branch:
		for _, c := range do.cases {
			add(EdgeBranch, c.exit, "", f.condition(c))
		}
		add(EdgeBranch, do.otherwise, "", inBoth("否则", "otherwise"))
	case *call:
		for _, ending := range slices.Sorted(maps.Keys(do.returns)) {
			add(EdgeBranch, do.returns[ending], ending, supportbot.Text{})
		}
	case *handoff:
		for _, verdict := range slices.Sorted(maps.Keys(do.outcomes)) {
			add(EdgeBranch, do.outcomes[verdict], string(verdict), supportbot.Text{})
		}
	case *ask:
		for _, ladder := range []struct {
			on    string
			rungs []Exit
		}{{OnNoMatch, do.ladders.noMatch}, {OnVoiceSilence, do.ladders.voice}, {OnChatSilence, do.ladders.chat}} {
			for _, rung := range ladder.rungs {
				add(EdgeLadder, rung, ladder.on, supportbot.Text{})
			}
		}
	case *end:
		return nil
	}
	if asks(s) && f.Agent != "" && f.Agent != s.ID {
		add(EdgeAgent, Exit{Goto: f.Agent}, "", supportbot.Text{})
	}
	return list
}

// asks tells whether a person can ask for an agent at a step.
func asks(s *step) bool {
	switch s.do.(type) {
	case *ask, *call:
		return true
	}
	return false
}

// condition puts what a branch waits for into words.
func (f *Flow) condition(c condition) supportbot.Text {
	switch {
	case c.slot != "":
		return f.equals(c.slot, c.is)
	case c.known != "":
		title := f.Slots[c.known].name()
		return inBoth("已知"+title.Written[supportbot.Chinese], title.Written[supportbot.English]+" is known")
	default:
		return inBoth("渠道："+string(c.channel), "channel: "+string(c.channel))
	}
}

// equals says that a slot has a value, "" for none, with the labels that people
// see.
func (f *Flow) equals(slot, value string) supportbot.Text {
	label := map[supportbot.Language]string{supportbot.Chinese: value, supportbot.English: value}
	if value == "" {
		label = map[supportbot.Language]string{supportbot.Chinese: "清空", supportbot.English: "cleared"}
	}
	for _, o := range f.Slots[slot].Options {
		if o.Value == value {
			label = o.Label
		}
	}
	title := f.Slots[slot].name()
	return inBoth(title.Written[supportbot.Chinese]+"："+label[supportbot.Chinese], title.Written[supportbot.English]+": "+label[supportbot.English])
}

// name is what people see the slot called.
func (s *Slot) name() supportbot.Text {
	if s.Title.IsZero() {
		return inBoth(s.Name, s.Name)
	}
	return s.Title
}

func inBoth(zh, en string) supportbot.Text {
	return supportbot.Text{Written: map[supportbot.Language]string{supportbot.Chinese: zh, supportbot.English: en}}
}
