package handoff_test

import (
	"os"
	"strings"
	"testing"

	"supportbot"
	"supportbot/handoff"
)

// What is built in holds an agent to two means that do not fall together, where
// there is something to compare with, and to nothing where there is not.
func TestWhatMustBeCheckedBeforeVerified(t *testing.T) {
	lists, err := handoff.LoadChecklists(os.DirFS("../kb-content"), flowNames)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		reason, matched, approved string
		missing                   string // with reference data
	}{
		{"forgot-password", "", "", "owner,card-end,opened,code,call-back"},
		{"forgot-password", "owner", "", "code,call-back"},
		{"forgot-password", "owner card-end", "", "code,call-back"}, // both stand on a receipt slip
		{"forgot-password", "owner card-end opened", "", "code,call-back"},
		{"forgot-password", "code", "", "owner,card-end,opened"},
		{"forgot-password", "code call-back", "", "owner,card-end,opened"}, // a stolen telephone gets both
		{"forgot-password", "owner code", "", ""},
		{"forgot-password", "opened call-back", "", ""},
		{"suspected-fraud", "", "", "call-back,owner,card-end,approval"},
		{"suspected-fraud", "owner card-end", "wang", "call-back"},
		{"suspected-fraud", "call-back", "wang", "owner,card-end"},
		{"suspected-fraud", "call-back owner", "", "approval"},
		{"suspected-fraud", "call-back owner", "li", "approval"}, // the owner of the case
		{"suspected-fraud", "call-back owner", "wang", ""},
	} {
		c := in(supportbot.CaseActive, 2)
		c.Checks = lists.For(test.reason, supportbot.Packet{Verifies: "identity"})
		c.Checks.Approved = test.approved
		for _, id := range strings.Fields(test.matched) {
			c.Checks.Item(id).Match = true
		}
		for _, reference := range []bool{true, false} {
			want := test.missing
			if !reference {
				want = ""
			}
			act := verified
			act.Reference = reference
			if _, result, err := handoff.Step(c, act); err != nil || result.Missing != want || result.Refused != (want != "") {
				t.Errorf("%s, %q, approved by %q, reference %t: %+v, %v, want %q missing", test.reason, test.matched, test.approved, reference, result, err, want)
			}
		}
	}
}
