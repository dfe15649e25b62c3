package console_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"supportbot"
	"supportbot/handoff"
)

// Who looks into a case that is not theirs stands in the audit log, once, however
// often the page fetches it; and nobody looks if that cannot be written.
func TestReadingAForeignCaseIsAudited(t *testing.T) {
	d := newDesk(t)
	must(d.change("wang", func(a *handoff.Agent) { a.Role = handoff.RoleSupervisor }))
	own := d.cases[0]
	own.ID, own.State, own.Owner = "18-1", supportbot.CaseActive, "li"
	d.cases = append(d.cases, own)
	read := func(who, id string, want int) {
		t.Helper()
		if status, answer := d.call(t, who, "GET", "/api/cases/"+id, ""); status != want {
			t.Errorf("%s reads %s: %d %v", who, id, status, answer)
		}
	}
	for range 3 {
		read("li", "17-1", 200)
		read("li", "18-1", 200)
		read("li", "99-1", 404)
		read("wang", "18-1", 200)
	}
	want := []string{"li case-read 17-1 map[state:waiting]", "wang case-read 18-1 map[state:active]"}
	if !slices.Equal(d.audited, want) {
		t.Errorf("audited are %q, want %q", d.audited, want)
	}
	d.setAuditDown(errors.New("the disk is full"))
	status, answer := d.call(t, "wang", "GET", "/api/cases/17-1", "")
	if status != 500 || strings.Contains(answer["error"].(string), "disk") || answer["transcript"] != nil {
		t.Errorf("without the audit log: %d %v", status, answer)
	}
	d.setAuditDown(nil)
	read("wang", "17-1", 200)
	if len(d.audited) != 3 {
		t.Errorf("audited are %q", d.audited)
	}
}
