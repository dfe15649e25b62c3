package console

import (
	"net/http"

	"supportbot"
	"supportbot/handoff"
)

type boardPageBody struct {
	Admin     bool // may say what agents can do
	Capacity  int  // the most
	Languages []supportbot.Language
}

// boardPage shows supervisors who waits and who is there; static/board.js fills it.
func (c *Console) boardPage(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	c.render(w, r, http.StatusOK, "board.html", page{Agent: agent.Name, Boss: true, Reports: c.reports != nil, Here: "/console/board", Body: boardPageBody{
		Admin: agent.Role.Includes(handoff.RoleAdmin), Capacity: handoff.MaxCapacity, Languages: supportbot.Languages,
	}})
}
