package console

import (
	"net/http"

	"supportbot"
	"supportbot/handoff"
)

// boardBody is what the board shows before its script has run.
type boardBody struct {
	Priorities []supportbot.Priority
}

// boardPage shows supervisors who waits and who is there; static/board.js fills it.
func (c *Console) boardPage(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	p := c.placed(agent, "/console/board")
	p.Body = boardBody{Priorities: []supportbot.Priority{supportbot.Urgent, supportbot.High, supportbot.Normal}}
	c.render(w, r, http.StatusOK, "board.html", p)
}
