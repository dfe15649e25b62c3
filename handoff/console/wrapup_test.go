package console_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/handoff"
	"supportbot/handoff/console"
)

// books are the ended cases in memory.
type books struct {
	ended []supportbot.Ended
}

func (b *books) WrapUp(_ context.Context, id, agent string, code supportbot.Wrapup) error {
	for i, e := range b.ended {
		if e.Case == id && e.Agent == agent {
			b.ended[i].Code = code
			return nil
		}
	}
	return supportbot.ErrNotFound
}

func (b *books) Ended(_ context.Context, from, to time.Time, limit int) (found []supportbot.Ended, err error) {
	for _, e := range b.ended {
		if !e.Ended.Before(from) && e.Ended.Before(to) && len(found) < limit {
			found = append(found, e)
		}
	}
	return found, nil
}

// shanghai is where the operator of the tests counts days.
var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// newBooked is a desk with reports on the cases that have ended.
func newBooked(t *testing.T, ended ...supportbot.Ended) (*desk, *books) {
	t.Helper()
	d, b := newDesk(t), &books{ended: ended}
	token, sum := handoff.NewToken()
	d.agents = append(d.agents, handoff.Agent{Name: "boss", Role: handoff.RoleSupervisor})
	d.token["boss"], d.tokens[sum] = token, "boss"
	d.console = console.New(d.memory, d.memory, console.Options{Knowledge: handbook{}, Sessions: newSessions(), Key: []byte("key"), Client: client, Reports: b, Log: discard,
		Zone: shanghai, Promise: handoff.Promise{Chat: time.Minute, Phone: 20 * time.Second}})
	d.Server = serve(t, d.console)
	return d, b
}

func TestWrapUp(t *testing.T) {
	d, b := newBooked(t, supportbot.Ended{Case: "17-1", Agent: "li"})
	for _, c := range []struct {
		agent, id, body string
		status          int
		says            string
	}{
		{"li", "17-1", `{"code":"needs-visit"}`, 200, ""},
		{"wang", "17-1", `{"code":"solved"}`, 404, "no case of yours"},
		{"li", "17-2", `{"code":"solved"}`, 404, "no case of yours"},
		{"li", "17-1", `{"code":"hopeless"}`, 400, "code must be one of solved, needs-visit"},
		{"li", "17-1", ``, 400, "code must say"},
		{"li", "17-1", `{"code":"prank"}`, 400, "code must be one of"}, // once it was one
	} {
		status, answer := d.call(t, c.agent, "POST", "/api/cases/"+c.id+"/wrapup", c.body)
		said, _ := answer["error"].(string)
		if status != c.status || !strings.Contains(said, c.says) {
			t.Errorf("%s gives %s the code %s: %d %q, want %d %q", c.agent, c.id, c.body, status, said, c.status, c.says)
		}
	}
	if b.ended[0].Code != "needs-visit" {
		t.Errorf("the case came to %q", b.ended[0].Code)
	}
}

// A code may come with the end itself, and must be one of the list there too.
func TestACodeComesWithTheEnd(t *testing.T) {
	d := newDesk(t)
	d.call(t, "li", "POST", "/api/cases/17-1/claim", "")
	if status, answer := d.call(t, "li", "POST", "/api/cases/17-1/close", `{"fence":2,"code":"hopeless"}`); status != 400 {
		t.Errorf("a code that there is not: %d %v", status, answer)
	}
	if status, answer := d.call(t, "li", "POST", "/api/cases/17-1/close", `{"fence":2,"code":"solved"}`); status != 200 {
		t.Errorf("closed with a code: %d %v", status, answer)
	}
}
