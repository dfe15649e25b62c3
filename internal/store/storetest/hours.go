package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supportbot"
	"supportbot/handoff"
)

// What an admin sets takes the place of what was set, and stands in the audit log.
func testHours(t *testing.T, s Store) {
	if h, err := s.Hours(t.Context()); err != nil || !cmp.Equal(h, handoff.Hours{}) {
		t.Fatalf("at first: %+v, %v", h, err)
	}
	for _, want := range []handoff.Hours{
		{Zone: "Asia/Shanghai", Week: map[string][]handoff.Span{"mon": {{From: "09:00", To: "18:00"}}}, Most: 9},
		{Dates: map[string][]handoff.Span{"2026-10-01": {}}},
	} {
		if err := s.SetHours(t.Context(), want, "admin"); err != nil {
			t.Fatal(err)
		}
		got, err := s.Hours(t.Context())
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("hours (-want +got):\n%s%v", diff, err)
		}
	}
	rows, err := s.AuditRows(t.Context(), 0, 99)
	if err != nil || len(rows) != 2 || rows[1].Action != supportbot.HoursChanged || rows[1].Actor != "admin" {
		t.Errorf("the audit log has %+v, %v", rows, err)
	}
}

// Who is before one: what is more urgent, and of the same priority what waits
// longer. What is put off, called back or owned does not wait.
func testQueue(t *testing.T, s Store) {
	put := func(id string, state supportbot.CaseState, priority supportbot.Priority, waited time.Duration) {
		play(t, s, id, func(c *supportbot.Commit) {
			c.Case = &supportbot.Case{ID: id, State: state, Priority: priority, QueuedAt: noon.Add(-waited)}
		})
	}
	put("urgent", supportbot.CaseWaiting, supportbot.Urgent, time.Minute)
	put("high", supportbot.CaseOffered, supportbot.High, 5*time.Minute)
	put("long", supportbot.CaseWaiting, supportbot.Normal, 9*time.Minute)
	put("short", supportbot.CaseWaiting, supportbot.Normal, time.Minute)
	put("later", supportbot.CaseDeferred, supportbot.Normal, 9*time.Minute)
	put("called", supportbot.CaseCallback, supportbot.Urgent, 9*time.Minute)
	put("owned", supportbot.CaseActive, supportbot.Urgent, 9*time.Minute)
	for _, test := range []struct {
		priority supportbot.Priority
		waited   time.Duration
		want     [3]int
	}{
		{supportbot.Normal, 0, [3]int{1, 1, 2}},
		{supportbot.Normal, time.Minute, [3]int{1, 1, 1}},
		{supportbot.High, time.Minute, [3]int{1, 1, 0}},
		{supportbot.Urgent, time.Minute, [3]int{}},
	} {
		got, err := s.Queue(t.Context(), test.priority, noon.Add(-test.waited))
		if err != nil || got != test.want {
			t.Errorf("before a case that is %s and waits for %s: %v, %v; want %v", test.priority, test.waited, got, err, test.want)
		}
	}
	if n, err := s.Claims(t.Context(), time.Now().Add(-time.Hour)); n != 0 || err != nil {
		t.Errorf("%d claims before any, %v", n, err)
	}
	for range 3 {
		if err := s.Audit(t.Context(), supportbot.Audited{Actor: "li", Action: supportbot.CaseClaimed, Subject: "1-1"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Audit(t.Context(), supportbot.Audited{Actor: "li", Action: supportbot.CaseReleased, Subject: "1-1"}); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Claims(t.Context(), time.Now().Add(-time.Hour)); n != 3 || err != nil {
		t.Errorf("%d claims, %v; want 3", n, err)
	}
	if n, err := s.Claims(t.Context(), time.Now().Add(time.Hour)); n != 0 || err != nil {
		t.Errorf("%d claims in an hour from now, %v", n, err)
	}
}
