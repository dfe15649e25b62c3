package main

import (
	"context"
	"fmt"

	"supportbot/channels/twilio"
	"supportbot/internal/store"
)

type agentPhoneCmd struct {
	Name            string   `arg:"" help:"The agent."`
	Number          string   `arg:"" optional:"" help:"The number with its country code, such as +4930901820; without one the agent is not called any more."`
	TwilioFrom      string   `help:"As serve has it: numbers of its country may be called." name:"twilio-from" placeholder:"NUMBER" env:"SUPPORTBOT_TWILIO_FROM"`
	TwilioCountries []string `help:"As serve has it." name:"twilio-countries" placeholder:"PREFIX" env:"SUPPORTBOT_TWILIO_COUNTRIES"`
}

// Run sets a telephone number, or takes it away.
func (cmd *agentPhoneCmd) Run(ctx context.Context, c *cli) error {
	if cmd.Number != "" {
		if err := (twilio.Config{From: cmd.TwilioFrom, Countries: cmd.TwilioCountries}).CheckPhone(cmd.Number); err != nil {
			return fmt.Errorf("agent phone: %w", err)
		}
	}
	return c.onExisting(ctx, func(s *store.Store) error {
		err := noAgent(cmd.Name, s.SetPhone(ctx, cmd.Name, cmd.Number, ""))
		if cmd.Number == "" {
			return told(err, "%s is not called any more", cmd.Name)
		}
		return told(err, "%s is called at %s", cmd.Name, cmd.Number)
	})
}
