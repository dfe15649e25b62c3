package console

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"supportbot"
	"supportbot/handoff"
)

// codes lists what an agent may say that a case came to.
func (c *Console) codes() []handoff.Code {
	return slices.DeleteFunc(slices.Clone(c.knowledge.Codes()), func(code handoff.Code) bool { return code.Retired })
}

// knownCode is ErrInvalid of a code that the content in force does not have; none is fine.
func (c *Console) knownCode(code supportbot.Wrapup) error {
	var ids []string
	for _, known := range c.codes() {
		if known.ID == code {
			return nil
		}
		ids = append(ids, string(known.ID))
	}
	switch {
	case code == "":
		return nil
	case len(ids) == 0:
		return invalid("the content in force has no codes; see codes.yaml")
	}
	return invalid("code must be one of " + strings.Join(ids, ", "))
}

// codeName labels a code, also one that is no longer given. What the content does
// not know any more stands for itself.
func (c *Console) codeName(code string, lang supportbot.Language) string {
	for _, known := range c.knowledge.Codes() {
		if string(known.ID) == code {
			return known.Label[lang]
		}
	}
	return code
}

// wrapUp gives a case a code after its end.
func (c *Console) wrapUp(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	var body struct {
		Code supportbot.Wrapup `json:"code"`
	}
	if !readJSON(w, r, &body) {
		return
	}
	if body.Code == "" {
		c.fail(w, r, invalid("code must say what the case came to"))
		return
	}
	if err := c.knownCode(body.Code); err != nil {
		c.fail(w, r, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	err := c.reports.WrapUp(ctx, r.PathValue("id"), agent.Name, body.Code)
	switch {
	case errors.Is(err, supportbot.ErrNotFound):
		answerError(w, http.StatusNotFound, "no case of yours by this id ended within the last 10 minutes; of one that is open, give the code with the outcome or the close")
	case err != nil:
		c.fail(w, r, err)
	default:
		answer(w, http.StatusOK, struct{}{})
	}
}
