package main

import (
	"errors"

	"supportbot/internal/feed"
)

// deskFlags are another desk, which is told of cases.
type deskFlags struct {
	DeskURL    string `help:"Where another desk is told what happens to cases, such as https://desk.example.com/supportbot; see docs/desk.md." name:"desk-url" placeholder:"URL" env:"SUPPORTBOT_DESK_URL"`
	DeskSecret string `help:"Key that signs what it is told: whsec_ and the base64 of 24 to 64 random bytes." placeholder:"SECRET" env:"SUPPORTBOT_DESK_SECRET"`
}

// otherDesk is the other desk, nil if there is none.
func (f deskFlags) otherDesk() (*feed.Desk, error) {
	switch {
	case f.DeskURL == "" && f.DeskSecret == "":
		return nil, nil
	case f.DeskURL == "":
		return nil, errors.New("--desk-secret is given without --desk-url, so that nobody is told anything")
	}
	return feed.NewDesk(f.DeskURL, f.DeskSecret)
}

// deskSettings are the lines of --print-config.
func (f deskFlags) deskSettings(secret func(string) string) [][2]string {
	return [][2]string{{"desk_url", f.DeskURL}, {"desk_secret", secret(f.DeskSecret)}}
}
