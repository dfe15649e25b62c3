package store

import (
	"bytes"
	"os"
	"testing"
	"time"
)

// TestASessionIsSealedForItsToken: a session holds a second factor while it is set
// up, and says who is logged in. A backup shows neither, and whoever can write to
// the database cannot log in by a row of another.
func TestASessionIsSealedForItsToken(t *testing.T) {
	both(t, func(t *testing.T, place string) {
		s := openAt(t, place)
		sessions := s.Sessions()
		words := []byte("otpauth://totp/li?secret=JBSWY3DPEHPK3PXP")
		for _, token := range []string{"mine", "yours"} {
			if err := sessions.CommitCtx(t.Context(), token, words, time.Now().Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		copied, err := os.ReadFile(backup(t, place))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(copied, []byte("JBSWY3DPEHPK3PXP")) {
			t.Error("a second factor that is being set up stands in a backup in the clear")
		}
		if data, found, err := sessions.FindCtx(t.Context(), "mine"); err != nil || !found || !bytes.Equal(data, words) {
			t.Errorf("%q, %t, %v", data, found, err)
		}
		if _, err := s.exec(t.Context(), `UPDATE session SET data = (SELECT data FROM session WHERE token = 'yours') WHERE token = 'mine'`); err != nil {
			t.Fatal(err)
		}
		if _, err := s.exec(t.Context(), `UPDATE session SET data = $1 WHERE token = 'yours'`, words); err != nil {
			t.Fatal(err)
		}
		for _, token := range []string{"mine", "yours"} {
			if data, found, err := sessions.FindCtx(t.Context(), token); err != nil || found {
				t.Errorf("a forged session is taken: %q, %v", data, err)
			}
		}
	})
}
