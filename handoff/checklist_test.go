package handoff_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"supportbot"
	"supportbot/handoff"
)

var flowNames = []string{"forgot-password", "suspected-fraud"}

func file(lines ...string) fstest.MapFS {
	return fstest.MapFS{"checks/list.yaml": {Data: []byte(strings.Join(lines, "\n"))}}
}

const owner = `- {id: owner, title: {zh: 姓名, en: Name}, means: compare, field: owner}`

func TestChecklistsAreReadByReason(t *testing.T) {
	lists, err := handoff.LoadChecklists(fstest.MapFS{
		"checks/fraud.yaml": {Data: []byte("checks: fraud\nreasons: [suspected-fraud]\nneed: 1\napproval: true\nvalid_for: 15m\nitems:\n" + owner + "\n")},
		"checks/rest.yaml":  {Data: []byte("checks: rest\nitems:\n" + owner + "\n- {id: id, title: {zh: 证件, en: Document}, means: document, attempts: 1}\n")},
		"checks/.swp":       {Data: []byte("left by an editor")},
	}, flowNames)
	if err != nil {
		t.Fatal(err)
	}
	identity := supportbot.Packet{Verifies: "identity"}
	fraud := lists.For("suspected-fraud", identity)
	if fraud == nil || fraud.Need != 1 || !fraud.Approval || fraud.ValidFor != 15*time.Minute || fraud.Items[0].Attempts != 3 {
		t.Errorf("fraud: %+v", fraud)
	}
	rest := lists.For("forgot-password", identity)
	if rest == nil || rest.Need != 0 || rest.Attempts != 4 || len(rest.Items) != 2 {
		t.Errorf("all others: %+v", rest)
	}
	if other := lists.For("forgot-password", supportbot.Packet{}); other != nil {
		t.Errorf("a case in which nobody is verified has %+v", other)
	}
}

func TestNoChecklistsAreNoFault(t *testing.T) {
	if lists, err := handoff.LoadChecklists(fstest.MapFS{}, flowNames); err != nil || lists.For("forgot-password", supportbot.Packet{Verifies: "identity"}) != nil {
		t.Errorf("%v, %v", lists, err)
	}
}

func TestBrokenChecklists(t *testing.T) {
	for _, test := range []struct {
		says  string
		lines []string
	}{
		{":1: this file is empty", []string{""}},
		{":1: the checklist has no name", []string{"need: 1", "items:", owner}},
		{":1: the checklist has no items", []string{"checks: a"}},
		{`:2: unknown key "neeed"`, []string{"checks: a", "neeed: 1", "items:", owner}},
		{`:2: there is no flow "forgot-pasword" (did you mean "forgot-password"?)`, []string{"checks: a", "reasons: [forgot-pasword]", "items:", owner}},
		{":2: need is 2, and there are 1 items", []string{"checks: a", "need: 2", "items:", owner}},
		{":2: valid_for must be", []string{"checks: a", "valid_for: 48h", "items:", owner}},
		{":3: attempts is 1, and 2 items must match", []string{"checks: a", "need: 2", "attempts: 1", "items:", owner, strings.ReplaceAll(owner, "id: owner", "id: other")}},
		{":4: item owner stands here a second time", []string{"checks: a", "items:", owner, owner}},
		{`:3: means "compair" is not known (did you mean "compare"?)`, []string{"checks: a", "items:", strings.Replace(owner, "compare", "compair", 1)}},
		{":3: title has no en", []string{"checks: a", "items:", strings.Replace(owner, ", en: Name", "", 1)}},
		{`:3: field "" must name a column`, []string{"checks: a", "items:", strings.Replace(owner, ", field: owner", "", 1)}},
		{":3: document compares nothing", []string{"checks: a", "items:", strings.Replace(owner, "compare", "document", 1)}},
		{":3: field card_number is a secret", []string{"checks: a", "items:", strings.Replace(owner, "field: owner", "field: card_number", 1)}},
		{":3: field pin is a secret", []string{"checks: a", "items:", strings.Replace(owner, "field: owner", "field: pin", 1)}},
		{":3: attempts must be from 1 to 10", []string{"checks: a", "items:", owner[:len(owner)-1] + ", attempts: 11}"}},
		{":2: kinds is 2, need is 2, and the items are of 1 kinds (word)", []string{"checks: a", "kinds: 2", "need: 2", "items:", owner, strings.ReplaceAll(owner, "id: owner", "id: other")}},
		{"only_with_reference hold nobody", []string{"checks: a", "only_with_reference: true", "items:", owner}},
		{"must, kinds, approval and", []string{"checks: a", "approval: true", "items:", owner}},
	} {
		lists, err := handoff.LoadChecklists(file(test.lines...), flowNames)
		if err == nil || !strings.Contains(fmt.Sprint(err), test.says) || !strings.Contains(err.Error(), "checks/list.yaml:") {
			t.Errorf("%v is taken (%v) or refused for %q, want %q", test.lines, lists, fmt.Sprint(err), test.says)
		}
	}
}

func TestOneReasonHasOneChecklist(t *testing.T) {
	one := []byte("checks: a\nitems:\n" + owner + "\n")
	_, err := handoff.LoadChecklists(fstest.MapFS{"checks/a.yaml": {Data: one}, "checks/b.yaml": {Data: one}}, flowNames)
	if err == nil || !strings.Contains(err.Error(), "is also in checks/a.yaml") {
		t.Errorf("%v", err)
	}
}
