// Package handoff holds the rules of cases: who may do what to one, and what it
// becomes. Transitions are pure, as those of the dialog engine are.
package handoff

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

// Agent is a person who works at the console.
type Agent struct {
	Name     string
	Role     Role
	Password string // argon2id in PHC form, "" if the agent has only tokens
}
