package main

import (
	"context"
	"errors"

	"supportbot/channels"
	"supportbot/handoff/console"
	"supportbot/internal/signin"
)

// oidcFlags are the company's log-in; docs/log-in.md.
type oidcFlags struct {
	OIDCIssuer     string `help:"URL of the company's OpenID provider, such as https://login.example.com; without one agents log in by password." name:"oidc-issuer" placeholder:"URL" env:"SUPPORTBOT_OIDC_ISSUER"`
	OIDCClient     string `help:"How the provider calls this program." name:"oidc-client" placeholder:"ID" env:"SUPPORTBOT_OIDC_CLIENT"`
	OIDCSecret     string `help:"By which the provider knows this program." name:"oidc-secret" placeholder:"SECRET" env:"SUPPORTBOT_OIDC_SECRET"`
	OIDCOnly       bool   `help:"Refuse passwords." name:"oidc-only" env:"SUPPORTBOT_OIDC_ONLY"`
	OIDCBreakGlass string `help:"The one admin who may log in by password even so, when the provider is down." name:"oidc-break-glass" placeholder:"NAME" env:"SUPPORTBOT_OIDC_BREAK_GLASS"`
}

func (f oidcFlags) oidc(publicURL string) signin.Config {
	return signin.Config{Issuer: f.OIDCIssuer, Client: f.OIDCClient, Secret: f.OIDCSecret, Redirect: publicURL + "/console/login/oidc/back"}
}

// checkOIDC refuses settings that could not work.
func (f oidcFlags) checkOIDC(publicURL string) error {
	switch {
	case f.OIDCIssuer == "" && (f.OIDCClient != "" || f.OIDCSecret != "" || f.OIDCOnly):
		return errors.New("--oidc-client, --oidc-secret and --oidc-only need --oidc-issuer")
	case f.OIDCBreakGlass != "" && !f.OIDCOnly:
		return errors.New("--oidc-break-glass is for --oidc-only; without it everybody may log in by password")
	case f.OIDCIssuer == "":
		return nil
	case publicURL == "":
		return errors.New("--oidc-issuer needs --public-url, to which the provider sends browsers back")
	}
	return f.oidc(publicURL).Check()
}

// provider is the company's log-in, nil if there is none.
func (f oidcFlags) provider(publicURL string) console.Provider {
	if f.OIDCIssuer == "" {
		return nil
	}
	return signin.New(f.oidc(publicURL))
}

func (cmd *doctorCmd) examineOIDC(ctx context.Context, _ bool) ([]channels.Finding, error) {
	return signin.New(cmd.oidc(cmd.PublicURL)).Examine(ctx), nil
}

// oidcSettings are the lines of --print-config.
func (f oidcFlags) oidcSettings(secret func(string) string) [][2]string {
	only := "false"
	if f.OIDCOnly {
		only = "true"
	}
	return [][2]string{
		{"oidc_issuer", f.OIDCIssuer}, {"oidc_client", f.OIDCClient}, {"oidc_secret", secret(f.OIDCSecret)},
		{"oidc_only", only}, {"oidc_break_glass", f.OIDCBreakGlass},
	}
}
