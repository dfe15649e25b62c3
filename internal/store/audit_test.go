package store

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"supportbot"
	"supportbot/internal/store/pgtest"
)

// TestTheAuditLogOnlyGrows: the database itself refuses to change it.
func TestTheAuditLogOnlyGrows(t *testing.T) {
	for _, place := range []string{t.TempDir(), pgtest.Database(t)} {
		s := audit(t, place, 3)
		statements := []string{`UPDATE audit SET actor = 'wang' WHERE seq = 2`, `DELETE FROM audit WHERE seq = 3`, `DELETE FROM audit`}
		if IsURL(place) {
			statements = append(statements, `TRUNCATE audit`)
		} else {
			statements = append(statements, `INSERT OR REPLACE INTO audit SELECT seq, at, 'wang', action, subject, details, prev, hash FROM audit`)
		}
		for _, statement := range statements {
			if _, err := s.exec(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "only added to") {
				t.Errorf("%s: %v", statement, err)
			}
		}
		if state, err := s.VerifyAudit(t.Context(), nil); err != nil || state.Rows != 3 || state.Broken != "" {
			t.Errorf("afterwards the log is %+v, %v", state, err)
		}
	}
}

// TestAChangedAuditLogIsFound: by somebody who can write to the file, but has
// not got the key.
func TestAChangedAuditLogIsFound(t *testing.T) {
	for _, c := range []struct{ statement, broken string }{
		{`UPDATE audit SET actor = 'wang' WHERE seq = 2`, "row 2 is not as it was written"},
		{`UPDATE audit SET at = at + 1 WHERE seq = 1`, "row 1 is not as it was written"},
		{`UPDATE audit SET details = '{}' WHERE seq = 5`, "row 5 is not as it was written"},
		{`UPDATE audit SET actor = action, action = actor WHERE seq = 4`, "row 4 is not as it was written"},
		{`UPDATE audit SET hash = prev WHERE seq = 3`, "row 3 is not as it was written"},
		{`DELETE FROM audit WHERE seq = 3`, "row 3 is missing"},
		{`DELETE FROM audit WHERE seq = 1`, "row 1 is missing"},
		{`DELETE FROM audit WHERE seq = 2; UPDATE audit SET seq = seq - 1 WHERE seq > 2`, "row 2 is not as it was written"},
		{`INSERT INTO audit SELECT 6, at, actor, action, subject, details, hash, hash FROM audit WHERE seq = 5`, "row 6 is not as it was written"},
		{`DELETE FROM audit WHERE seq = 5`, "row 5 is missing: the log ends there"},
		{`DELETE FROM audit`, "row 1 is missing: the log ends there"},
		{`DELETE FROM audit WHERE seq = 5; UPDATE audit_head SET (seq, hash) = (SELECT seq, hash FROM audit WHERE seq = 4)`, "the head of the log is not as it was written"},
		{`DELETE FROM audit; UPDATE audit_head SET seq = 0, hash = zeroblob(32), mac = zeroblob(32)`, "the head of the log is not as it was written"},
		{`DELETE FROM audit_head`, "the head of the log is not as it was written"},
		{`UPDATE audit_head SET seq = 4`, "the head of the log is not as it was written"},
		{`INSERT INTO audit_foot SELECT 1, seq, hash, hash FROM audit WHERE seq = 2; DELETE FROM audit WHERE seq <= 2`, "the beginning of the log is not as it was written"},
		{`INSERT INTO audit_foot SELECT 1, seq, hash, mac FROM audit_head; DELETE FROM audit`, "the beginning of the log is not as it was written"},
	} {
		t.Run(c.statement, func(t *testing.T) {
			dir := t.TempDir()
			s := audit(t, dir, 5)
			raw, err := sql.Open("sqlite", filepath.Join(dir, "supportbot.db"))
			if err != nil {
				t.Fatal(err)
			}
			defer raw.Close()
			for _, trigger := range []string{"audit_never_changes", "audit_never_forgets", "audit_never_replaces"} {
				if _, err := raw.ExecContext(t.Context(), "DROP TRIGGER "+trigger); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := raw.ExecContext(t.Context(), c.statement); err != nil {
				t.Fatal(err)
			}
			if state, err := s.VerifyAudit(t.Context(), nil); err != nil || !strings.HasPrefix(state.Broken, c.broken) {
				t.Errorf("the log is %+v, %v; want %q", state, err, c.broken)
			}
		})
	}
}

// TestAnAuditLogWithoutItsKeyIsFound: somebody has taken the key away and written
// another history under the empty one.
func TestAnAuditLogWithoutItsKeyIsFound(t *testing.T) {
	both(t, func(t *testing.T, place string) {
		s := audit(t, place, 1)
		trigger := `DROP TRIGGER audit_never_changes`
		if IsURL(place) {
			trigger += ` ON audit`
		}
		writes(t, s, trigger)
		writes(t, s, `DELETE FROM secret WHERE name = 'audit'`)
		rows, err := auditRows(t.Context(), s.read, 0, 1)
		if err != nil || len(rows) != 1 {
			t.Fatalf("rows %+v, %v", rows, err)
		}
		r := rows[0]
		r.actor = "wang"
		if _, err := s.exec(t.Context(), `UPDATE audit SET actor = $1, hash = $2`, r.actor, r.sum(nil)); err != nil {
			t.Fatal(err)
		}
		r.hash = r.sum(nil)
		if _, err := s.exec(t.Context(), `UPDATE audit_head SET hash = $1, mac = $2, key_id = $3`, r.hash, r.headMAC(nil), idOf(nil)); err != nil {
			t.Fatal(err)
		}
		if state, err := s.VerifyAudit(t.Context(), nil); err != nil || state.Broken == "" {
			t.Errorf("the log is %+v, %v", state, err)
		}
	})
}

// TestAnOlderAuditLogIsFoundByWhoSawTheNewer: with its head it is whole in
// itself, so that it takes something outside of the database to tell.
func TestAnOlderAuditLogIsFoundByWhoSawTheNewer(t *testing.T) {
	s := audit(t, t.TempDir(), 5)
	seen, err := s.VerifyAudit(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	older := audit(t, t.TempDir(), 3)
	if state, err := older.VerifyAudit(t.Context(), nil); err != nil || state.Broken != "" {
		t.Errorf("by itself: %+v, %v", state, err)
	}
	if state, err := older.VerifyAudit(t.Context(), &seen); err != nil || state.Broken == "" {
		t.Errorf("by whoever saw row 5: %+v, %v", state, err)
	}
}

// audit opens a database and writes rows.
func audit(t *testing.T, place string, rows int) *Store {
	t.Helper()
	s := openAt(t, place)
	for i := range rows {
		act := supportbot.Audited{Actor: "li", Action: supportbot.CaseClaimed, Subject: fmt.Sprint(i), Details: map[string]string{"fence": "2"}}
		if err := s.Audit(t.Context(), act); err != nil {
			t.Fatal(err)
		}
	}
	return s
}
