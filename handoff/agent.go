// Package handoff holds the rules of cases: who may do what to one, and what it
// becomes. Transitions are pure, as those of the dialog engine are.
package handoff

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Role is what an agent may do.
type Role string

// The roles, each including those before it.
const (
	RoleAgent      Role = "agent"
	RoleSupervisor Role = "supervisor"
	RoleAdmin      Role = "admin"
)

// Valid tells whether there is such a role.
func (r Role) Valid() bool { return r == RoleAgent || r == RoleSupervisor || r == RoleAdmin }

// Includes tells whether whoever has role r may do what other may. What is no
// role includes nothing and is in none.
func (r Role) Includes(other Role) bool {
	rank := map[Role]int{RoleAgent: 1, RoleSupervisor: 2, RoleAdmin: 3}
	return rank[other] > 0 && rank[r] >= rank[other]
}

// Agent is a person who works at the console.
type Agent struct {
	Name     string
	Role     Role
	Password string // argon2id in PHC form, "" if the agent has only tokens
	Stamp    string // the store's; another one ends all sessions
	TOTP     string // key of the second factor, "" if there is none
	Disabled bool   // nothing lets the agent in
	AddedBy  string // of one who is to be added; "" is whoever works at the machine
	SignIn   SignIn // how the agent stands to the company's log-in
	Factors  bool   // of a session: the company's log-in has asked for more than a password
}

// MaxName is the longest name of an agent or a team, in bytes; merchants see it.
const MaxName = 60

// ValidName tells whether an agent or a team may be called so. Its errors are
// *Fault.
func ValidName(name string) error {
	switch {
	case strings.TrimSpace(name) != name, strings.Trim(name, ".") == "", len(name) > MaxName, strings.ContainsFunc(name, unicode.IsControl), !utf8.ValidString(name):
		return fault("name", "name", "a name has 1 to %d bytes, not dots alone, and no space around it", MaxName)
	case strings.HasPrefix(name, OperatorPrefix):
		return fault("name", "name", "a name does not begin with %s, by which the audit log names who works at the machine", OperatorPrefix)
	}
	return nil
}

// OperatorPrefix begins the names in the audit log of those who work at the machine.
const OperatorPrefix = "operator:"

// Account is an agent as admins see one.
type Account struct {
	Staff
	SecondFactor bool      `json:"second_factor"`
	Phone        string    `json:"phone,omitempty"`  // the last four digits of the telephone, "" if there is none
	SeenAt       time.Time `json:"seen_at,omitzero"` // to the lease; zero if never
}

// Token is what is known of a bearer token.
type Token struct {
	ID     string // the beginning of its hash
	Agent  string
	MadeAt time.Time
	UsedAt time.Time // to the minute, zero if never
	EndsAt time.Time // zero if it does not
}
