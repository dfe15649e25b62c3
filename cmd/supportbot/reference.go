package main

import (
	"errors"
	"log/slog"

	"supportbot/handoff/console"
	"supportbot/internal/hook"
	"supportbot/internal/reference"
)

// referenceFlags are where merchants' data are, with which agents compare what people
// say, and what they may have done then.
type referenceFlags struct {
	Reference       string `help:"CSV file of merchants, with which agents compare, blind, what people say; its first line is such as merchant:digits,owner:words,phone:phone,opened:date." placeholder:"FILE" env:"SUPPORTBOT_REFERENCE"`
	ReferenceURL    string `help:"Another program that compares, in the place of a file." name:"reference-url" placeholder:"URL" env:"SUPPORTBOT_REFERENCE_URL"`
	Hooks           string `help:"YAML file of what agents may have other programs do for somebody whom they have verified; see docs/security.md." placeholder:"FILE" env:"SUPPORTBOT_HOOKS"`
	ReferenceSecret string `help:"Key that signs what that program is asked: whsec_ and the base64 of 24 to 64 random bytes." placeholder:"SECRET" env:"SUPPORTBOT_REFERENCE_SECRET"`
}

// reference is who compares, nil if nothing is configured. A file must be run, so that
// it is read again when it changes.
func (f referenceFlags) reference(log *slog.Logger) (console.Reference, *reference.File, error) {
	switch {
	case f.Reference != "" && f.ReferenceURL != "":
		return nil, nil, errors.New("--reference and --reference-url are both given; keep one")
	case f.Reference != "":
		file, err := reference.Open(f.Reference, log)
		return file, file, err
	case f.ReferenceURL != "":
		lookup, err := reference.NewLookup(f.ReferenceURL, f.ReferenceSecret)
		return lookup, nil, err
	}
	log.Info("there are no reference data, so that agents cannot compare what people say; set SUPPORTBOT_REFERENCE or SUPPORTBOT_REFERENCE_URL")
	return nil, nil, nil
}

// hooks are what agents may trigger, nil if there are none.
func (f referenceFlags) hooks() (console.Hooks, error) {
	if f.Hooks == "" {
		return nil, nil
	}
	return hook.Open(f.Hooks)
}

// referenceSettings are the lines of --print-config.
func (f referenceFlags) referenceSettings(secret func(string) string) [][2]string {
	return [][2]string{{"reference", f.Reference}, {"hooks", f.Hooks}, {"reference_url", f.ReferenceURL}, {"reference_secret", secret(f.ReferenceSecret)}}
}
