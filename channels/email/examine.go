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
	if refused := client.DialWithContext(ctx); refused != nil {
		return []channels.Finding{{What: "the mail server does not let us in", Remedy: refused.Error() + "; look at --smtp-url"}}, nil
	}
	return []channels.Finding{{What: "the mail server takes mail of ours"}}, client.Close()
}
