package dialog

import (
	"fmt"
	"strings"
)

// Mermaid draws a flow in the language of mermaid.js: questions as lozenges,
// handoffs as double boxes, what happens without an answer as dotted lines.
func (b *Book) Mermaid(name string) (string, error) {
	f := b.flows[name]
	if f == nil {
		return "", fmt.Errorf("there is no flow %q%s", name, didYouMean(name, b.names))
	}
	var out strings.Builder
	fmt.Fprintf(&out, "flowchart TD\n")
	for _, s := range f.Steps {
		shape := "  %s[%q]\n"
		switch s.do.(type) {
		case *ask:
			shape = "  %s{%q}\n"
		case *handoff:
			shape = "  %s[[%q]]\n"
		case *end:
			shape = "  %s([%q])\n"
		}
		fmt.Fprintf(&out, shape, "s-"+s.ID, s.ID)
	}
	seen := map[string]bool{}
	for _, s := range f.Steps {
		for _, e := range f.edges(s) {
			if line := e.mermaid(); line != "" && !seen[line] {
				seen[line] = true
				out.WriteString(line)
			}
		}
	}
	return out.String(), nil
}

func (e edge) mermaid() string {
	to := "s-" + e.to
	if e.to == "" {
		if _, isEnd := e.from.do.(*end); isEnd {
			return ""
		}
		to = fmt.Sprintf("e-%s([%q])", e.end, e.end)
	}
	arrow := "-->"
	if e.why == failing || e.why == asking {
		arrow = "-.->"
	}
	if e.outcome != "" {
		arrow += "|" + e.outcome + "|"
	}
	return fmt.Sprintf("  s-%s %s %s\n", e.from.ID, arrow, to)
}
