package console

import (
	"context"
	"net/http"
	"unicode/utf8"

	"supportbot"
	"supportbot/channels"
	"supportbot/handoff"
)

// Papers keeps what agents have begun to write, who looks at a case, and what became
// of what was sent.
type Papers interface {
	// Draft is what an agent has begun to write in a case that has not ended.
	Draft(ctx context.Context, caseID, agent string) (supportbot.Draft, error)

	// SetDraft replaces a draft; the zero Draft is none. supportbot.ErrNotFound if
	// the case has ended, or is not there.
	SetDraft(ctx context.Context, caseID, agent string, d supportbot.Draft) error

	// Sit keeps for some seconds that an agent looks at a case.
	Sit(ctx context.Context, caseID, agent string) error

	// Seats lists who looks at a case now.
	Seats(ctx context.Context, caseID string) ([]supportbot.Seat, error)

	// Receipts lists what became of the messages that were sent, as far as it is known.
	Receipts(ctx context.Context, id supportbot.ThreadID) ([]channels.Receipt, error)
}

// draft returns what the agent has begun to write in a case.
func (c *Console) draft(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	d, err := c.papers.Draft(ctx, r.PathValue("id"), agent.Name)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, d)
}

// setDraft keeps what the agent has begun to write. What is longer than can be
// sent is refused, so that the agent hears of it before sending.
func (c *Console) setDraft(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	var d supportbot.Draft
	if !readJSON(w, r, &d) {
		return
	}
	d = supportbot.Draft{Text: c.mask(d.Text), Note: c.mask(d.Note)}
	if max(utf8.RuneCountInString(d.Text), utf8.RuneCountInString(d.Note)) > handoff.MaxText {
		answerError(w, http.StatusBadRequest, "text and note may have 4000 characters at most")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	if err := c.papers.SetDraft(ctx, r.PathValue("id"), agent.Name, d); err != nil {
		c.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, struct{}{})
}

// company lists the colleagues who look at a case, and notes that agent does if a
// page of theirs shows it (?viewing=1).
func (c *Console) company(ctx context.Context, id string, agent handoff.Agent, viewing bool) ([]supportbot.Seat, error) {
	if viewing {
		if err := c.papers.Sit(ctx, id, agent.Name); err != nil {
			return nil, err
		}
	}
	seats, err := c.papers.Seats(ctx, id)
	others := []supportbot.Seat{}
	for _, seat := range seats {
		if seat.Agent != agent.Name {
			others = append(others, seat)
		}
	}
	return others, err
}
