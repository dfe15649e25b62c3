package storetest

import (
	"crypto/sha256"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"supportbot"
	"supportbot/handoff"
)

// What must end an agent's sessions gives the agent another stamp, also one who
// comes back under the name of one who has gone.
func testStamp(t *testing.T, s Store) {
	addAgents(t, s)
	seen := map[string]string{}
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"nothing", func() error { return nil }},
		{"a password", func() error { return s.SetPassword(t.Context(), "li", li.Password, "li") }},
		{"a role", func() error { return s.SetRole(t.Context(), "li", handoff.RoleAgent, "") }},
		{"a second factor", func() error { return s.SetTOTP(t.Context(), "li", "KEY", 1, nil) }},
		{"none", func() error { return s.ResetTOTP(t.Context(), "li") }},
		{"another agent", func() error {
			return errors.Join(s.RemoveAgent(t.Context(), "li", ""), s.AddAgent(t.Context(), li))
		}},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.what, err)
		}
		a, err := s.Agent(t.Context(), "li")
		if err != nil || a.Stamp == "" || seen[a.Stamp] != "" {
			t.Errorf("after %s the stamp is %q, as after %s, %v", step.what, a.Stamp, seen[a.Stamp], err)
		}
		seen[a.Stamp] = step.what
	}
	for what, err := range map[string]error{
		"role": s.SetRole(t.Context(), "nobody", handoff.RoleAdmin, ""), "remove": s.RemoveAgent(t.Context(), "nobody", ""),
		"factor": s.SetTOTP(t.Context(), "nobody", "KEY", 1, nil), "reset": s.ResetTOTP(t.Context(), "nobody"),
	} {
		if !errors.Is(err, supportbot.ErrNotFound) {
			t.Errorf("%s of nobody: %v", what, err)
		}
	}
}

func testRemoveAgent(t *testing.T, s Store) {
	addAgents(t, s)
	sum := sha256.Sum256([]byte("token"))
	code := sha256.Sum256([]byte("code"))
	if err := errors.Join(s.AddToken(t.Context(), "li", sum, time.Time{}), s.SetTOTP(t.Context(), "li", "KEY", 1, [][32]byte{code})); err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(time.Hour)
	for _, owner := range []string{"li", "安"} {
		play(t, s, owner, func(c *supportbot.Commit) {
			c.Case = &supportbot.Case{ID: owner + "-1", State: supportbot.CaseActive, Owner: owner, Fence: 2, QueuedAt: noon}
			c.Timers = []supportbot.Timer{{Kind: supportbot.TimerLease, Gen: c.Version, Due: later}, {Kind: supportbot.TimerSilence, Gen: c.Version, Due: later}}
		})
	}
	if err := s.RemoveAgent(t.Context(), "li", ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Agent(t.Context(), "li"); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("the agent is there: %v", err)
	}
	if _, err := s.AgentByToken(t.Context(), sum); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("the token is worth something: %v", err)
	}
	due, err := s.Due(t.Context(), time.Now(), 9)
	if err != nil || len(due) != 1 || due[0].Address.Peer != "li" || due[0].Timer.Kind != supportbot.TimerLease {
		t.Errorf("due are %+v, %v; want the lease of the one case", due, err)
	}
}

func testSecondFactor(t *testing.T, s Store) {
	addAgents(t, s)
	codes := [][32]byte{sha256.Sum256([]byte("one")), sha256.Sum256([]byte("two"))}
	if err := s.SetTOTP(t.Context(), "li", "KEY", 100, codes); err != nil {
		t.Fatal(err)
	}
	if a, err := s.Agent(t.Context(), "li"); err != nil || a.TOTP != "KEY" {
		t.Errorf("agent %+v, %v", a, err)
	}
	for _, try := range []struct {
		name  string
		step  int64
		first bool
	}{{"li", 99, false}, {"li", 100, false}, {"li", 101, true}, {"li", 101, false}, {"li", 100, false}, {"安", 500, false}, {"nobody", 500, false}} {
		if first, err := s.UseTOTP(t.Context(), try.name, try.step); err != nil || first != try.first {
			t.Errorf("step %d of %s: %v, %v", try.step, try.name, first, err)
		}
	}
	var won, recovered atomic.Int64
	atOnce(func(int) {
		first, err := s.UseTOTP(t.Context(), "li", 102)
		there, err2 := s.UseRecovery(t.Context(), "li", codes[0])
		if err := errors.Join(err, err2); err != nil {
			t.Error(err)
		}
		won.Add(map[bool]int64{true: 1}[first])
		recovered.Add(map[bool]int64{true: 1}[there])
	})
	if won.Load() != 1 || recovered.Load() != 1 {
		t.Errorf("of many at once %d codes and %d recovery codes were taken", won.Load(), recovered.Load())
	}
	if there, err := s.UseRecovery(t.Context(), "安", codes[1]); err != nil || there {
		t.Errorf("another agent's recovery code: %v, %v", there, err)
	}
	if err := s.ResetTOTP(t.Context(), "li"); err != nil {
		t.Fatal(err)
	}
	if there, err := s.UseRecovery(t.Context(), "li", codes[1]); err != nil || there {
		t.Errorf("a recovery code outlives its second factor: %v, %v", there, err)
	}
}
