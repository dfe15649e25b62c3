package main

import (
	"context"
	"fmt"
	"net/mail"

	"supportbot/internal/store"
)

type agentEmailCmd struct {
	Name  string `arg:"" help:"The agent."`
	Email string `arg:"" optional:"" help:"The address as the company's log-in has it; without one the agent comes by password alone."`
}

// Run lets an agent come by the company's log-in, or no longer.
func (cmd *agentEmailCmd) Run(ctx context.Context, c *cli) error {
	if cmd.Email != "" {
		if a, err := mail.ParseAddress(cmd.Email); err != nil || a.Address != cmd.Email {
			return fmt.Errorf("agent email: %q is no address such as lin@example.com", cmd.Email)
		}
	}
	return c.onExisting(ctx, func(s *store.Store) error {
		err := noAgent(cmd.Name, s.SetEmail(ctx, cmd.Name, cmd.Email, ""))
		if cmd.Email == "" {
			return told(err, "%s does not come by the company's log-in any more, and is logged out everywhere", cmd.Name)
		}
		return told(err, "whoever first comes by the company's log-in as %s is %s from then on; %s is logged out everywhere", cmd.Email, cmd.Name, cmd.Name)
	})
}
