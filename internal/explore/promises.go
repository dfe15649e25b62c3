package explore

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"time"

	"go.yaml.in/yaml/v4"

	"supportbot/dialog"
	"supportbot/internal/authoring"
)

// promises is what the files of flows promise about places, "flow/step". They
// are read here a second time, since the engine's own word is what is in doubt.
type promises struct {
	guarded  map[string]bool          // requires: identity
	validFor map[string]time.Duration // of a handoff that verifies
	rungs    map[string]int           // how often a question may go unanswered by words
	undoes   map[string]bool          // slots, "flow/slot", whose correction makes that a verdict no longer holds
}

// defaults of the flow language, see CONTRIBUTING.md.
const (
	defaultRungs    = 4
	defaultValidity = 30 * time.Minute
)

type flowFile struct {
	Flow    string         `yaml:"flow"`
	Ladders ladders        `yaml:"ladders"`
	Steps   []stepPromises `yaml:"steps"`
	Slots   map[string]struct {
		Invalidates []string `yaml:"invalidates"`
	} `yaml:"slots"`
}

type ladders struct {
	NoMatch []any `yaml:"no_match"`
}

type stepPromises struct {
	ID       string `yaml:"id"`
	Ask      string `yaml:"ask"`
	End      string `yaml:"end"`
	Requires string `yaml:"requires"`
	NoMatch  []any  `yaml:"no_match"`
	Handoff  struct {
		ValidFor string `yaml:"valid_for"`
	} `yaml:"handoff"`
}

func readPromises(files fs.FS) (promises, error) {
	p := promises{map[string]bool{}, map[string]time.Duration{}, map[string]int{}, map[string]bool{}}
	list, err := fs.Glob(files, "flows/*.yaml")
	if err != nil {
		return p, fmt.Errorf("explore: list flows: %w", err)
	}
	if _, err := fs.Stat(files, dialog.Patterns); err == nil {
		list = append(list, dialog.Patterns)
	}
	for _, file := range slices.DeleteFunc(list, authoring.Litter) {
		data, err := fs.ReadFile(files, file)
		if err != nil {
			return p, fmt.Errorf("explore: read flows: %w", err)
		}
		decoder := yaml.NewDecoder(bytes.NewReader(data))
		for {
			var f flowFile
			if err := decoder.Decode(&f); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return p, fmt.Errorf("explore: %s: %w", file, err)
			}
			if err := p.add(f); err != nil {
				return p, fmt.Errorf("explore: %s: %w", file, err)
			}
		}
	}
	return p, nil
}

func (p promises) add(f flowFile) error {
	for slot := range f.Slots {
		p.undoes[f.Flow+"/"+slot] = f.undoes(slot)
	}
	for i, s := range f.Steps {
		place := f.Flow + "/" + s.id(i)
		p.guarded[place] = s.Requires != ""
		if s.Ask != "" {
			p.rungs[place] = len(s.NoMatch)
			if len(s.NoMatch) == 0 {
				p.rungs[place] = len(f.Ladders.NoMatch)
			}
		}
		if s.Handoff.ValidFor != "" {
			d, err := time.ParseDuration(s.Handoff.ValidFor)
			if err != nil {
				return fmt.Errorf("valid_for of %s: %w", place, err)
			}
			p.validFor[place] = d
		}
	}
	return nil
}

// undoes tells whether an answer invalidates the identity, directly or through
// other slots; the load has refused circles.
func (f flowFile) undoes(slot string) bool {
	return slot == "identity" || slices.ContainsFunc(f.Slots[slot].Invalidates, f.undoes)
}

// id is what a step is called if it has no id.
func (s stepPromises) id(i int) string {
	for _, id := range []string{s.ID, s.Ask, s.End} {
		if id != "" {
			return id
		}
	}
	return fmt.Sprint(i + 1)
}

// allows is how often in a row a question may get words that are no answer.
func (p promises) allows(place string) int {
	if n := p.rungs[place]; n > 0 {
		return min(n, defaultRungs)
	}
	return defaultRungs
}

// validity is how long a verdict of the handoff at a place holds.
func (p promises) validity(place string) time.Duration {
	if d, ok := p.validFor[place]; ok {
		return d
	}
	return defaultValidity
}
