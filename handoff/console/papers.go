package console

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"unicode/utf8"

	"supportbot"
	"supportbot/handoff"
)

// Papers keeps what agents write beside a conversation, and who looks at it. Of a
// case that does not exist, or has ended for a draft, what writes returns
// supportbot.ErrNotFound.
type Papers interface {
	// AddNote keeps a note, and that there is one in the audit log. A note with an
	// ID that is there already changes nothing.
	AddNote(ctx context.Context, caseID string, n supportbot.Note) error

	// Notes lists the notes on a case, the oldest first.
	Notes(ctx context.Context, caseID string) ([]supportbot.Note, error)

	// Draft is what an agent has begun to write in a case that has not ended.
	Draft(ctx context.Context, caseID, agent string) (supportbot.Draft, error)

	// SetDraft replaces a draft; the zero Draft is none.
	SetDraft(ctx context.Context, caseID, agent string, d supportbot.Draft) error

	// Sit keeps for some seconds that an agent looks at a case.
	Sit(ctx context.Context, caseID, agent string) error

	// Seats lists who looks at a case now.
	Seats(ctx context.Context, caseID string) ([]supportbot.Seat, error)
}

// addNote keeps a note for colleagues. Whoever may see a case may add one.
func (c *Console) addNote(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	var body struct {
		ID   string `json:"id"`
		Text string `json:"text"`
	}
	if !readJSON(w, r, &body) {
		return
	}
	text := c.mask(strings.TrimSpace(body.Text))
	switch n := utf8.RuneCountInString(text); {
	case n == 0 || n > handoff.MaxText:
		answerError(w, http.StatusBadRequest, "text must have 1 to 4000 characters")
		return
	case len(body.ID) > maxNoteID:
		answerError(w, http.StatusBadRequest, "id has more than 128 bytes")
		return
	}
	note := supportbot.Note{ID: rand.Text(), Author: agent.Name, Text: text}
	if body.ID != "" {
		note.ID = agent.Name + ":" + body.ID
	}
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	if err := c.papers.AddNote(ctx, r.PathValue("id"), note); err != nil {
		c.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, struct{}{})
}

// maxNoteID is the longest id that a client may choose, in bytes.
const maxNoteID = 128

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
