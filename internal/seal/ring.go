package seal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Ring seals keys. It holds the key in force and those before it, which still
// open what they sealed. It is safe for concurrent use.
type Ring struct {
	place Place
	mu    sync.Mutex
	held
}

// held is what a ring holds, as it was last read.
type held struct {
	set  *keyset.Handle
	aead tink.AEAD
	read time.Time
}

// ErrWrongKey tells that the ring has no key that opens this, or it was tampered with.
var ErrWrongKey = errors.New("the key does not open it")

func newHeld() (held, error) {
	set, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return held{}, err
	}
	return hold(set)
}

func hold(set *keyset.Handle) (held, error) {
	a, err := aead.New(set)
	return held{set, a, time.Now()}, err
}

// encode writes the keys in the clear, as JSON.
func (h held) encode() ([]byte, error) {
	var text bytes.Buffer
	if err := insecurecleartextkeyset.Write(h.set, keyset.NewJSONWriter(&text)); err != nil {
		return nil, err
	}
	return append(text.Bytes(), '\n'), nil
}

func decode(text []byte) (held, error) {
	set, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(text)))
	if err != nil {
		return held{}, err
	}
	return hold(set)
}

// renewEvery is how soon what is sealed anew is sealed by a key that another
// process has put in force.
const renewEvery = time.Minute

// Wrap seals a key, or another small secret; it opens with the same context only.
func (r *Ring) Wrap(secret []byte, context string) ([]byte, error) {
	r.mu.Lock()
	old := time.Since(r.read) > renewEvery
	r.mu.Unlock()
	if old {
		r.renew()
	}
	return r.now().aead.Encrypt(secret, []byte(context))
}

// Unwrap opens what Wrap sealed, ErrWrongKey if it cannot. What a newer key has
// sealed makes it read the file of the ring again.
func (r *Ring) Unwrap(wrapped []byte, context string) ([]byte, error) {
	secret, err := r.now().aead.Decrypt(wrapped, []byte(context))
	if err != nil && r.renew() {
		secret, err = r.now().aead.Decrypt(wrapped, []byte(context))
	}
	if err != nil {
		return nil, ErrWrongKey
	}
	return secret, nil
}

func (r *Ring) now() held {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.held
}

// renew reads the ring's file again, and tells whether it holds another key now.
func (r *Ring) renew() bool {
	h, err := r.place.read()
	if err != nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	changed := h.primary() != r.primary() || h.set.Len() != r.set.Len()
	r.held = h
	return changed
}

// primary is the number of the key in force.
func (h held) primary() uint32 {
	key, err := h.set.Primary()
	if err != nil {
		return 0 // a set that could be held has one
	}
	return key.KeyID()
}

// Current tells whether the key in force has sealed it: behind a first byte stands
// the number of the key (https://developers.google.com/tink/wire-format).
func (r *Ring) Current(wrapped []byte) bool {
	return len(wrapped) > 5 && binary.BigEndian.Uint32(wrapped[1:]) == r.now().primary()
}

// Keys is how many keys the ring holds.
func (r *Ring) Keys() int { return r.now().set.Len() }

// Prepare adds a key that opens but does not seal yet, so that it can be brought to
// other machines before it is in force. The ring's file is replaced.
func (r *Ring) Prepare() error {
	return r.change(func(m *keyset.Manager, last uint32) error {
		if last != r.now().primary() {
			return nil // there is one
		}
		_, err := m.Add(aead.AES256GCMKeyTemplate())
		return err
	})
}

// Rotate puts a new key in force, one that was prepared if there is one, and keeps
// the others for what they sealed. The ring's file is replaced.
func (r *Ring) Rotate() error {
	if err := r.Prepare(); err != nil {
		return err
	}
	return r.change(func(m *keyset.Manager, last uint32) error { return m.SetPrimary(last) })
}

// change edits the keys in the file first, then those held; last is the number of
// the newest. What another process has put into the file stays.
func (r *Ring) change(edit func(m *keyset.Manager, last uint32) error) error {
	unlock, err := r.place.lock()
	if err != nil {
		return fmt.Errorf("seal: change the keys: %w", err)
	}
	defer unlock()
	r.renew()
	h := r.now()
	newest, err := h.set.Entry(h.set.Len() - 1)
	if err != nil {
		return fmt.Errorf("seal: change the keys: %w", err)
	}
	manager := keyset.NewManagerFromHandle(h.set)
	if err := edit(manager, newest.KeyID()); err != nil {
		return fmt.Errorf("seal: change the keys: %w", err)
	}
	set, err := manager.Handle()
	if err == nil {
		h, err = hold(set)
	}
	if err != nil {
		return fmt.Errorf("seal: change the keys: %w", err)
	}
	if err := r.place.replace(h); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.held = h
	return nil
}
