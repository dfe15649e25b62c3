package explore

import (
	"fmt"
	"slices"
	"strings"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/authoring"
)

// scope is the one flow that a report is about.
type scope struct {
	flow   string // "" for all of the content
	button string // with which walks begin, "" if only other flows call it
}

// Only makes the report count one flow and nothing else. Walks begin with its
// button and end when they leave it; where only other flows call it, they begin
// and go on as ever.
func (e *Explorer) Only(flow string) error {
	if !slices.Contains(e.book.Flows(), flow) {
		return fmt.Errorf("explore: there is no flow %q%s", flow, authoring.Suggest(flow, e.book.Flows()))
	}
	e.scope = scope{flow: flow}
	button := "flow:" + flow
	_, effects := dialog.Step(e.book, dialog.Session{Channel: supportbot.Web, Language: supportbot.Chinese}, dialog.Event{Kind: dialog.Chose, Choice: button})
	if len(effects.Visited) > 0 && e.scope.counts(effects.Visited[0]) {
		e.scope.button = button
	}
	return nil
}

// left tells whether a walk has left the flow that it began in.
func (s scope) left(c *conversation) bool {
	return s.button != "" && !slices.ContainsFunc(c.session.Stack, func(f dialog.Frame) bool { return f.Flow == s.flow })
}

// counts tells whether a place, "flow/step …", belongs into the report.
func (s scope) counts(place string) bool {
	return s.flow == "" || strings.HasPrefix(place, s.flow+"/")
}
