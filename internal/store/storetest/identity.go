package storetest

import (
	"errors"
	"sync"
	"testing"

	"supportbot"
	"supportbot/handoff"
)

// An agent is known by the e-mail address once, and by issuer and subject from then
// on; who has the address later is somebody else.
func testIdentity(t *testing.T, s Store) {
	addAgents(t, s)
	const issuer = "https://login.example.com"
	lin := handoff.Identity{Issuer: issuer, Subject: "7", Email: "Lin@Shop.example"}
	is := func(what string, who handoff.Identity, want string) {
		t.Helper()
		a, err := s.AgentByIdentity(t.Context(), who)
		if want == "" && !errors.Is(err, supportbot.ErrNotFound) || want != "" && (err != nil || a.Name != want || a.SignIn != handoff.SignInBound) {
			t.Errorf("%s is %q (%s), %v; want %q", what, a.Name, a.SignIn, err, want)
		}
	}
	is("whom nobody has named", lin, "")
	if err := s.SetEmail(t.Context(), "li", "lin@shop.example", ""); err != nil {
		t.Fatal(err)
	}
	if a, _ := s.Agent(t.Context(), "li"); a.SignIn != handoff.SignInAwaited {
		t.Errorf("before the first log-in: %q", a.SignIn)
	}
	if err := s.SetEmail(t.Context(), "安", "LIN@shop.example", ""); !errors.Is(err, supportbot.ErrInvalid) {
		t.Errorf("one address for two: %v", err)
	}
	is("an address that is not verified", handoff.Identity{Issuer: issuer, Subject: "7"}, "")
	for _, disabled := range []bool{true, false} {
		if err := s.SetDisabled(t.Context(), "li", disabled, ""); err != nil {
			t.Fatal(err)
		}
		if disabled {
			is("an agent who is disabled", lin, "")
		}
	}

	var windows sync.WaitGroup // windows of one browser that comes back to the company's page
	for range 8 {
		windows.Go(func() { is("the first log-in", lin, "li") })
	}
	windows.Wait()
	is("a later one, under a new address", handoff.Identity{Issuer: issuer, Subject: "7", Email: "new@shop.example"}, "li")
	is("another person who was given the address", handoff.Identity{Issuer: issuer, Subject: "8", Email: lin.Email}, "")
	is("the subject of another issuer", handoff.Identity{Issuer: "https://other.example.com", Subject: "7"}, "")

	before, _ := s.Agent(t.Context(), "li")
	if err := s.SetEmail(t.Context(), "li", "", ""); err != nil {
		t.Fatal(err)
	}
	if after, err := s.Agent(t.Context(), "li"); err != nil || after.Stamp == before.Stamp {
		t.Errorf("the sessions go on: %v", err)
	}
	is("who may no longer come", lin, "")
	if err := s.SetEmail(t.Context(), "nobody", "n@shop.example", ""); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("the address of nobody: %v", err)
	}

	if err := s.SetEmail(t.Context(), "li", lin.Email, ""); err != nil {
		t.Fatal(err)
	}
	is("the agent again", lin, "li")
	if err := errors.Join(s.RemoveAgent(t.Context(), "li", ""), s.AddAgent(t.Context(), li)); err != nil {
		t.Fatal(err)
	}
	is("who was removed, though another has the name", lin, "")
}
