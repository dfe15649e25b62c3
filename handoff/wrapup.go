package handoff

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"supportbot"
)

// WrapUpLimit is how long after the end of a case its last owner may still give
// it a code, or another one.
const WrapUpLimit = 10 * time.Minute

// Code is what an agent may say that a case came to.
type Code struct {
	ID      supportbot.Wrapup
	Label   map[supportbot.Language]string
	Retired bool // it is no longer given; reports still know its label
}

// codesFile is where content keeps its codes.
const codesFile = "codes.yaml"

// Agents choose among buttons, so there are few codes with short ids.
const (
	maxCodes = 20
	maxCode  = 40 // bytes
)

// LoadCodes reads and proves codes.yaml of a content folder, none if there is none.
// The error holds all that is wrong, a line each, with file and line.
func LoadCodes(content fs.FS) (codes []Code, err error) {
	data, err := fs.ReadFile(content, codesFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("handoff: read codes: %w", err)
	}
	l := loader{file: codesFile}
	var in struct {
		Codes []codeLine `yaml:"codes"`
	}
	if !l.decode(string(data), &in) {
		return nil, errors.Join(l.problems...)
	}
	if len(in.Codes) == 0 || len(in.Codes) > maxCodes {
		l.fail(l.line("codes"), "there are %d codes; write 1 to %d, or take the file away if agents are not to be asked", len(in.Codes), maxCodes)
	}
	seen := map[string]bool{}
	for i, c := range in.Codes {
		if !idPattern.MatchString(c.ID) || len(c.ID) > maxCode {
			l.fail(l.line("codes", i, "id"), "id %q must be small letters, digits and -, %d at most", c.ID, maxCode)
		}
		if seen[c.ID] {
			l.fail(l.line("codes", i, "id"), "code %s stands here a second time; keep one", c.ID)
		}
		seen[c.ID] = true
		if strings.TrimSpace(c.Zh) == "" || strings.TrimSpace(c.En) == "" {
			l.fail(l.line("codes", i), "code %s needs a label in zh and en", c.ID)
		}
		codes = append(codes, Code{
			ID: supportbot.Wrapup(c.ID), Retired: c.Retired,
			Label: map[supportbot.Language]string{supportbot.Chinese: c.Zh, supportbot.English: c.En},
		})
	}
	return codes, errors.Join(l.problems...)
}

// codeLine is a code as it is written.
type codeLine struct {
	ID      string `yaml:"id"`
	Zh      string `yaml:"zh"`
	En      string `yaml:"en"`
	Retired bool   `yaml:"retired"`
}
