// Package seal keeps what people say from those who come by a copy of the
// database: envelope encryption with Tink. Every conversation has a key of its
// own, and the key of the database seals these.
package seal

import (
	"crypto/rand"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
)

// Key seals the values of one conversation with AES-256-GCM.
type Key [32]byte

// NewKey makes a key.
func NewKey() (k Key) {
	rand.Read(k[:])
	return k
}

// Wrapped is the key sealed by a ring, for those who are at the address only.
func (k Key) Wrapped(r *Ring, address string) ([]byte, error) { return r.Wrap(k[:], address) }

// Unwrap opens a key that was sealed by a ring for the same address.
func Unwrap(r *Ring, wrapped []byte, address string) (k Key, err error) {
	secret, err := r.Unwrap(wrapped, address)
	if err == nil && copy(k[:], secret) != len(k) {
		err = ErrWrongKey
	}
	return k, err
}

// Seal seals a value, which then opens only as what it is: the name of its
// column and of its row in the conversation. It becomes 28 bytes longer.
func (k Key) Seal(value []byte, what string) ([]byte, error) {
	a, err := subtle.NewAESGCM(k[:])
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", what, err)
	}
	return a.Encrypt(value, []byte(what))
}

// Open opens what Seal sealed. What was changed, or sealed as something else, is
// an error that wraps ErrWrongKey.
func (k Key) Open(sealed []byte, what string) ([]byte, error) {
	a, err := subtle.NewAESGCM(k[:])
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", what, err)
	}
	value, err := a.Decrypt(sealed, []byte(what))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w; it was changed, or moved there from another place", what, ErrWrongKey)
	}
	return value, nil
}
