package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"supportbot/internal/seal"
)

// TestRotate puts new keys in force while another process talks. Everything opens
// at any time, also what a backup has from before; the key from before the first
// rotation opens nothing afterwards.
func TestRotate(t *testing.T) {
	both(t, func(t *testing.T, place string) {
		key := seal.Place{File: filepath.Join(t.TempDir(), "key"), Make: true}
		open := func() *Store { return openWith(t, place, key) }
		s, other := open(), open()
		first := talk(t, s, "before")
		backup := filepath.Join(t.TempDir(), "backup.db")
		if _, err := Backup(t.Context(), place, backup, false, quiet); err != nil {
			t.Fatal(err)
		}
		old := seal.Place{File: filepath.Join(t.TempDir(), "old")}
		text, err := os.ReadFile(key.File)
		if err == nil {
			err = os.WriteFile(old.File, text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}

		const rounds = 3
		var talking sync.WaitGroup
		stop := make(chan struct{})
		talked := 0
		talking.Go(func() {
			for ; ; talked++ {
				select {
				case <-stop:
					return
				default:
				}
				id := talk(t, other, fmt.Sprint("during-", talked))
				if _, err := other.Log(t.Context(), id); err != nil {
					t.Error(err)
				}
			}
		})
		for round := range rounds {
			if round == 1 {
				if err := s.PrepareKey(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.RotateKey(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, err := open().Log(t.Context(), first); err != nil {
				t.Errorf("after rotation %d: %v", round+1, err)
			}
		}
		close(stop)
		talking.Wait()
		other.Close()
		if err := s.Rewrap(t.Context()); err != nil { // what the other began meanwhile
			t.Fatal(err)
		}
		state, err := s.KeyState(t.Context())
		if want := (KeyState{Keys: rounds + 1, Sealed: talked + 4}); err != nil || state != want {
			t.Errorf("keys: %+v, %v; want %+v", state, err, want)
		}
		fresh := open()
		ids, err := fresh.Conversations(t.Context(), 0, talked+2)
		if err != nil || len(ids) != talked+1 {
			t.Errorf("%d conversations, %v", len(ids), err)
		}
		for _, id := range ids {
			if _, err := fresh.Log(t.Context(), id); err != nil {
				t.Error(err)
			}
		}
		if _, err := Open(t.Context(), place, old); err == nil || !strings.Contains(err.Error(), "another key") {
			t.Errorf("the key from before: %v", err)
		}
		back := t.TempDir()
		if _, err := Restore(t.Context(), backup, back, key, false, quiet); err != nil {
			t.Errorf("a backup from before, with the key of now: %v", err)
		}
		if info, err := os.Stat(key.File); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the key file: %v, %v", info, err)
		}
	})
}
