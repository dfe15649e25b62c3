package storetest

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supportbot"
	"supportbot/handoff"
)

// However many take the role from each other at once, one admin is left who can log in.
func testLastAdmin(t *testing.T, s Store) {
	for _, name := range []string{"a", "b", "c"} {
		if err := s.AddAgent(t.Context(), handoff.Agent{Name: name, Role: handoff.RoleAdmin, AddedBy: "安"}); err != nil {
			t.Fatal(err)
		}
	}
	var left atomic.Int64
	left.Store(3)
	atOnce(func(n int) {
		var err error
		switch name := []string{"a", "b", "c"}[n%3]; name {
		case "a":
			err = s.SetRole(t.Context(), name, handoff.RoleAgent, "c")
		case "b":
			err = s.SetDisabled(t.Context(), name, true, "a")
		default:
			err = s.RemoveAgent(t.Context(), name, "b")
		}
		if err != nil && !errors.Is(err, supportbot.ErrInvalid) && !errors.Is(err, supportbot.ErrNotFound) {
			t.Error(err)
		}
	})
	agents, err := s.Agents(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	admins := slices.DeleteFunc(agents, func(a handoff.Agent) bool { return a.Disabled || a.Role != handoff.RoleAdmin })
	if len(admins) != 1 {
		t.Fatalf("the admins are %+v, want one", admins)
	}
	if err := s.SetRole(t.Context(), admins[0].Name, handoff.RoleAdmin, "a"); err != nil {
		t.Errorf("the last admin stays one: %v", err)
	}
}

// Nothing lets in who is disabled, until the agent is enabled again; then the password
// is as it was.
func testDisabled(t *testing.T, s Store) {
	addAgents(t, s)
	sum := sha256.Sum256([]byte("token"))
	if err := s.AddToken(t.Context(), "li", sum, time.Time{}); err != nil {
		t.Fatal(err)
	}
	play(t, s, "li", func(c *supportbot.Commit) {
		c.Case = &supportbot.Case{ID: "li-1", State: supportbot.CaseActive, Owner: "li", Fence: 2, QueuedAt: noon}
		c.Timers = []supportbot.Timer{{Kind: supportbot.TimerLease, Gen: c.Version, Due: time.Now().Add(time.Hour)}}
	})
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ok(s.SetPresence(t.Context(), "li", handoff.Available))
	ok(s.RenewLeases(t.Context(), "安", time.Now().Add(time.Minute)))
	before, err := s.Agent(t.Context(), "li")
	ok(err)
	ok(s.SetDisabled(t.Context(), "li", true, "安"))
	ok(s.RenewLeases(t.Context(), "li", time.Now().Add(time.Hour))) // a page that was open, or a call that goes on
	after, err := s.Agent(t.Context(), "li")
	ok(err)
	if !after.Disabled || after.Stamp == before.Stamp {
		t.Errorf("the agent is %+v, was %+v", after, before)
	}
	if _, err := s.AgentByToken(t.Context(), sum); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("the token is worth something: %v", err)
	}
	if due, err := s.Due(t.Context(), time.Now(), 9); err != nil || len(due) != 1 {
		t.Errorf("due are %+v, %v; want the lease of the agent's case", due, err)
	}
	ok(s.SetPhone(t.Context(), "li", "+8613800138000", "安"))
	ok(s.SetTOTP(t.Context(), "安", "KEY", 1, nil))
	roster, err := s.Roster(t.Context())
	ok(err)
	for i := range roster {
		if (roster[i].Name == "安") != (time.Since(roster[i].SeenAt) < time.Hour) {
			t.Errorf("%s was seen at %s", roster[i].Name, roster[i].SeenAt)
		}
		roster[i].SeenAt, roster[i].OfferedAt = time.Time{}, time.Time{}
	}
	want := []handoff.Account{
		{Staff: handoff.Staff{Name: "li", Role: li.Role, Presence: handoff.Offline, Profile: handoff.Profile{Capacity: 5}, Cases: 1, Disabled: true}, Phone: "8000"},
		{Staff: handoff.Staff{Name: "安", Role: an.Role, Presence: handoff.Away, Profile: handoff.Profile{Capacity: 5}}, SecondFactor: true},
	}
	if diff := cmp.Diff(want, roster); diff != "" {
		t.Errorf("roster (-want +got):\n%s", diff)
	}
	ok(s.SetDisabled(t.Context(), "li", false, "安"))
	if again, err := s.Agent(t.Context(), "li"); err != nil || again.Disabled || again.Password != li.Password {
		t.Errorf("the agent is %+v, %v", again, err)
	}
	if _, err := s.AgentByToken(t.Context(), sum); err != nil {
		t.Errorf("the token: %v", err)
	}
}

// Profiles name teams that there are, by the names that they have.
func testTeams(t *testing.T, s Store) {
	addAgents(t, s)
	profile := func(teams ...string) error {
		return s.SetProfile(t.Context(), "li", handoff.Profile{Capacity: 5, Teams: teams}, "安")
	}
	if err := profile("risk"); !errors.Is(err, supportbot.ErrInvalid) {
		t.Errorf("a team that is not there: %v", err)
	}
	if err := errors.Join(s.AddTeam(t.Context(), "risk", "安"), s.AddTeam(t.Context(), "night", "安"), profile("risk", "night")); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{
		"again": s.AddTeam(t.Context(), "risk", "安"), "taken": s.RenameTeam(t.Context(), "night", "risk", "安"),
	} {
		if !errors.Is(err, supportbot.ErrInvalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, err := range map[string]error{
		"rename": s.RenameTeam(t.Context(), "nobody", "x", "安"), "remove": s.RemoveTeam(t.Context(), "nobody", "安"),
	} {
		if !errors.Is(err, supportbot.ErrNotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := errors.Join(s.RenameTeam(t.Context(), "risk", "风控", "安"), s.RemoveTeam(t.Context(), "night", "安")); err != nil {
		t.Fatal(err)
	}
	teams, err := s.Teams(t.Context())
	if err != nil || !slices.Equal(teams, []string{"风控"}) {
		t.Errorf("the teams are %q, %v", teams, err)
	}
	staff, err := s.Staff(t.Context(), time.Now())
	if err != nil || !slices.Equal(staff[0].Profile.Teams, teams) || staff[0].Profile.Capacity != 5 {
		t.Errorf("li is %+v, %v", staff[0], err)
	}
}

// A profile that is set while a team is removed, or gets another name, stays as it was set.
func testTeamAndProfileAtOnce(t *testing.T, s Store) {
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	for n := range 16 {
		names = append(names, fmt.Sprintf("agent-%02d", n))
		ok(s.AddAgent(t.Context(), handoff.Agent{Name: names[n], Role: handoff.RoleAgent, AddedBy: "安"}))
	}
	set := func(name, skill string, teams ...string) {
		ok(s.SetProfile(t.Context(), name, handoff.Profile{Capacity: 5, Skills: []string{skill}, Teams: teams}, "安"))
	}
	ok(s.AddTeam(t.Context(), "night", "安"))
	for _, name := range names {
		set(name, "old", "night")
	}
	atOnce(func(n int) {
		if n == 0 {
			if err := s.RemoveTeam(t.Context(), "night", "安"); err != nil {
				t.Error(err)
			}
			return
		}
		if err := s.SetProfile(t.Context(), names[n], handoff.Profile{Capacity: 5, Skills: []string{"new"}}, "安"); err != nil {
			t.Error(err)
		}
	})
	staff, err := s.Staff(t.Context(), time.Now())
	ok(err)
	for _, one := range staff[1:] {
		if !slices.Equal(one.Profile.Skills, []string{"new"}) || len(one.Profile.Teams) > 0 {
			t.Errorf("%s is left with %+v", one.Name, one.Profile)
		}
	}
}
