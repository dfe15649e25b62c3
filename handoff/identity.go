package handoff

import "errors"

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
