package seal

import (
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"
)

func create(t *testing.T) (*Ring, Place) {
	t.Helper()
	p := Place{File: filepath.Join(t.TempDir(), "data", "key"), Make: true}
	r, made, err := p.Create()
	if err != nil || !made {
		t.Fatal(made, err)
	}
	return r, p
}

func newKey(t *rapid.T) Key {
	k, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestAnyValueOpensAsWhatItIsOnly: under its key and name, unchanged.
func TestAnyValueOpensAsWhatItIsOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key, other := newKey(t), newKey(t)
		value, name := rapid.SliceOf(rapid.Byte()).Draw(t, "value"), rapid.String().Draw(t, "name")
		sealed, err := key.Seal(value, name)
		if err != nil || len(sealed) != len(value)+28 {
			t.Fatalf("%d bytes became %d, %v", len(value), len(sealed), err)
		}
		if opened, err := key.Open(sealed, name); err != nil || !bytes.Equal(opened, value) {
			t.Fatalf("opened %x, %v; want %x", opened, err, value)
		}
		changed := bytes.Clone(sealed)
		changed[rapid.IntRange(0, len(sealed)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		for what, open := range map[string]func() ([]byte, error){
			"another key":   func() ([]byte, error) { return other.Open(sealed, name) },
			"another name":  func() ([]byte, error) { return key.Open(sealed, name+"x") },
			"a changed bit": func() ([]byte, error) { return key.Open(changed, name) },
			"cut short":     func() ([]byte, error) { return key.Open(sealed[:len(sealed)-1], name) },
		} {
			if _, err := open(); !errors.Is(err, ErrWrongKey) {
				t.Errorf("%s: %v, want ErrWrongKey", what, err)
			}
		}
	})
}

func TestARingIsMadeOnce(t *testing.T) {
	r, p := create(t)
	again, made, err := p.Create()
	if err != nil || made {
		t.Fatal(made, err)
	}
	wrapped, err := r.Wrap([]byte("secret"), "here")
	if err != nil {
		t.Fatal(err)
	}
	if secret, err := again.Unwrap(wrapped, "here"); err != nil || string(secret) != "secret" {
		t.Errorf("%q, %v", secret, err)
	}
	if _, err := again.Unwrap(wrapped, "there"); !errors.Is(err, ErrWrongKey) {
		t.Errorf("in another place: %v", err)
	}
	text, err := os.ReadFile(p.File)
	if err != nil {
		t.Fatal(err)
	}
	given, err := Place{Given: base64.StdEncoding.EncodeToString(text)}.Load()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := given.Unwrap(wrapped, "here"); err != nil {
		t.Error(err)
	}
	if err := given.Rotate(); err == nil {
		t.Error("a key of the environment was rotated")
	}
}

// TestOthersHearOfANewKey: a ring that was read before opens what a newer key has
// sealed, and the newer one what was sealed before.
func TestOthersHearOfANewKey(t *testing.T) {
	r, p := create(t)
	other, err := p.Load()
	if err != nil {
		t.Fatal(err)
	}
	before, err := r.Wrap([]byte("secret"), "here")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Prepare(); err != nil || r.Keys() != 2 || !r.Current(before) {
		t.Errorf("a prepared key: %v, %d keys, in force already: %t", err, r.Keys(), !r.Current(before))
	}
	if err := r.Rotate(); err != nil || r.Keys() != 2 || r.Current(before) {
		t.Errorf("in force: %v, %d keys", err, r.Keys())
	}
	after, err := r.Wrap([]byte("secret"), "here")
	if err != nil || !r.Current(after) {
		t.Fatal(err)
	}
	for _, wrapped := range [][]byte{before, after} {
		if _, err := other.Unwrap(wrapped, "here"); err != nil {
			t.Error(err)
		}
		if _, err := r.Unwrap(wrapped, "here"); err != nil {
			t.Error(err)
		}
	}
}
