package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v4"
)

// configFile reads settings from a YAML file: the names of flags, with dashes
// or underscores, to their values. A variable of the environment goes before.
func configFile(r io.Reader) (kong.Resolver, error) {
	settings := map[string]any{}
	if err := yaml.NewDecoder(r).Decode(&settings); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("configuration file: %w", err)
	}
	byFlag := map[string]any{}
	for name, value := range settings {
		byFlag[strings.ReplaceAll(name, "_", "-")] = value
	}
	return resolver(byFlag), nil
}

type resolver map[string]any

// Validate refuses settings that are no flag of any command.
func (s resolver) Validate(app *kong.Application) error {
	known := map[string]bool{}
	for _, command := range append(app.Leaves(false), app.Node) {
		for _, flags := range command.AllFlags(false) {
			for _, f := range flags {
				known[f.Name] = true
			}
		}
	}
	for name := range s {
		if !known[name] {
			return fmt.Errorf("configuration file: there is no setting %q; see supportbot serve --help", name)
		}
	}
	return nil
}

// Resolve gives a flag its value.
func (s resolver) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, env := range flag.Envs {
		if _, set := os.LookupEnv(env); set {
			return nil, nil
		}
	}
	switch v := s[flag.Name].(type) {
	case nil, string, bool, []any:
		return v, nil
	case map[string]any:
		return nil, fmt.Errorf("configuration file: %s must be a word, a number or a list", flag.Name)
	default:
		return fmt.Sprint(v), nil // a number without quotes
	}
}
