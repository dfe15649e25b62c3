package console

import (
	"context"
	"net/http"

	"supportbot"
	"supportbot/handoff"
)

// missedGroup is a group on the API.
type missedGroup struct {
	ID       string          `json:"id"`
	Label    string          `json:"label"`  // what they seem to mean, "" if nothing tells
	Chosen   bool            `json:"chosen"` // persons have told so; else it is the reader's guess
	Messages []missedMessage `json:"messages"`
}

type missedMessage struct {
	ID string `json:"id"`
	supportbot.Missed
}

func (c *Console) missed(w http.ResponseWriter, r *http.Request, _ handoff.Agent) {
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	groups, err := c.lessons.Groups(ctx)
	if err != nil {
		c.refuse(w, r, err)
		return
	}
	list := make([]missedGroup, len(groups))
	for i, g := range groups {
		list[i] = missedGroup{ID: g.ID().String(), Label: g.Label, Chosen: g.Chosen}
		for _, m := range g.Messages {
			list[i].Messages = append(list[i].Messages, missedMessage{m.ID.String(), m})
		}
	}
	answer(w, http.StatusOK, map[string]any{"groups": list})
}

// chosenMessages is what a call names.
type chosenMessages struct {
	Label    string                `json:"label"`
	Messages []supportbot.MissedID `json:"messages"`
}

func (c *Console) exportMissed(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	var body chosenMessages
	if !readJSON(w, r, &body) {
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	files, err := c.lessons.Export(ctx, body.Label, body.Messages, agent.Name)
	if err != nil {
		c.refuse(w, r, err)
		return
	}
	answer(w, http.StatusOK, map[string]any{"phrases": files})
}

func (c *Console) dismissMissed(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	var body chosenMessages
	if !readJSON(w, r, &body) {
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	if err := c.lessons.Dismiss(ctx, body.Messages, agent.Name); err != nil {
		c.refuse(w, r, err)
		return
	}
	answer(w, http.StatusOK, struct{}{})
}
