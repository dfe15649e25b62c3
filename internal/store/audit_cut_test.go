package store

import (
	"errors"
	"strings"
	"testing"
	"time"

	"supportbot"
)

// auditCut is a log of rows 4 to 8, of which 7 and 8 tell that 1 to 3 went, and
// marks of rows 2, 3 and 5 from before.
func auditCut(t *testing.T, place string) (s *Store, marks []supportbot.AuditState) {
	t.Helper()
	s = openAt(t, place)
	var young time.Time
	for i := range 6 {
		if i == 3 {
			time.Sleep(2 * time.Millisecond)
			young = time.Now()
			time.Sleep(2 * time.Millisecond)
		}
		if err := s.Audit(t.Context(), supportbot.Audited{Actor: "li", Action: supportbot.CaseClaimed}); err != nil {
			t.Fatal(err)
		}
		state, err := s.VerifyAudit(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if i == 1 || i == 2 || i == 4 {
			marks = append(marks, state)
		}
	}
	for _, want := range []int{2, 1, 0} {
		if n, err := s.CutAudit(t.Context(), time.Since(young), 2); err != nil || n != want {
			t.Fatalf("%d rows are cut, %v; want %d", n, err, want)
		}
	}
	return s, marks
}

// TestTheAuditLogIsCutFromItsBeginning, can be verified afterwards, and tells of
// the cut.
func TestTheAuditLogIsCutFromItsBeginning(t *testing.T) {
	both(t, func(t *testing.T, place string) {
		s, marks := auditCut(t, place)
		rows, err := s.AuditRows(t.Context(), 0, 99)
		if err != nil || len(rows) != 5 || rows[0].Seq != 4 || rows[4].Action != supportbot.CutByAge || rows[4].Details["rows"] != "1" || rows[4].Details["to"] != "3" {
			t.Errorf("rows %+v, %v", rows, err)
		}
		for _, seen := range []*supportbot.AuditState{nil, &marks[1], &marks[2]} {
			if state, err := s.VerifyAudit(t.Context(), seen); err != nil || state.Broken != "" || state.Rows != 8 || state.Cut != 3 {
				t.Errorf("the log is %+v, %v", state, err)
			}
		}
		if _, err := s.VerifyAudit(t.Context(), &marks[0]); !errors.Is(err, supportbot.ErrInvalid) {
			t.Errorf("a mark of a row that went: %v, want ErrInvalid", err)
		}
		marks[1].Hash = marks[2].Hash
		if state, err := s.VerifyAudit(t.Context(), &marks[1]); err != nil || state.Broken == "" {
			t.Errorf("another row 3: %+v, %v", state, err)
		}
		if _, err := s.exec(t.Context(), `DELETE FROM audit WHERE seq = 4`); err == nil || !strings.Contains(err.Error(), "only added to") {
			t.Errorf("a row after the cut is deleted: %v", err)
		}
	})
}

// TestACutHidesNoForgery: what stands before the first row, or stood there, cannot
// be changed unseen, and what was changed is not cut.
func TestACutHidesNoForgery(t *testing.T) {
	for statement, broken := range map[string]string{
		`DELETE FROM audit_foot`:        "row 1 is missing",
		`UPDATE audit_foot SET seq = 4`: "the beginning of the log is not as it was written",
		`UPDATE audit_foot SET seq = 0`: "the beginning of the log is not as it was written",
		`UPDATE audit_foot SET seq = 4, mac = substr(mac, 1, 0),
			hash = (SELECT hash FROM audit WHERE seq = 4)`: "the beginning of the log is not as it was written",
		`UPDATE audit_foot SET hash = mac`: "the beginning of the log is not as it was written",
		`INSERT INTO audit (seq, at, actor, action, subject, details, prev, hash)
			SELECT 2, at, actor, action, subject, details, prev, hash FROM audit WHERE seq = 5`: "row 2 stands before row 4",
	} {
		t.Run(statement, func(t *testing.T) {
			both(t, func(t *testing.T, place string) {
				s, _ := auditCut(t, place)
				writes(t, s, statement)
				if state, err := s.VerifyAudit(t.Context(), nil); err != nil || !strings.HasPrefix(state.Broken, broken) {
					t.Errorf("the log is %+v, %v; want %q", state, err, broken)
				}
			})
		})
	}
	s := audit(t, t.TempDir(), 3)
	writes(t, s, `DROP TRIGGER audit_never_changes`)
	writes(t, s, `UPDATE audit SET actor = 'wang' WHERE seq = 2`)
	time.Sleep(2 * time.Millisecond)
	if n, err := s.CutAudit(t.Context(), time.Microsecond, 9); err == nil || n != 0 || !strings.Contains(err.Error(), "row 2 is not as it was written") {
		t.Errorf("%d rows of a log that was changed are cut, %v", n, err)
	}
}

// TestACutDoesNotMakeAForgedBeginningGood: the rows before it may have been deleted
// by somebody who has not got the key.
func TestACutDoesNotMakeAForgedBeginningGood(t *testing.T) {
	for _, mac := range []string{"hash", "substr(hash, 1, 0)"} {
		both(t, func(t *testing.T, place string) {
			s := audit(t, place, 4)
			writes(t, s, `INSERT INTO audit_foot (id, seq, hash, mac) SELECT 1, seq, hash, `+mac+` FROM audit WHERE seq = 2`)
			writes(t, s, `DELETE FROM audit WHERE seq <= 2`)
			time.Sleep(2 * time.Millisecond)
			if n, err := s.CutAudit(t.Context(), time.Microsecond, 9); err == nil || n != 0 {
				t.Errorf("%d rows are cut after a forged beginning, %v", n, err)
			}
			if state, err := s.VerifyAudit(t.Context(), nil); err != nil || !strings.HasPrefix(state.Broken, "the beginning of the log") {
				t.Errorf("the log is %+v, %v", state, err)
			}
		})
	}
}
