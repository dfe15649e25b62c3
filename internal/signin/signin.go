// Package signin lets agents log in with the account that their company has given
// them, by OpenID Connect: authorization code with PKCE.
package signin

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"supportbot/handoff"
)

// Config is what a deployment says of the provider.
type Config struct {
	Issuer   string // its URL, as it stands in its tokens
	Client   string // how it calls this program
	Secret   string // by which it knows this program
	Redirect string // where it sends browsers back to
}

// Check refuses settings that could not work, or not safely.
func (c Config) Check() error {
	u, err := url.Parse(c.Issuer)
	switch {
	case err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return fmt.Errorf("--oidc-issuer %q must be a URL such as https://login.example.com", c.Issuer)
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())):
		return fmt.Errorf("--oidc-issuer %q must begin with https, or anybody on the way could log in", c.Issuer)
	case c.Client == "" || c.Secret == "":
		return errors.New("--oidc-issuer needs --oidc-client and --oidc-secret, which the provider gives")
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

const (
	callLimit  = 10 * time.Second // of one call of the provider
	forgetting = 5 * time.Second  // so long a failed discovery is not tried again
	skew       = time.Minute      // by which clocks may differ
)

// Provider is the company's log-in. It is looked for when it is first needed, so
// that this program starts without it.
type Provider struct {
	config Config
	client *http.Client

	mu     sync.Mutex
	found  *discovered
	failed error
	until  time.Time // when to look again
}

// discovered is what the provider says of itself.
type discovered struct {
	provider *oidc.Provider
	oauth    oauth2.Config
	verifier *oidc.IDTokenVerifier
	methods  []string // of PKCE; none if it does not say
}

// New makes a provider of a checked configuration; it calls nobody.
func New(c Config) *Provider {
	return &Provider{config: c, client: &http.Client{
		Timeout:       callLimit,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // a secret goes where the operator said
	}}
}

// discover asks the provider once about itself.
func (p *Provider) discover(ctx context.Context) (*discovered, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	if time.Now().Before(p.until) {
		return nil, p.failed
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(oidc.ClientContext(ctx, p.client)), callLimit) // others wait for it too
	defer cancel()
	found, err := p.look(ctx)
	if err != nil {
		p.failed, p.until = err, time.Now().Add(forgetting)
		return nil, err
	}
	p.found = found
	return found, nil
}

func (p *Provider) look(ctx context.Context) (*discovered, error) {
	provider, err := oidc.NewProvider(ctx, p.config.Issuer)
	if err != nil {
		return nil, fmt.Errorf("%w: discover %s: %w", handoff.ErrProvider, p.config.Issuer, err)
	}
	var says struct {
		Auth    []string `json:"token_endpoint_auth_methods_supported"`
		Methods []string `json:"code_challenge_methods_supported"`
	}
	if err := provider.Claims(&says); err != nil {
		return nil, fmt.Errorf("%w: discover %s: %w", handoff.ErrProvider, p.config.Issuer, err)
	}
	endpoint := provider.Endpoint()
	// Said here, since finding out would send the code twice. Basic is what holds if
	// the provider says nothing: OpenID Connect Discovery 1.0, section 3.
	endpoint.AuthStyle = oauth2.AuthStyleInHeader
	if len(says.Auth) > 0 && !slices.Contains(says.Auth, "client_secret_basic") {
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	return &discovered{
		provider: provider,
		oauth: oauth2.Config{
			ClientID: p.config.Client, ClientSecret: p.config.Secret, Endpoint: endpoint,
			RedirectURL: p.config.Redirect, Scopes: []string{oidc.ScopeOpenID, "email"},
		},
		verifier: provider.VerifierContext(ctx, &oidc.Config{
			ClientID: p.config.Client, Now: func() time.Time { return time.Now().Add(-skew) },
		}),
		methods: says.Methods,
	}, nil
}

// Where returns the URL at which a browser is asked who its person is.
// handoff.ErrProvider if the provider cannot be reached.
func (p *Provider) Where(ctx context.Context, a handoff.Asking) (string, error) {
	d, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	return d.oauth.AuthCodeURL(a.State, oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)), nil
}

// Who returns whom the provider means by a code. The error is handoff.ErrProvider if
// it cannot be reached, else what it says is not to be believed.
func (p *Provider) Who(ctx context.Context, a handoff.Asking, code string) (who handoff.Identity, err error) {
	d, err := p.discover(ctx)
	if err != nil {
		return who, err
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, p.client), callLimit)
	defer cancel()
	token, err := d.oauth.Exchange(ctx, code, oauth2.VerifierOption(a.Verifier))
	if err != nil {
		return who, exchangeFailed(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return who, errors.New("signin: the answer has no ID token")
	}
	id, err := d.verifier.Verify(ctx, raw)
	if err != nil {
		if strings.Contains(err.Error(), "fetching keys") { // of the provider; the library has no error of its own for it
			return who, fmt.Errorf("%w: %w", handoff.ErrProvider, err)
		}
		return who, fmt.Errorf("signin: %w", err)
	}
	who, err = p.believe(id, a)
	if err != nil || who.Email != "" || d.provider.UserInfoEndpoint() == "" {
		return who, err
	}
	// Where there is an access token, some tell the address only for it: OpenID Connect
	// Core 1.0, section 5.4.
	info, err := d.provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return who, fmt.Errorf("%w: ask for the e-mail address: %w", handoff.ErrProvider, err)
	}
	if info.Subject == who.Subject && info.EmailVerified {
		who.Email = info.Email
	}
	return who, nil
}

// exchangeFailed tells a code that is refused from a provider that does not work.
// The provider's own words are left out: they may repeat the code.
func exchangeFailed(err error) error {
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) {
		return fmt.Errorf("%w: exchange the code: %w", handoff.ErrProvider, err)
	}
	if status := refused.Response.StatusCode; status >= 500 || status == http.StatusTooManyRequests {
		return fmt.Errorf("%w: the code is answered with %d", handoff.ErrProvider, status)
	}
	return fmt.Errorf("signin: the code is refused: %s", refused.ErrorCode)
}

// believe takes from a verified token who it is about.
func (p *Provider) believe(id *oidc.IDToken, a handoff.Asking) (who handoff.Identity, err error) {
	var claims struct {
		Email    string   `json:"email"`
		Verified flag     `json:"email_verified"`
		Party    string   `json:"azp"`
		Methods  []string `json:"amr"`
	}
	if err := id.Claims(&claims); err != nil {
		return who, fmt.Errorf("signin: %w", err)
	}
	switch {
	case id.Nonce == "" || id.Nonce != a.Nonce:
		return who, errors.New("signin: the token is for another log-in")
	case id.Subject == "":
		return who, errors.New("signin: the token is about nobody")
	case claims.Party != "" && claims.Party != p.config.Client, len(id.Audience) > 1 && claims.Party == "":
		return who, errors.New("signin: the token is for another program")
	}
	who = handoff.Identity{Issuer: id.Issuer, Subject: id.Subject, Factors: slices.Contains(claims.Methods, "mfa")}
	if claims.Verified {
		who.Email = claims.Email
	}
	return who, nil
}

// flag is a truth that some providers write as a string.
type flag bool

// UnmarshalJSON implements json.Unmarshaler.
func (f *flag) UnmarshalJSON(data []byte) error {
	*f = string(data) == "true" || string(data) == `"true"`
	return nil
}
