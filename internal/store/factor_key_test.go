package store

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"supportbot/handoff"
	"supportbot/internal/seal"
)

// TestACopyOfTheDatabaseHoldsNoSecondFactor: whoever has a backup cannot make the
// codes of an agent, neither of one whose key an older program kept in the clear.
func TestACopyOfTheDatabaseHoldsNoSecondFactor(t *testing.T) {
	both(t, func(t *testing.T, place string) {
		key := seal.Place{File: filepath.Join(t.TempDir(), "key"), Make: true}
		open := func() *Store { return openWith(t, place, key) }
		s := open()
		factors := map[string]string{"li": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "an": "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"}
		for name, factor := range factors {
			if err := s.AddAgent(t.Context(), handoff.Agent{Name: name, Role: handoff.RoleAgent, Password: "x"}); err != nil {
				t.Fatal(err)
			}
			if err := s.SetTOTP(t.Context(), name, factor, 1, nil); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.exec(t.Context(), `UPDATE agent SET totp = $1 WHERE name = 'an'`, factors["an"]); err != nil {
			t.Fatal(err)
		}
		s = open()
		if err := s.RotateKey(t.Context()); err != nil {
			t.Fatal(err)
		}
		if state, err := s.KeyState(t.Context()); err != nil || state.Earlier != 0 {
			t.Errorf("after a rotation an earlier key seals %d, %v", state.Earlier, err)
		}
		copied, err := os.ReadFile(backup(t, place))
		if err != nil {
			t.Fatal(err)
		}
		for name, factor := range factors {
			if bytes.Contains(copied, []byte(factor)) {
				t.Errorf("the second factor of %s stands in a backup in the clear", name)
			}
			if a, err := s.Agent(t.Context(), name); err != nil || a.TOTP != factor {
				t.Errorf("%s has %q, %v", name, a.TOTP, err)
			}
		}
		if _, err := s.exec(t.Context(), `UPDATE agent SET totp = (SELECT totp FROM agent WHERE name = 'li') WHERE name = 'an'`); err != nil {
			t.Fatal(err)
		}
		if a, err := s.Agent(t.Context(), "an"); err == nil {
			t.Errorf("another agent's second factor opens as %q", a.TOTP)
		}
	})
}
