package handoff_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"supportbot"
	"supportbot/handoff"
)

// waits is a case of a priority and language that has waited for some minutes.
func waits(id string, p supportbot.Priority, l supportbot.Language, minutes int) supportbot.Case {
	return supportbot.Case{
		ID: id, State: supportbot.CaseWaiting, Priority: p, Language: l, Reason: "bind-card",
		QueuedAt: noon.Add(-time.Duration(minutes) * time.Minute),
	}
}

func works(name string, cases int, change func(*handoff.Staff)) handoff.Staff {
	s := handoff.Staff{Name: name, Presence: handoff.Available, Cases: cases, Profile: handoff.Profile{Capacity: 2}}
	if change != nil {
		change(&s)
	}
	return s
}

func TestRoute(t *testing.T) {
	zh, en := supportbot.Chinese, supportbot.English
	one := []supportbot.Case{waits("1", supportbot.Normal, zh, 1)}
	speaks := func(l supportbot.Language) func(*handoff.Staff) {
		return func(s *handoff.Staff) { s.Profile.Languages = []supportbot.Language{l} }
	}
	knows := func(s *handoff.Staff) { s.Profile.Skills = []string{"bind-card"} }
	risk := func(s *handoff.Staff) { s.Profile.Teams = []string{"risk"} }
	is := func(p handoff.Presence) func(*handoff.Staff) {
		return func(s *handoff.Staff) { s.Presence = p }
	}
	changed := func(change func(*supportbot.Case)) []supportbot.Case {
		c := one[0]
		change(&c)
		return []supportbot.Case{c}
	}
	type all = []supportbot.Case
	type staff = []handoff.Staff

	for name, test := range map[string]struct {
		waiting all
		staff   staff
		want    string
	}{
		"fraud comes before who has waited longer": {
			all{waits("1", supportbot.Normal, zh, 9), waits("2", supportbot.Urgent, zh, 1), waits("3", supportbot.Normal, zh, 5)},
			staff{works("li", 0, nil)}, "2 li, 1 li",
		},
		"who has most room comes first":             {one, staff{works("li", 1, nil), works("wang", 0, nil)}, "1 wang"},
		"who is full is not asked":                  {one, staff{works("li", 2, nil)}, ""},
		"who is away is not asked":                  {one, staff{works("li", 0, is(handoff.Away)), works("wang", 0, is(handoff.Offline))}, ""},
		"who speaks the language is asked":          {one, staff{works("li", 0, speaks(en)), works("wang", 1, speaks(zh))}, "1 wang"},
		"who knows the reason comes first":          {one, staff{works("li", 0, nil), works("wang", 1, knows)}, "1 wang"},
		"without the skill one is asked if need be": {one, staff{works("li", 0, nil), works("wang", 2, knows)}, "1 li"},
		"who has declined is not asked again": {
			changed(func(c *supportbot.Case) { c.Passed = []string{"li"} }), staff{works("li", 0, nil), works("wang", 1, nil)}, "1 wang",
		},
		"a team's case goes to the team": {
			changed(func(c *supportbot.Case) { c.Team = "risk" }), staff{works("li", 0, nil), works("wang", 1, risk)}, "1 wang",
		},
		"what is offered already is left alone": {
			changed(func(c *supportbot.Case) { c.State = supportbot.CaseOffered }), staff{works("li", 0, nil)}, "",
		},
		"who was asked longest ago comes first": {one, staff{
			works("li", 0, func(s *handoff.Staff) { s.OfferedAt = noon }), works("wang", 0, func(s *handoff.Staff) { s.OfferedAt = noon.Add(-time.Hour) }),
		}, "1 wang"},
		"a case that suits nobody holds up no other": {
			all{waits("1", supportbot.Urgent, en, 9), waits("2", supportbot.Normal, zh, 1)}, staff{works("li", 0, speaks(zh))}, "2 li",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			for i, o := range handoff.Route(test.waiting, test.staff) {
				if i > 0 {
					got += ", "
				}
				got += o.Case + " " + o.Agent
			}
			if got != test.want {
				t.Errorf("offers %q, want %q", got, test.want)
			}
		})
	}
}

// Nobody is offered more than they may have, nothing is offered twice, and while
// somebody who suits everything has room nothing is left.
func TestRouteInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var waiting []supportbot.Case
		for i := range rapid.IntRange(0, 12).Draw(t, "cases") {
			p := rapid.SampledFrom([]supportbot.Priority{supportbot.Urgent, supportbot.High, supportbot.Normal}).Draw(t, "priority")
			waiting = append(waiting, waits(fmt.Sprint(i), p, supportbot.Chinese, rapid.IntRange(0, 9).Draw(t, "minutes")))
		}
		var staff []handoff.Staff
		room := 0
		for i := range rapid.IntRange(0, 4).Draw(t, "agents") {
			s := works(fmt.Sprint("a", i), rapid.IntRange(0, 3).Draw(t, "has"), nil)
			staff = append(staff, s)
			room += max(0, s.Profile.Capacity-s.Cases)
		}
		offers := handoff.Route(waiting, staff)
		given := map[string]int{}
		var cases []string
		for _, o := range offers {
			given[o.Agent]++
			cases = append(cases, o.Case)
		}
		for _, s := range staff {
			if given[s.Name] > max(0, s.Profile.Capacity-s.Cases) {
				t.Fatalf("%s has %d and is offered %d", s.Name, s.Cases, given[s.Name])
			}
		}
		slices.Sort(cases)
		if len(slices.Compact(cases)) != len(offers) || len(offers) != min(room, len(waiting)) {
			t.Fatalf("%d cases, room for %d, offers %v", len(waiting), room, offers)
		}
	})
}
