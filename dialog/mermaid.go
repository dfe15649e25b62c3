package dialog

import (
	"fmt"
	"strings"

	"supportbot"
)

// Mermaid draws a flow in the language of mermaid.js; see Picture.Mermaid.
func (b *Book) Mermaid(name string) (string, error) {
	p, err := b.Picture(name)
	if err != nil {
		return "", err
	}
	return p.Mermaid(supportbot.English), nil
}

// shapes are how kinds of steps are drawn; a box if none is named.
var shapes = map[string]string{
	"ask":     "  %s{%s}\n",
	"if":      "  %s{{%s}}\n",
	"call":    "  %s[/%s/]\n",
	"handoff": "  %s[[%s]]\n",
	"end":     "  %s([%s])\n",
}

// Mermaid draws the flow in the language of mermaid.js, with conditions in
// language l: questions as lozenges, handoffs as double boxes, what happens
// without an answer as dotted lines.
func (p Picture) Mermaid(l supportbot.Language) string {
	var out strings.Builder
	out.WriteString("flowchart TD\n")
	for _, n := range p.Nodes {
		shape, ok := shapes[n.Kind]
		if !ok {
			shape = "  %s[%s]\n"
		}
		label := strings.TrimPrefix(n.ID, "end:")
		if n.Calls != "" {
			label += " → " + n.Calls
		}
		fmt.Fprintf(&out, shape, mermaidID(n.ID), quoted(label))
	}
	seen := map[string]bool{}
	for _, e := range p.Edges {
		if line := e.mermaid(l); e.From != e.To && !seen[line] {
			seen[line] = true
			out.WriteString(line)
		}
	}
	return out.String()
}

func (e PictureEdge) mermaid(l supportbot.Language) string {
	arrow := "-->"
	switch {
	case e.Kind == EdgeLadder || e.Kind == EdgeAgent:
		arrow = "-.->"
	case e.On != "":
		arrow += "|" + e.On + "|"
	case !e.Label.IsZero():
		arrow += "|" + quoted(e.Label.Written[l]) + "|"
	}
	return fmt.Sprintf("  %s %s %s\n", mermaidID(e.From), arrow, mermaidID(e.To))
}

// mermaidID keeps ids clear of the words that mermaid.js reserves, such as end.
func mermaidID(id string) string {
	if name, ok := strings.CutPrefix(id, "end:"); ok {
		return "e-" + name
	}
	return "s-" + id
}

func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, "#quot;") + `"` }
