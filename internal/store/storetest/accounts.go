package storetest

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"supportbot"
	"supportbot/handoff"
)

var (
	li = handoff.Agent{Name: "li", Role: handoff.RoleAgent, Password: "$argon2id$v=19$li"}
	an = handoff.Agent{Name: "安", Role: handoff.RoleAdmin}
)

func addAgents(t *testing.T, s Store) {
	t.Helper()
	for _, a := range []handoff.Agent{an, li} {
		if err := s.AddAgent(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
}

func testAgents(t *testing.T, s Store) {
	addAgents(t, s)
	thief := handoff.Agent{Name: "li", Role: handoff.RoleAdmin}
	if err := s.AddAgent(t.Context(), thief); !errors.Is(err, supportbot.ErrInvalid) {
		t.Errorf("a taken name: %v, want ErrInvalid", err)
	}
	agents, err := s.Agents(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]handoff.Agent{li, an}, agents, cmpopts.IgnoreFields(handoff.Agent{}, "Stamp")); diff != "" {
		t.Errorf("agents (-want +got):\n%s", diff)
	}

	if err := s.SetPassword(t.Context(), "安", "$argon2id$v=19$new", "安"); err != nil {
		t.Fatal(err)
	}
	changed, err := s.Agent(t.Context(), "安")
	if err != nil || changed.Password != "$argon2id$v=19$new" || changed.Role != handoff.RoleAdmin {
		t.Errorf("agent %+v, %v", changed, err)
	}
	if _, err := s.Agent(t.Context(), "nobody"); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("no such agent: %v", err)
	}
	if err := s.SetPassword(t.Context(), "nobody", "x", ""); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("password of no agent: %v", err)
	}
}

func testTokens(t *testing.T, s Store) {
	addAgents(t, s)
	tokens := map[string]string{"token one": "li", "token two": "li", "token three": "安"}
	for token, name := range tokens {
		if err := s.AddToken(t.Context(), name, sha256.Sum256([]byte(token)), time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	for token, name := range tokens {
		a, err := s.AgentByToken(t.Context(), sha256.Sum256([]byte(token)))
		if err != nil || a.Name != name || !a.Role.Valid() {
			t.Errorf("%s is of %+v, %v; want %s", token, a, err, name)
		}
	}
	unknown := sha256.Sum256([]byte("token four"))
	if _, err := s.AgentByToken(t.Context(), unknown); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("an unknown token: %v", err)
	}
	if err := s.AddToken(t.Context(), "nobody", unknown, time.Time{}); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("a token of no agent: %v", err)
	}

	known, err := s.Tokens(t.Context(), "li")
	if err != nil || len(known) != 2 || known[0].Agent != "li" || known[0].ID == known[1].ID || known[0].UsedAt.IsZero() {
		t.Fatalf("the tokens of li are %+v, %v", known, err)
	}
	if err := s.RevokeToken(t.Context(), known[0].ID); err != nil {
		t.Fatal(err)
	}
	if err := s.RevokeToken(t.Context(), known[0].ID); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("revoked twice: %v", err)
	}
	valid := 0
	for token := range tokens {
		if _, err := s.AgentByToken(t.Context(), sha256.Sum256([]byte(token))); err == nil {
			valid++
		}
	}
	if left, err := s.Tokens(t.Context(), ""); err != nil || len(left) != 2 || valid != 2 {
		t.Errorf("after one of three was revoked %d are valid and %+v are listed, %v", valid, left, err)
	}
}

// A token ends when its time has come, by the clock of the database.
func testTokensEnd(t *testing.T, s Store) {
	addAgents(t, s)
	now := time.Now().Truncate(time.Microsecond)
	for token, test := range map[string]struct {
		ends  time.Time
		valid bool
	}{
		"never": {time.Time{}, true}, "in an hour": {now.Add(time.Hour), true}, "an hour ago": {now.Add(-time.Hour), false},
	} {
		sum := sha256.Sum256([]byte(token))
		if err := s.AddToken(t.Context(), "li", sum, test.ends); err != nil {
			t.Fatal(err)
		}
		_, err := s.AgentByToken(t.Context(), sum)
		if valid := err == nil; valid != test.valid || !valid && !errors.Is(err, supportbot.ErrNotFound) {
			t.Errorf("a token that ends %s: %v", token, err)
		}
		known, err := s.Tokens(t.Context(), "li")
		if err != nil || !known[len(known)-1].EndsAt.Equal(test.ends) {
			t.Errorf("a token that ends %s is listed as %+v, %v", token, known, err)
		}
	}
}

func testSecret(t *testing.T, s Store) {
	keys := make([][]byte, 16)
	atOnce(func(i int) {
		var err error
		if keys[i], err = s.Secret(t.Context(), "digest"); err != nil {
			t.Error(err)
		}
	})
	for _, key := range keys {
		if len(key) != 32 || !bytes.Equal(key, keys[0]) {
			t.Fatalf("keys %x", keys)
		}
	}
	if other, err := s.Secret(t.Context(), "other"); err != nil || bytes.Equal(other, keys[0]) {
		t.Errorf("another secret: %x, %v", other, err)
	}
}

func testSessions(t *testing.T, s Store) {
	sessions := s.Sessions()
	put := func(token, data string, lasts time.Duration) {
		t.Helper()
		if err := sessions.CommitCtx(t.Context(), token, []byte(data), time.Now().Add(lasts)); err != nil {
			t.Fatal(err)
		}
	}
	find := func(token, want string, found bool) {
		t.Helper()
		data, ok, err := sessions.FindCtx(t.Context(), token)
		if err != nil || ok != found || string(data) != want {
			t.Errorf("session %s: %q, %v, %v; want %q, %v", token, data, ok, err, want, found)
		}
	}
	put("a", "first", time.Hour)
	put("b", "expired", -time.Second)
	find("a", "first", true)
	find("b", "", false)
	find("c", "", false)
	for _, want := range []int{1, 0} {
		if n, err := s.CutSessions(t.Context(), 9); err != nil || n != want {
			t.Errorf("%d sessions had run out, %v; want %d", n, err, want)
		}
	}
	put("a", "second", time.Hour)
	find("a", "second", true)
	put("a", "third", -time.Second)
	find("a", "", false)
	put("b", "", time.Hour)
	find("b", "", true)
	for range 2 { // deleting what is not there is no error
		if err := sessions.DeleteCtx(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
	}
	find("a", "", false)
	find("b", "", true)
}
