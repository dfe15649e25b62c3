// Package handoff holds the rules of cases: who may do what to one, and what it
// becomes. Transitions are pure, as those of the dialog engine are.
package handoff

import (
	"errors"
	"time"
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
	SignIn   SignIn
	Factors  bool // of a session: the company's log-in has asked for more than a password
}

// Identity is somebody as the company's log-in knows them.
type Identity struct {
	Issuer  string // who says so
	Subject string // who it is; the issuer never means another by it
	Email   string // "" unless the issuer has verified that it is theirs
	Factors bool   // the issuer has asked for more than a password
}

// Asking is what is kept, of a browser, while the company's log-in asks who its
// person is. All are random.
type Asking struct {
	State    string // comes back with the browser
	Nonce    string // comes back in the token
	Verifier string // shows that who redeems the code has asked for it: RFC 7636
}

// ErrProvider tells that the company's log-in cannot be reached, or does not work now.
var ErrProvider = errors.New("the company's log-in does not work now")

// SignIn is how an agent stands to the company's log-in.
type SignIn string

// The values; "" is an agent who does not come by it.
const (
	SignInAwaited SignIn = "awaited" // may come by it, known by the e-mail address
	SignInBound   SignIn = "bound"   // has come by it
)

// Token is what is known of a bearer token.
type Token struct {
	ID     string // the beginning of its hash
	Agent  string
	MadeAt time.Time
	UsedAt time.Time // to the minute, zero if never
	EndsAt time.Time // zero if it does not
}
