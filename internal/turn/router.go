package turn

import (
	"context"
	"slices"
	"time"

	"supportbot"
	"supportbot/handoff"
)

// route offers cases that wait to agents who want them. Every process does so:
// what two of them offer at once, one does, because an offer is a turn of its
// conversation; and the store counts what each agent has.
func (p *Path) route(ctx context.Context, now time.Time) error {
	staff, err := p.store.Staff(ctx, now)
	if err != nil || !slices.ContainsFunc(staff, func(s handoff.Staff) bool { return s.Presence == handoff.Available }) {
		return err
	}
	waiting, err := p.store.Cases(ctx, supportbot.CaseWaiting, "", deskPage)
	if err != nil {
		return err
	}
	for _, offer := range handoff.Route(waiting, staff) {
		if _, err := p.Act(ctx, supportbot.AgentAct{Case: offer.Case, Kind: supportbot.ActOffer, Asked: offer.Agent}); err != nil {
			p.log.ErrorContext(ctx, "offer failed, will try again", "case", offer.Case, "error", err)
		}
	}
	return nil
}

// Mine lists the live cases that an agent owns or is asked to take; see
// console.Desk.
func (p *Path) Mine(ctx context.Context, agent string) ([]supportbot.Case, error) {
	return p.store.Mine(ctx, agent, deskPage)
}

// Staff lists all agents; see console.Desk.
func (p *Path) Staff(ctx context.Context) ([]handoff.Staff, error) {
	return p.store.Staff(ctx, p.clock.now())
}

// SetPresence notes whether an agent wants to be offered cases; see console.Desk.
func (p *Path) SetPresence(ctx context.Context, agent string, presence handoff.Presence) error {
	return p.store.SetPresence(ctx, agent, presence)
}
