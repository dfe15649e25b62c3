// Package seal keeps what people say from those who come by a copy of the
// database: envelope encryption with Tink. Every conversation has a key of its
// own, and the key of the database seals these.
package seal

import (
	"crypto/rand"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
)

// Key seals the values of one conversation with AES-256-GCM. The zero Key opens
// and seals nothing.
type Key struct {
	secret []byte
	aead   *subtle.AESGCM // made once, since that takes longer than to seal a message
}

// NewKey makes a key.
func NewKey() (Key, error) {
	secret := make([]byte, keyBytes)
	rand.Read(secret)
	return keyOf(secret)
}

const keyBytes = 32

func keyOf(secret []byte) (Key, error) {
	if len(secret) != keyBytes {
		return Key{}, ErrWrongKey
	}
	a, err := subtle.NewAESGCM(secret)
	return Key{secret, a}, err
}

// Wrapped is the key sealed by a ring, for those who are at the address only.
func (k Key) Wrapped(r *Ring, address string) ([]byte, error) { return r.Wrap(k.secret, address) }

// Unwrap opens a key that was sealed by a ring for the same address.
func Unwrap(r *Ring, wrapped []byte, address string) (Key, error) {
	secret, err := r.Unwrap(wrapped, address)
	if err != nil {
		return Key{}, err
	}
	return keyOf(secret)
}

// Seal seals a value, which then opens only as what it is: the name of its
// column and of its row in the conversation. It becomes 28 bytes longer.
func (k Key) Seal(value []byte, what string) ([]byte, error) {
	if k.aead == nil {
		return nil, fmt.Errorf("seal %s: %w", what, ErrNoKey)
	}
	return k.aead.Encrypt(value, []byte(what))
}

// Open opens what Seal sealed. What was changed, or sealed as something else, is
// an error that wraps ErrWrongKey.
func (k Key) Open(sealed []byte, what string) ([]byte, error) {
	if k.aead == nil {
		return nil, fmt.Errorf("open %s: %w", what, ErrNoKey)
	}
	value, err := k.aead.Decrypt(sealed, []byte(what))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w; it was changed, or moved there from another place", what, ErrWrongKey)
	}
	return value, nil
}
