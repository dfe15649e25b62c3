package handoff

import (
	"maps"
	"slices"
	"time"

	"supportbot"
)

// What a checklist says for itself where its file does not.
const (
	defaultAttempts = 3 // of an item
	// maxAttempts bounds what a file may allow: who may try more often guesses a birthday.
	maxAttempts = 10
	// maxHold is the longest that a proof of identity may hold.
	maxHold = 24 * time.Hour
)

// Checklists are those of one version of the content, by the reason of a case; "" is for
// all other reasons.
type Checklists map[string]supportbot.Checks

// For returns the checklist of a case that is opened now, nil if there is none or if
// nobody's identity is to be verified.
func (l Checklists) For(reason string, p supportbot.Packet) *supportbot.Checks {
	if p.Verifies == "" {
		return nil
	}
	c, ok := l[reason]
	if !ok {
		c, ok = l[""]
	}
	if !ok {
		return nil
	}
	return copyChecks(&c)
}

// list is a file of checks/ as it is written.
type list struct {
	Checks   string   `yaml:"checks"`
	Reasons  []string `yaml:"reasons"`
	Need     int      `yaml:"need"`
	Kinds    int      `yaml:"kinds"`
	Attempts int      `yaml:"attempts"`
	Approval bool     `yaml:"approval"`
	ValidFor string   `yaml:"valid_for"`
	Items    []item   `yaml:"items"`

	OnlyWithReference bool `yaml:"only_with_reference"`
}

type item struct {
	ID       string           `yaml:"id"`
	Title    title            `yaml:"title"`
	Means    supportbot.Means `yaml:"means"`
	Field    string           `yaml:"field"`
	Must     bool             `yaml:"must"`
	Attempts int              `yaml:"attempts"`
}

type title struct {
	Zh string `yaml:"zh"`
	En string `yaml:"en"`
}

// rule is the checklist that a list without faults stands for.
func (l list) rule() supportbot.Checks {
	c := supportbot.Checks{Need: l.Need, Kinds: l.Kinds, Attempts: l.Attempts, Approval: l.Approval, OnlyWithReference: l.OnlyWithReference}
	c.ValidFor, _ = time.ParseDuration(l.ValidFor)
	sum := 0
	for _, i := range l.Items {
		check := supportbot.Check{
			ID: i.ID, Title: map[supportbot.Language]string{supportbot.Chinese: i.Title.Zh, supportbot.English: i.Title.En},
			Means: i.Means, Field: i.Field, Must: i.Must, Attempts: i.Attempts,
		}
		if check.Attempts == 0 {
			check.Attempts = defaultAttempts
		}
		sum += check.Attempts
		c.Items = append(c.Items, check)
	}
	if c.Attempts == 0 {
		c.Attempts = sum
	}
	return c
}

// kinds are those of the items.
func (l list) kinds() []string {
	have := map[string]bool{}
	for _, i := range l.Items {
		have[i.Means.Kind()] = true
	}
	return slices.Sorted(maps.Keys(have))
}

// means lists what an item may be checked by, with whether it names a field.
var means = map[supportbot.Means]bool{
	supportbot.ByCompare: true, supportbot.ByCode: true, supportbot.ByCallback: false, supportbot.ByDocument: false,
}

func meansNames() (names []string) {
	for _, m := range slices.Sorted(maps.Keys(means)) {
		names = append(names, string(m))
	}
	return names
}
