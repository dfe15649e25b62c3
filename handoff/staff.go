package handoff

import (
	"slices"
	"time"

	"supportbot"
)

// Presence is whether an agent wants to be offered cases. Taking them by hand
// goes on whatever it is.
type Presence string

// The presences. Nobody chooses Offline: it is who is not heard of.
const (
	Available Presence = "available"
	Away      Presence = "away"
	Offline   Presence = "offline"
)

// DefaultCapacity is how many cases an agent may own at once, unless an admin
// says otherwise. A call counts as much as a chat.
const DefaultCapacity = 5

// MaxCapacity is the most that an admin may say.
const MaxCapacity = 100

// MaxMisses is how many offers in a row an agent may let pass before being away.
const MaxMisses = 2

// Profile is what an agent can do. Of no languages an agent speaks all; without
// skills an agent is asked when nobody with the skill is there.
type Profile struct {
	Languages []supportbot.Language `json:"languages,omitempty"`
	Skills    []string              `json:"skills,omitempty"` // reasons of cases, which are names of flows
	Teams     []string              `json:"teams,omitempty"`
	Capacity  int                   `json:"capacity"`
}

// Validate tells whether an admin may give an agent this profile. Its errors wrap
// supportbot.ErrInvalid.
func (p Profile) Validate() error {
	if p.Capacity < 1 || p.Capacity > MaxCapacity {
		return fault("capacity", "capacity", "it must be 1 to %d, not %d", MaxCapacity, p.Capacity)
	}
	for _, l := range p.Languages {
		if !l.Valid() {
			return invalid("languages: there is no language %q", l)
		}
	}
	for _, name := range slices.Concat(p.Skills, p.Teams) {
		if name == "" || len(name) > maxID {
			return invalid("a skill or team must have 1 to %d bytes", maxID)
		}
	}
	return nil
}

// Staff is an agent as the desk sees one.
type Staff struct {
	Name      string    `json:"name"`
	Role      Role      `json:"role"`
	Presence  Presence  `json:"presence"`
	Profile   Profile   `json:"profile"`
	Cases     int       `json:"cases"`              // that the agent owns or is asked to take
	Disabled  bool      `json:"disabled,omitempty"` // nothing lets the agent in
	OfferedAt time.Time `json:"-"`                  // when last; zero if never
}

// free is how many more cases the agent may be offered.
func (s Staff) free() int {
	if s.Presence != Available {
		return 0
	}
	return s.Profile.Capacity - s.Cases
}

// suits tells whether the agent may be offered a case at all: speaks its
// language, has not declined it, and belongs to its team.
func (s Staff) suits(c supportbot.Case) bool {
	speaks := len(s.Profile.Languages) == 0 || slices.Contains(s.Profile.Languages, c.Language)
	return speaks && !slices.Contains(c.Passed, s.Name) && (c.Team == "" || slices.Contains(s.Profile.Teams, c.Team))
}

// skilled tells whether the agent knows what the case is about.
func (s Staff) skilled(c supportbot.Case) bool { return slices.Contains(s.Profile.Skills, c.Reason) }
