package handoff

import (
	"fmt"

	"supportbot"
)

// Fault is what is wrong with a field that somebody has filled in.
type Fault struct {
	Field   string // its name in JSON, with what it is within before it: "week.mon.0"
	Problem string // what kind of mistake, in one word
	Why     string // for people, in English
}

// Error implements error.
func (f *Fault) Error() string { return f.Field + ": " + f.Why }

// Unwrap makes a fault supportbot.ErrInvalid.
func (f *Fault) Unwrap() error { return supportbot.ErrInvalid }

func fault(field, problem, format string, args ...any) error {
	return &Fault{Field: field, Problem: problem, Why: fmt.Sprintf(format, args...)}
}

// What an admin may not do to an agent or a team.
var (
	ErrLastAdmin = fault("role", "last-admin", "this is the last admin who can log in; make another one first")
	ErrTaken     = fault("name", "taken", "the name is taken; choose another")
)
