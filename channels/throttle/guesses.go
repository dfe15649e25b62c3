package throttle

import (
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Guesses limits the wrong keys that come from each network. A network that has
// shown a right one is not kept out by what else comes from it. That of this
// machine, "", has no limit: it may be everybody's. A nil Guesses has none at all.
type Guesses struct {
	wrong *Rate
	known *lru.Cache[string, struct{}]
}

// NewGuesses makes Guesses of so many wrong keys a minute and network; nil for 0.
func NewGuesses(perMinute int) *Guesses {
	if perMinute == 0 {
		return nil
	}
	known, err := lru.New[string, struct{}](kept)
	if err != nil {
		panic(err) // only a size below 1 is refused
	}
	return &Guesses{wrong: NewRate(perMinute), known: known}
}

// Wait is how long a network has to wait before a key from it is looked at; 0 if
// it need not.
func (g *Guesses) Wait(network string) time.Duration {
	if g == nil || network == "" || g.known.Contains(network) {
		return 0
	}
	return g.wrong.Wait(network)
}

// Wrong notes that a key was wrong.
func (g *Guesses) Wrong(network string) {
	if g != nil && network != "" {
		g.wrong.Take(network)
	}
}

// Right notes that a key was right.
func (g *Guesses) Right(network string) {
	if g != nil && network != "" {
		g.known.Add(network, struct{}{})
	}
}
