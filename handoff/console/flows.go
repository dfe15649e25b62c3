package console

import (
	"context"
	"net/http"
	"strings"

	"supportbot"
	"supportbot/dialog"
	"supportbot/handoff"
)

// Passages tells, by step, how people went through a flow of a version.
type Passages func(ctx context.Context, version, flow string) (map[string]supportbot.Traffic, error)

// listedFlow is a flow as the list shows it.
type listedFlow struct {
	Flow, Goal string
	Steps      int
}

// listFlows lists the flows of the content, and those that are there for what
// the bot says by itself.
func listFlows(book *dialog.Book, lang supportbot.Language) (flows, patterns []listedFlow, err error) {
	for _, name := range book.Flows() {
		p, err := book.Picture(name)
		if err != nil {
			return nil, nil, err
		}
		one := listedFlow{Flow: name, Goal: p.Goal.Written[lang], Steps: len(book.Steps(name))}
		if strings.HasPrefix(name, "pattern-") {
			patterns = append(patterns, one)
		} else {
			flows = append(flows, one)
		}
	}
	return flows, patterns, nil
}

func (c *Console) flow(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	p, err := c.picture(ctx, r)
	if err != nil {
		c.refuse(w, r, err)
		return
	}
	d := draw(p, c.language(w, r))
	if c.passages != nil && agent.Role.Includes(handoff.RoleSupervisor) {
		counts, err := c.passages(ctx, r.PathValue("version"), p.Flow)
		if err != nil {
			c.refuse(w, r, err)
			return
		}
		d.pass(counts)
	}
	answer(w, http.StatusOK, d)
}

// pass writes on the steps how people went through them.
func (d *drawn) pass(counts map[string]supportbot.Traffic) {
	for i, n := range d.Nodes {
		if passed, ok := counts[n.ID]; ok {
			d.Nodes[i].Passed = &passed
		}
	}
}

func (c *Console) picture(ctx context.Context, r *http.Request) (dialog.Picture, error) {
	book, err := c.library.Book(ctx, r.PathValue("version"))
	if err != nil {
		return dialog.Picture{}, err
	}
	return book.Picture(r.PathValue("flow"))
}

// flowsBody is what the list of flows shows.
type flowsBody struct {
	Version         string
	Flows, Patterns []listedFlow
}

func (c *Console) flowsPage(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	version := r.PathValue("version")
	book, err := c.library.Book(r.Context(), version)
	if err != nil {
		c.refusePage(w, r, agent, err)
		return
	}
	flows, patterns, err := listFlows(book, c.language(w, r))
	if err != nil {
		c.refusePage(w, r, agent, err)
		return
	}
	c.render(w, r, http.StatusOK, "flows.html", page{Agent: agent.Name, Body: flowsBody{Version: version, Flows: flows, Patterns: patterns}})
}

// flowBody is what the page of one picture shows before its script has run.
type flowBody struct {
	Version, Flow, Goal string
}

func (c *Console) flowPage(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	p, err := c.picture(r.Context(), r)
	if err != nil {
		c.refusePage(w, r, agent, err)
		return
	}
	c.render(w, r, http.StatusOK, "flow.html", page{
		Agent: agent.Name, Body: flowBody{Version: r.PathValue("version"), Flow: p.Flow, Goal: p.Goal.Written[c.language(w, r)]},
	})
}
