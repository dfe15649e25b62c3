package email

import (
	"context"

	"supportbot/channels"
)

// Examine looks whether the server is there, encrypts, and lets us in. It sends no
// mail.
func (c Config) Examine(ctx context.Context, _ bool) ([]channels.Finding, error) {
	client, err := c.connection()
	if err != nil {
		return nil, err
	}
	f := channels.Finding{What: "the mail server takes mail of ours"}
	if err := client.DialWithContext(ctx); err != nil {
		f = channels.Finding{What: "the mail server does not let us in", Remedy: err.Error() + "; look at --smtp-url"}
	} else if err := client.Close(); err != nil {
		return nil, err
	}
	return []channels.Finding{f}, nil
}
