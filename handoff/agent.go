// Package handoff holds the rules of cases: who may do what to one, and what it
// becomes. Transitions are pure, as those of the dialog engine are.
package handoff

import "time"

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
}

// Token is what is known of a bearer token.
type Token struct {
	ID     string // the beginning of its hash
	Agent  string
	MadeAt time.Time
	UsedAt time.Time // to the minute, zero if never
	EndsAt time.Time // zero if it does not
}
