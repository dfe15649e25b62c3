package seal

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Place is where the key of a database is kept: text that is given, or a file.
type Place struct {
	Given string // the base64 of a key file; "" for File
	File  string
	Make  bool // File may be made for a database in which nothing is sealed yet
}

// ErrNoKey tells that there is no key where one should be.
var ErrNoKey = errors.New("there is no key")

// Load reads the key, ErrNoKey if its file is not there.
func (p Place) Load() (*Ring, error) {
	h, err := p.read()
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return &Ring{place: p, held: h}, nil
}

// Create makes a key file that only its owner may read. If another process was
// quicker, its key is the one.
func (p Place) Create() (_ *Ring, made bool, err error) {
	h, err := newHeld()
	if err != nil {
		return nil, false, fmt.Errorf("seal: make a key: %w", err)
	}
	err = p.write(h, os.Link) // which replaces nothing
	if errors.Is(err, fs.ErrExist) {
		r, err := p.Load()
		return r, false, err
	}
	if err != nil {
		return nil, false, fmt.Errorf("seal: keep the key: %w", err)
	}
	return &Ring{place: p, held: h}, true, nil
}

// Remove deletes a key file that Create has made and nothing was sealed with.
func (p Place) Remove() error { return os.Remove(p.File) }

// String names the place for messages.
func (p Place) String() string {
	if p.Given != "" {
		return "the key of SUPPORTBOT_KEY"
	}
	return "the key in " + p.File
}

func (p Place) read() (held, error) {
	if p.Given != "" {
		text, err := base64.StdEncoding.DecodeString(p.Given)
		if err != nil {
			return held{}, errors.New("SUPPORTBOT_KEY is not the base64 of a key file; write it with: base64 -w0 supportbot.key")
		}
		h, err := decode(text)
		if err != nil {
			return held{}, errors.New("SUPPORTBOT_KEY is base64, but not of a key file such as supportbot.key")
		}
		return h, nil
	}
	text, err := os.ReadFile(p.File)
	if errors.Is(err, fs.ErrNotExist) {
		return held{}, fmt.Errorf("%w in %s", ErrNoKey, p.File)
	}
	if err != nil {
		return held{}, err
	}
	h, err := decode(text)
	if err != nil { // whose text could show a part of the key
		return held{}, fmt.Errorf("%s is not a key file, or is damaged; put its copy back", p.File)
	}
	return h, nil
}

// write has the disk keep the keys under another name before they get theirs.
func (p Place) write(h held, name func(from, to string) error) (err error) {
	text, err := h.encode()
	if err != nil {
		return err
	}
	dir := filepath.Dir(p.File)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".supportbot.key-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // unless it has been renamed
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := name(f.Name(), p.File); err != nil {
		return err
	}
	if d, err := os.Open(dir); err == nil { // a system that cannot sync a directory is not insisted on
		_ = d.Sync()
		_ = d.Close()
	}
	return nil
}
