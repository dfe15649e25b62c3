package console

import (
	"context"

	"supportbot"
)

// Lessons is what people said that was not understood.
type Lessons interface {
	// Labels lists what a phrase can be an example of: the label of what is out
	// of scope, then topics, then controls.
	Labels() []string

	// Groups lists messages that say much the same, the largest group first.
	Groups(ctx context.Context) ([]supportbot.Alike, error)

	// Export makes phrases of messages, one of a language, and puts that into the
	// audit log. An unknown label, or nothing to export, is supportbot.ErrInvalid.
	Export(ctx context.Context, label string, chosen []supportbot.MissedID, by string) ([]supportbot.Phrases, error)

	// Dismiss takes messages out of the groups for good; supportbot.ErrInvalid if
	// there are none.
	Dismiss(ctx context.Context, all []supportbot.MissedID, by string) error
}
