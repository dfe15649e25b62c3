package console_test

import (
	"testing"

	"supportbot"
	"supportbot/handoff"
)

// What an agent is asked to take stands among the agent's own, with its deadline.
func TestPassingACaseOn(t *testing.T) {
	d := newDesk(t)
	for _, step := range []struct {
		agent, path, body string
		status            int
		answer            string
	}{
		{"li", "claim", ``, 200, `{"fence":2}`},
		{"li", "transfer", `{"fence":2}`, 400, `{"error":"invalid: transfer must name an agent or a team, and not both"}`},
		{"li", "transfer", `{"fence":2,"agent":"nobody"}`, 400, `{"error":"invalid: there is no agent \"nobody\""}`},
		{"li", "transfer", `{"fence":2,"agent":"li"}`, 400, `{}`},
		{"li", "transfer", `{"fence":2,"agent":"wang"}`, 200, `{}`},
		{"li", "messages", `{"fence":2,"text":"请稍等"}`, 200, `{}`},
		{"wang", "messages", `{"fence":2,"text":"hi"}`, 409, `{"owner":"li"}`},
		{"wang", "accept", ``, 200, `{"fence":3}`},
		{"wang", "accept", ``, 200, `{"fence":3}`},
		{"li", "messages", `{"fence":2,"text":"hi"}`, 409, `{"owner":"wang"}`},
		{"wang", "consult", `{"fence":3,"agent":"li"}`, 200, `{}`},
		{"li", "notes", `{"text":"我见过这位商户"}`, 200, `{}`},
		{"li", "decline", ``, 200, `{}`},
		{"li", "notes", `{"text":"late"}`, 409, `{"owner":"wang"}`},
		{"wang", "callback", `{"fence":3}`, 200, `{}`},
		{"wang", "cancel", ``, 403, `{}`},
	} {
		status, answer := d.call(t, step.agent, "POST", "/api/cases/17-1/"+step.path, step.body)
		if status != step.status || !contains(t, answer, step.answer) {
			t.Errorf("%s %s %s: %d %v, want %d %s", step.agent, step.path, step.body, status, answer, step.status, step.answer)
		}
		if step.path != "transfer" || status != 200 {
			continue
		}
		_, mine := d.call(t, "wang", "GET", "/api/cases?state=mine", "")
		cases := mine["cases"].([]any)
		if len(cases) != 1 || !contains(t, cases[0].(map[string]any), `{"id":"17-1","state":"transfer","owner":"li","asked":"wang"}`) || cases[0].(map[string]any)["until"] == nil {
			t.Errorf("wang's cases: %v", cases)
		}
	}
	if c, _ := d.Case(t.Context(), "17-1"); c.State != supportbot.CaseCallback || c.Calls != 1 || len(c.Notes) != 1 {
		t.Errorf("in the end the case is %+v", c)
	}
}

func TestPresenceAndProfile(t *testing.T) {
	d := newDesk(t)
	if status, _ := d.call(t, "li", "POST", "/api/presence", `{"state":"available"}`); status != 200 || d.presence["li"] != handoff.Available {
		t.Errorf("%d, and li is %q", status, d.presence["li"])
	}
	if status, answer := d.call(t, "li", "POST", "/api/presence", `{"state":"offline"}`); status != 400 {
		t.Errorf("%d %v", status, answer)
	}
	if _, answer := d.call(t, "wang", "GET", "/api/agents", ""); len(answer["agents"].([]any)) != len(d.agents) {
		t.Errorf("colleagues: %v", answer)
	}
}
