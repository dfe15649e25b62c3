package console

import (
	"context"
	"log/slog"
	"net/http"

	"supportbot"
	"supportbot/handoff"
)

func (c *Console) versions(w http.ResponseWriter, r *http.Request, _ handoff.Agent) {
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	versions, err := c.library.Versions(ctx)
	if err != nil {
		c.refuse(w, r, err)
		return
	}
	if versions == nil {
		versions = []supportbot.ContentVersion{}
	}
	answer(w, http.StatusOK, map[string]any{"versions": versions, "notice": c.desk.Notice()})
}

// change publishes or retires a version.
func (c *Console) change(change changer) apiHandler {
	return func(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
		var body struct {
			Current string `json:"current"` // the version that the caller takes to be in force, "" for any
		}
		if !readJSON(w, r, &body) {
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
		defer cancel()
		if err := c.changeVersion(r.WithContext(ctx), agent, change, body.Current); err != nil {
			c.refuse(w, r, err)
			return
		}
		answer(w, http.StatusOK, struct{}{})
	}
}

func (c *Console) retirement(w http.ResponseWriter, r *http.Request, _ handoff.Agent) {
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	will, err := c.library.Retirement(ctx, r.PathValue("version"))
	if err != nil {
		c.refuse(w, r, err)
		return
	}
	answer(w, http.StatusOK, will)
}

// preview plays a chat with a version from its beginning.
func (c *Console) preview(w http.ResponseWriter, r *http.Request, _ handoff.Agent) {
	var chat Preview
	if !readJSON(w, r, &chat) {
		return
	}
	if err := chat.check(); err != nil {
		c.refuse(w, r, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	result, err := c.library.Preview(ctx, r.PathValue("version"), chat)
	if err != nil {
		c.refuse(w, r, err)
		return
	}
	answer(w, http.StatusOK, result)
}

// refuse answers a call that the library could not serve.
func (c *Console) refuse(w http.ResponseWriter, r *http.Request, err error) {
	status, key := refusal(err)
	switch {
	case r.Context().Err() != nil: // the client has gone
	case status == http.StatusNotFound:
		answerError(w, status, "there is no such version, or no such flow in it")
	case key != "":
		answerError(w, status, err.Error())
	default:
		c.log.ErrorContext(r.Context(), "console: call failed", slog.String("route", r.Pattern), slog.Any("error", err))
		answerError(w, status, "the server could not do this; nothing was changed, try again")
	}
}
