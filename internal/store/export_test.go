package store

import (
	"fmt"
	"testing"

	"supportbot"
)

// TestAnExportIsAudited: it shows all that a person has ever said.
func TestAnExportIsAudited(t *testing.T) {
	s := openAt(t, t.TempDir())
	id := talk(t, s, "mei")
	if _, err := s.Export(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	rows, err := s.AuditRows(t.Context(), 0, 10)
	if err != nil || len(rows) != 1 || rows[0].Action != supportbot.Exported || rows[0].Subject != fmt.Sprint(id) {
		t.Errorf("audited are %+v, %v", rows, err)
	}
	if _, err := s.Export(t.Context(), id+1); err == nil {
		t.Error("what is not there was exported")
	}
}
