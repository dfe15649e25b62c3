package signin

import (
	"context"
	"slices"

	"supportbot/channels"
)

// Examine looks whether the provider is there and does what is needed of it.
func (p *Provider) Examine(ctx context.Context) []channels.Finding {
	there := channels.Finding{What: "the log-in of the company at " + p.config.Issuer}
	d, err := p.discover(ctx)
	if err != nil {
		there.Remedy = err.Error() + "; look at --oidc-issuer, which must be written as the provider does"
		return []channels.Finding{there}
	}
	pkce := channels.Finding{What: "it protects codes by PKCE"}
	if len(d.methods) > 0 && !slices.Contains(d.methods, "S256") {
		pkce = channels.Finding{What: "codes are not protected by PKCE", Remedy: "the provider does not speak S256; use another"}
	}
	return []channels.Finding{there, pkce, {What: "browsers come back to " + d.oauth.RedirectURL + ", which the provider must know as it is"}}
}
