package console

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"supportbot"
	"supportbot/channels"
	"supportbot/handoff"
)

// Hooks are what agents may have other programs do for somebody whom they have
// verified.
type Hooks interface {
	// For lists those for cases of a reason.
	For(reason string) []Hook

	// Call has one do its work. key is the same for every call about one case, so that
	// it is done once. An error is a *channels.Failure.
	Call(ctx context.Context, name, key string, what HookCall) error
}

// Hook is one thing that can be done.
type Hook struct {
	Name string `json:"name"`
	Zh   string `json:"zh"` // what agents see it called
	En   string `json:"en"`
}

// HookCall is what the other program is told.
type HookCall struct {
	Case     string   `json:"case"`
	Reason   string   `json:"reason"`
	Agent    string   `json:"agent"`
	Method   []string `json:"method"`             // the items of the checklist that matched
	Merchant string   `json:"merchant,omitempty"` // the number that the merchant has typed
}

// hooksFor lists what an agent may have done now: of a case of their own, while the
// proof holds.
func (c *Console) hooksFor(one supportbot.Case, agent handoff.Agent) []Hook {
	if c.hooks == nil || one.Owner != agent.Name || !proven(one) {
		return nil
	}
	return c.hooks.For(one.Reason)
}

func proven(one supportbot.Case) bool {
	return one.Verdict == supportbot.Verified && time.Now().Before(one.ValidUntil)
}

// hook calls another program. The audit log is told before, so that no call is unknown
// to it, and after, what came of it.
func (c *Console) hook(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	var body struct {
		Name string `json:"name"`
	}
	if !readJSON(w, r, &body) {
		return
	}
	// A call that has begun is taken through and written down, also when the page has gone.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), apiTimeout)
	defer cancel()
	one, err := c.desk.Case(ctx, r.PathValue("id"))
	switch {
	case err != nil:
		c.fail(w, r, err)
		return
	case one.Owner != agent.Name:
		refuse(w, supportbot.AgentResult{Owner: one.Owner})
		return
	case !proven(one):
		answer(w, http.StatusUnprocessableEntity, map[string]any{"problem": "unproven", "missing": []string{}, "error": "nobody is verified in this case, or not any more"})
		return
	case !slices.ContainsFunc(c.hooksFor(one, agent), func(h Hook) bool { return h.Name == body.Name }):
		answerError(w, http.StatusBadRequest, "name must be one of the hooks of the case")
		return
	}
	note := func(action supportbot.Action, result string) error {
		details := map[string]string{"hook": body.Name}
		if result != "" {
			details["result"] = result
		}
		return c.accounts.Audit(ctx, supportbot.Audited{Actor: agent.Name, Action: action, Subject: one.ID, Details: details})
	}
	if err := note(supportbot.HookCalled, ""); err != nil {
		c.fail(w, r, err)
		return
	}
	result := c.call(ctx, body.Name, one, agent)
	if err := note(supportbot.HookAnswered, result); err != nil {
		c.log.ErrorContext(ctx, "console: the result of a hook is not in the audit log", slog.String("case", one.ID), slog.String("result", result), slog.Any("error", err))
	}
	answer(w, http.StatusOK, map[string]string{"result": result})
}

// call returns "done", "refused", or "unsure" if it may have been done: the agent may
// call again, as the other side tells a repeat.
func (c *Console) call(ctx context.Context, name string, one supportbot.Case, agent handoff.Agent) string {
	err := c.hooks.Call(ctx, name, "hook_"+name+"_"+one.ID, HookCall{one.ID, one.Reason, agent.Name, one.Method, merchantOf(one)})
	if err == nil {
		return "done"
	}
	c.log.WarnContext(ctx, "console: hook", slog.String("hook", name), slog.String("case", one.ID), slog.Any("error", err))
	if failure := (*channels.Failure)(nil); errors.As(err, &failure) && failure.Kind == channels.Refused {
		return "refused"
	}
	return "unsure"
}
