package email

import (
	"context"

	"supportbot/channels"
)

// Examine looks whether the server is there, encrypts, and lets us in. It sends no
// mail.
func (c Config) Examine(ctx context.Context, _ bool) ([]channels.Finding, error) {
	f := channels.Finding{What: "the mail server takes mail of ours"}
	client, err := c.connection()
	if err == nil {
		err = client.DialWithContext(ctx)
	}
	if err != nil {
		return []channels.Finding{{What: "the mail server does not let us in", Remedy: err.Error() + "; look at --smtp-url"}}, nil
	}
	return []channels.Finding{f}, client.Close()
}
