package console

import (
	"context"
	"net/http"
	"slices"
	"time"

	"supportbot"
	"supportbot/handoff"
)

// board is the desk at one moment, for supervisors.
type board struct {
	States  map[supportbot.CaseState]int `json:"states"`          // live cases
	Longest int                          `json:"longest_seconds"` // how long the first in the queue has waited
	Late    int                          `json:"late"`            // who wait longer than handoff.Target
	OnTime  float64                      `json:"on_time"`         // the share of those who wait that do not; 1 if nobody waits
	OpensAt time.Time                    `json:"opens_at,omitzero"`
	Cases   []listed                     `json:"cases"` // the most urgent first, at most boardCases
	Agents  []handoff.Staff              `json:"agents"`
}

// boardCases is how many cases the board shows: more than anybody reads at a glance.
const boardCases = 200

// boardNow shows how the desk does.
func (c *Console) boardNow(w http.ResponseWriter, r *http.Request, _ handoff.Agent) {
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	b, err := c.readBoard(ctx, time.Now())
	if err != nil {
		c.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, b)
}

func (c *Console) readBoard(ctx context.Context, now time.Time) (b board, err error) {
	b = board{States: map[supportbot.CaseState]int{}, OnTime: 1}
	waiting := 0
	var live []supportbot.Case
	for _, state := range supportbot.LiveStates {
		cases, err := c.desk.Cases(ctx, state, "")
		if err != nil {
			return b, err
		}
		b.States[state] = len(cases)
		live = append(live, cases...)
		if state != supportbot.CaseWaiting && state != supportbot.CaseOffered {
			continue
		}
		for _, one := range cases {
			wait := now.Sub(one.WaitsSince())
			waiting++
			b.Longest = max(b.Longest, int(wait.Seconds()))
			if wait > handoff.Target(one.Priority) {
				b.Late++
			}
		}
	}
	slices.SortStableFunc(live, handoff.First)
	b.Cases = make([]listed, min(len(live), boardCases))
	for i := range b.Cases {
		b.Cases[i] = newListed(live[i])
	}
	if waiting > 0 {
		b.OnTime = 1 - float64(b.Late)/float64(waiting)
	}
	hours, err := c.desk.Hours(ctx)
	if err != nil {
		return b, err
	}
	b.OpensAt = hours.OpensAt(now)
	b.Agents, err = c.desk.Staff(ctx)
	return b, err
}
