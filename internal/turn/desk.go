package turn

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"

	"supportbot"
	"supportbot/channels"
	"supportbot/handoff"
)

// deskPage is how many cases, and how many messages of a case, the desk is
// shown at once.
const deskPage = 1000

// Cases lists cases; see console.Desk.
func (p *Path) Cases(ctx context.Context, state supportbot.CaseState, owner string) ([]supportbot.Case, error) {
	return p.store.Cases(ctx, state, owner, deskPage)
}

// Case returns one case; see console.Desk.
func (p *Path) Case(ctx context.Context, id string) (supportbot.Case, error) {
	c, _, err := p.store.Case(ctx, id)
	return c, err
}

// Transcript returns the conversation of a case; see console.Desk.
func (p *Path) Transcript(ctx context.Context, id string, after int64) ([]supportbot.Message, error) {
	c, _, err := p.store.Case(ctx, id)
	if err != nil {
		return nil, err
	}
	return p.store.Messages(ctx, c.Thread, after, deskPage)
}

// Reach tells whether the person of a case may be written to; see console.Desk.
func (p *Path) Reach(ctx context.Context, id string) (channels.Reach, error) {
	_, at, err := p.store.Case(ctx, id)
	if err != nil {
		return channels.Reach{}, err
	}
	return p.store.Reach(ctx, at)
}

// Act takes an act of an agent through to its recorded result; see
// console.Desk. A message that asks for a secret, or holds one, is *handoff.Unsafe.
func (p *Path) Act(ctx context.Context, act supportbot.AgentAct) (supportbot.AgentResult, error) {
	// Masking can make a text longer, so what is checked is what will be kept.
	masked := Mask(supportbot.Inbound{Agent: &act}, supportbot.Question{})
	if err := handoff.Validate(*masked.Agent); err != nil {
		return supportbot.AgentResult{}, err
	}
	if act.Kind == supportbot.ActMessage {
		if err := handoff.NeverAsk(act.Text, masked.Masked); err != nil {
			return supportbot.AgentResult{}, err
		}
	}
	_, at, err := p.store.Case(ctx, act.Case)
	if err != nil {
		return supportbot.AgentResult{}, err
	}
	in := supportbot.Inbound{Address: at, ID: rand.Text(), Kind: supportbot.InAgent, Agent: &act}
	if act.ID != "" {
		in.ID = act.Agent + ":" + act.ID
	}
	same := act
	same.Fence = 0 // a repeat under another fence is a repeat
	raw, err := json.Marshal(same)
	if err != nil {
		return supportbot.AgentResult{}, fmt.Errorf("turn: encode act on case %s: %w", act.Case, err)
	}
	out, err := p.Handle(ctx, in, raw)
	if err != nil {
		return supportbot.AgentResult{}, err
	}
	if out.Agent == nil {
		return supportbot.AgentResult{}, fmt.Errorf("turn: %s case %s: the conversation had to start anew; look at the case again", act.Kind, act.Case)
	}
	return *out.Agent, nil
}

// Heartbeat renews the leases of all cases that an agent owns, and takes up again
// those that the agent was about to lose, but for a call that was cut off; see
// console.Desk.
func (p *Path) Heartbeat(ctx context.Context, agent string) error {
	if err := p.store.RenewLeases(ctx, agent, p.clock.now().Add(LeaseLimit)); err != nil {
		return err
	}
	lost, err := p.store.Cases(ctx, supportbot.CaseGrace, agent, deskPage)
	if err != nil {
		return err
	}
	for _, c := range lost {
		if c.Cut {
			continue
		}
		if _, err := p.Act(ctx, supportbot.AgentAct{Case: c.ID, Kind: supportbot.ActResume, Agent: agent}); err != nil {
			return err
		}
	}
	return nil
}

// Notice is the warning for those at the desk; see console.Desk.
func (p *Path) Notice() string { return *p.notice.Load() }
