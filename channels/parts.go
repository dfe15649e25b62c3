package channels

import (
	lru "github.com/hashicorp/golang-lru/v2"
)

// Parts sends messages that take several parts, and remembers what went out of those
// that failed on the way: another try goes on there. A node remembers only its own.
type Parts struct{ sent *lru.Cache[string, int] }

// begunKept is how many messages are remembered that went out in part.
const begunKept = 1000

// NewParts returns Parts that remember nothing.
func NewParts() Parts {
	sent, err := lru.New[string, int](begunKept)
	if err != nil {
		panic(err) // only a size below 1 is refused
	}
	return Parts{sent}
}

// Send sends a message of n parts from the first that has not gone out. No other
// message has the same key.
func (p Parts) Send(key string, n int, send func(part int) error) error {
	part, _ := p.sent.Get(key)
	for ; part < n; part++ {
		if err := send(part); err != nil {
			return err
		}
		p.sent.Add(key, part+1)
	}
	p.sent.Remove(key)
	return nil
}
