package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"supportbot"
	"supportbot/handoff"
)

func verified(t *testing.T, s Store, rows int64) supportbot.AuditState {
	t.Helper()
	state, err := s.VerifyAudit(t.Context(), nil)
	if err != nil || state.Broken != "" || state.Rows != rows {
		t.Fatalf("the audit log is %+v, %v; want %d rows", state, err, rows)
	}
	return state
}

func testAudit(t *testing.T, s Store) {
	empty := verified(t, s, 0)
	addAgents(t, s)
	mark := verified(t, s, 2)
	refused := []error{
		s.AddAgent(t.Context(), li), s.SetRole(t.Context(), "nobody", handoff.RoleAdmin, ""), s.RevokeToken(t.Context(), "abc"),
		s.PublishContent(t.Context(), "never", "li", noon), s.RetireContent(t.Context(), "never", "li"),
	}
	for _, err := range refused {
		if err == nil {
			t.Error("what cannot be done was done")
		}
	}
	verified(t, s, 2)
	if err := s.Audit(t.Context(), supportbot.Audited{Actor: "li", Action: supportbot.LoggedIn, Subject: "li", Details: map[string]string{"with": "code"}}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.SetRole(t.Context(), "li", handoff.RoleAdmin, "安"), s.SetPassword(t.Context(), "li", "x", "li"), s.SetTOTP(t.Context(), "li", "KEY", 1, nil), s.SetTOTP(t.Context(), "li", "OTHER", 1, nil), s.RemoveAgent(t.Context(), "安", "")); err != nil {
		t.Fatal(err)
	}
	rows, err := s.AuditRows(t.Context(), 2, 9)
	if err != nil {
		t.Fatal(err)
	}
	var acts []string
	for _, r := range rows {
		acts = append(acts, fmt.Sprint(r.Seq, " ", r.Actor, " ", r.Action, " ", r.Subject, " ", r.Details))
	}
	want := []string{"3 li login li map[with:code]", "4 安 role-changed li map[role:admin]", "5 li password-changed li map[]", "6 li second-factor-set li map[]", "7 li second-factor-replaced li map[]", "8  agent-removed 安 map[]"}
	if !slices.Equal(acts, want) {
		t.Errorf("audited are %q, want %q", acts, want)
	}

	for _, seen := range []supportbot.AuditState{empty, mark, verified(t, s, 8)} {
		if state, err := s.VerifyAudit(t.Context(), &seen); err != nil || state.Broken != "" {
			t.Errorf("as it was seen at %d: %+v, %v", seen.Rows, state, err)
		}
	}
	for _, seen := range []supportbot.AuditState{{Rows: 9, Hash: mark.Hash}, {Rows: 3, Hash: mark.Hash}} {
		if state, err := s.VerifyAudit(t.Context(), &seen); err != nil || state.Broken == "" {
			t.Errorf("a log that was another one when it had %d rows is called good, %v", seen.Rows, err)
		}
	}
	s.AuditKey([]byte("another key"))
	if _, err := s.VerifyAudit(t.Context(), nil); !errors.Is(err, supportbot.ErrInvalid) {
		t.Errorf("verified with another key: %v", err)
	}
	if err := s.SetPassword(t.Context(), "li", "y", ""); !errors.Is(err, supportbot.ErrInvalid) {
		t.Errorf("a log of two keys: %v", err)
	}
	if a, _ := s.Agent(t.Context(), "li"); a.Password != "x" {
		t.Error("what could not be audited was done")
	}
}

// An act of an agent and its row of the audit log are one.
func testAuditOfTurns(t *testing.T, s Store) {
	r := accept(t, s, says("mei", "a", "hello"))
	c := answer(t, s, r.Thread)
	c.Audit = &supportbot.Audited{Actor: "li", Action: supportbot.CaseClaimed, Subject: "1-1"}
	commit(t, s, c)
	if err := s.Commit(t.Context(), c); !errors.Is(err, supportbot.ErrFenced) {
		t.Errorf("the turn again: %v", err)
	}
	verified(t, s, 1)

	in := says("mei", "b", "hello")
	next := c
	next.Seq, next.Version, next.Messages = 2, 1, nil
	next.Audit = &supportbot.Audited{Actor: "li", Action: supportbot.CaseJudged, Subject: "1-1"}
	for range 2 {
		if r, err := s.Take(t.Context(), in, digest(in), next); err != nil || r.Seq != 2 {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	verified(t, s, 2)
}

// Many writers in several processes make one chain.
func testAuditAtOnce(t *testing.T, open func(t *testing.T) Store) {
	nodes := []Store{open(t), open(t), open(t)}
	writers := int64(0)
	done := make(chan error)
	const each = 20
	for i, s := range nodes {
		for range 3 {
			writers++
			go func() {
				var err error
				for n := range each {
					err = errors.Join(err, s.Audit(t.Context(), supportbot.Audited{Actor: fmt.Sprint(i), Action: supportbot.LoggedIn, Subject: fmt.Sprint(n)}))
				}
				done <- err
			}()
		}
	}
	for range writers {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	verified(t, nodes[0], writers*each)
}
