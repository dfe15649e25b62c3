package console_test

import (
	"net/http"
	"testing"

	"supportbot"
	"supportbot/handoff/console"
)

// Who is not let in keeps no case by asking.
func TestARefusedCallRenewsNoLease(t *testing.T) {
	d := newDesk(t)
	theirs := d.cases[0]
	theirs.ID, theirs.State, theirs.Owner = "18-1", supportbot.CaseActive, "wang"
	d.cases = append(d.cases, theirs)
	if status, _ := d.call(t, "li", "GET", "/api/cases/18-1", ""); status != http.StatusNotFound || d.beats["li"] != 0 {
		t.Errorf("a colleague's case: %d, and renewed %d times", status, d.beats["li"])
	}

	c := console.New(d.memory, d.memory, console.Options{Papers: d.memory, Knowledge: handbook{}, Mask: masked, Sessions: newSessions(), Key: []byte("key"), Client: client, RequireTOTP: true, Log: discard})
	d.Server = serve(t, c)
	b := d.browser(t)
	d.login(t, b, "li", password)
	for path, want := range map[string]int{"/console/": http.StatusSeeOther, "/console/api/cases?state=all": http.StatusForbidden} {
		if r, _ := get(t, b, d.URL+path); r.StatusCode != want || d.beats["li"] != 0 {
			t.Errorf("%s without the second factor: %d, and renewed %d times", path, r.StatusCode, d.beats["li"])
		}
	}
}
