package console

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"supportbot"
	"supportbot/handoff"
)

// Assistant writes for agents, where a deployment has a language model. What it
// writes is a draft: nobody but the agent sees it until the agent sends it.
type Assistant interface {
	// Summary is what a case is about.
	Summary(ctx context.Context, one supportbot.Case, transcript []supportbot.Message) (string, error)

	// Draft is a next message to the person of a case.
	Draft(ctx context.Context, one supportbot.Case, transcript []supportbot.Message) (string, error)
}

// assistLimit is how long an agent waits for the assistant.
const assistLimit = 8 * time.Second

func (c *Console) assistRoutes() map[string]guarded {
	return map[string]guarded{
		"GET /console/api/cases/{id}/summary":      c.api(c.summary),
		"POST /console/api/cases/{id}/draft-reply": c.api(c.draftReply),
	}
}

// summary says what a case is about to those who may see it.
func (c *Console) summary(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	one, ok := c.caseRead(ctx, w, r, agent)
	if !ok {
		return
	}
	c.write(ctx, w, r, one, c.assistant.Summary)
}

// draftReply proposes the next message to the owner of a case.
func (c *Console) draftReply(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	one, ok := c.caseHeld(ctx, w, r, agent, "drafted")
	if !ok {
		return
	}
	c.write(ctx, w, r, one, c.assistant.Draft)
}

// write answers with what the assistant makes of a case.
func (c *Console) write(ctx context.Context, w http.ResponseWriter, r *http.Request, one supportbot.Case,
	make func(context.Context, supportbot.Case, []supportbot.Message) (string, error)) {
	transcript, err := c.desk.Transcript(ctx, one.ID, 0)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, assistLimit)
	defer cancel()
	text, err := make(ctx, one, transcript)
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			c.log.InfoContext(ctx, "console: the assistant has nothing", slog.String("route", r.Pattern))
		}
		answerError(w, http.StatusServiceUnavailable, "the language model is of no help now; go on without it")
		return
	}
	answer(w, http.StatusOK, map[string]any{"text": text, "draft": true})
}
