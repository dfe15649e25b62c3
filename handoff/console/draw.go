package console

import (
	"time"

	"supportbot"
	"supportbot/dialog"
)

// drawn is the picture of a flow in one language.
type drawn struct {
	Flow    string      `json:"flow"`
	Goal    string      `json:"goal"`
	Nodes   []drawnNode `json:"nodes"`
	Edges   []drawnEdge `json:"edges"`
	Mermaid string      `json:"mermaid"`
}

// drawnNode is a step; see dialog.PictureNode.
type drawnNode struct {
	ID       string   `json:"id"`
	Kind     string   `json:"kind"`
	Place    string   `json:"place,omitempty"`
	Text     string   `json:"text,omitempty"`
	Spoken   string   `json:"spoken,omitempty"`
	Article  string   `json:"article,omitempty"`
	Slot     string   `json:"slot,omitempty"`
	Choices  []string `json:"choices,omitempty"`
	Sets     []string `json:"sets,omitempty"`
	Calls    string   `json:"calls,omitempty"`
	Verifies bool     `json:"verifies,omitempty"`
	Requires bool     `json:"requires,omitempty"`
	Teaches  []string `json:"teaches,omitempty"`

	Passed *supportbot.Traffic `json:"passed,omitempty"` // how people went through it, for supervisors
}

// drawnEdge is a way out of a step; see dialog.PictureEdge.
type drawnEdge struct {
	From  string          `json:"from"`
	To    string          `json:"to"`
	Kind  dialog.EdgeKind `json:"kind"`
	Label string          `json:"label,omitempty"` // when it is taken
	Says  string          `json:"says,omitempty"`
}

func draw(p dialog.Picture, lang supportbot.Language) drawn {
	d := drawn{Flow: p.Flow, Goal: p.Goal.Written[lang], Nodes: []drawnNode{}, Edges: []drawnEdge{}, Mermaid: p.Mermaid(lang)}
	kinds := map[string]string{}
	for _, n := range p.Nodes {
		kinds[n.ID] = n.Kind
		written, spoken := n.Text.In(lang)
		node := drawnNode{
			ID: n.ID, Kind: n.Kind, Place: n.Place, Text: written, Spoken: spoken, Article: n.Article, Slot: n.Slot.Written[lang],
			Calls: n.Calls, Verifies: n.Verifies, Requires: n.Requires, Teaches: n.Teaches,
		}
		for _, o := range n.Choices {
			node.Choices = append(node.Choices, o.Label[lang])
		}
		for _, set := range n.Sets {
			node.Sets = append(node.Sets, set.Written[lang])
		}
		d.Nodes = append(d.Nodes, node)
	}
	for _, e := range p.Edges {
		d.Edges = append(d.Edges, drawnEdge{From: e.From, To: e.To, Kind: e.Kind, Label: when(e, kinds[e.From], lang), Says: e.Says.Written[lang]})
	}
	return d
}

// when tells in words when a way out of a kind of step is taken, "" if the work
// of the step just goes on.
func when(e dialog.PictureEdge, kind string, lang supportbot.Language) string {
	switch {
	case !e.Label.IsZero():
		return e.Label.Written[lang]
	case kind == "call":
		return e.On // how the called flow ended, by its own name
	}
	for _, group := range []string{"verdict.", "way."} {
		if label, ok := words[group+e.On]; ok {
			return fill(label[lang], lasting(e.After, lang))
		}
	}
	return ""
}

// lasting puts the length of a silence into words.
func lasting(d time.Duration, lang supportbot.Language) string {
	if d >= time.Hour && d%time.Hour == 0 {
		return fill(words["time.hours"][lang], int(d.Hours()))
	}
	return fill(words["time.minutes"][lang], int(d.Minutes()))
}
