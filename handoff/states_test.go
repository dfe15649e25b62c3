package handoff_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/handoff"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// A way of a case: every line is an act, as "seconds kind agent fence more", and
// what the case is then, as "state owner fence asked seconds", with "-" for
// nobody and nothing. Seconds count from noon, when it was put into the queue.
func TestWays(t *testing.T) {
	for name, way := range map[string]struct {
		channel supportbot.Channel
		lines   string
	}{
		"an offer is accepted": {supportbot.Web, `
			5  offer   -  0 li    | offered - 1 li 50
			9  accept  li 0       | active li 2 - -`},
		"an offer is declined, and the next agent asked": {supportbot.Web, `
			5  offer   -  0 li    | offered - 1 li 50
			9  decline li 0       | waiting - 1 - -
			10 offer   -  0 wang  | offered - 1 wang 55
			60 timeout -  0       | waiting - 1 - -`},
		"an offer of a call ends sooner": {supportbot.Voice, `
			5  offer   -  0 li    | offered - 1 li 25`},
		"an offered case may be taken by hand": {supportbot.Web, `
			5  offer   -    0 li  | offered - 1 li 50
			6  claim   wang 0     | active wang 2 - -
			7  accept  li   0     | refused
			51 timeout -    0     | refused`},
		"an owner who was lost comes back under a new fence": {supportbot.Web, `
			1   claim   li 0       | active li 2 - -
			46  lapse   -  0       | grace li 2 - 106
			50  message li 2 hi    | refused
			60  claim   li 0       | active li 3 - -
			61  message li 2 hi    | refused
			62  message li 3 hi    | active li 3 - -`},
		"an owner who is heard of again resumes": {supportbot.Web, `
			1   claim   li   0     | active li 2 - -
			46  lapse   -    0     | grace li 2 - 106
			59  resume  wang 0     | refused
			60  resume  li   0     | active li 3 - -
			61  resume  li   2     | refused`},
		"an owner who stays lost loses the case": {supportbot.Web, `
			1   claim   li   0     | active li 2 - -
			46  lapse   -    0     | grace li 2 - 106
			60  claim   wang 0     | refused
			105 timeout -    0     | refused
			106 timeout -    0     | waiting - 3 - -
			107 claim   wang 0     | active wang 4 - -`},
		"grace is shorter on the phone": {supportbot.Voice, `
			1   claim   li   0     | active li 2 - -
			46  lapse   -    0     | grace li 2 - 66`},
		"an agent who was removed is not waited for": {supportbot.Web, `
			1   claim   li   0      | active li 2 - -
			5   lapse   -    0 gone | waiting - 3 - -`},
		"a call is active once both have joined": {supportbot.Voice, `
			1   claim     li 0 ring | claimed li 2 - 46
			2   message   li 2 hi   | refused
			3   connected li 1      | refused
			4   connected li 2      | active li 2 - -`},
		"a call that nobody answers goes back": {supportbot.Voice, `
			1   claim     li 0 ring | claimed li 2 - 46
			45  timeout   -  0      | refused
			46  timeout   -  0      | waiting - 3 - -
			47  connected li 2      | refused`},
		"a call that its agent does not take goes back at once": {supportbot.Voice, `
			1   claim     li 0 ring | claimed li 2 - 46
			9   lapse     -  1 ring | refused
			9   lapse     -  2 ring | waiting - 3 - -
			9   lapse     -  2 ring | refused`},
		"an agent who was cut off comes back by telephone": {supportbot.Voice, `
			1   claim     li 0 ring | claimed li 2 - 46
			5   connected li 2      | active li 2 - -
			60  lapse     -  2 ring | grace li 2 - 80
			70  resume    li 2 ring | claimed li 3 - 115
			80  connected li 3      | active li 3 - -
			90  lapse     -  3 ring | grace li 3 - 110
			110 timeout   -  0      | waiting - 4 - -`},
		"an agent who was cut off goes on in writing": {supportbot.Voice, `
			1   claim     li 0 ring | claimed li 2 - 46
			5   connected li 2      | active li 2 - -
			60  lapse     -  2 ring | grace li 2 - 80
			70  resume    li 2 -    | active li 3 - -`},
		"who is on another call is tried again soon": {supportbot.Voice, `
			1    claim    li 0      | active li 2 - -
			10   callback li 2 busy | callback - 3 - 190`},
		"a transfer is accepted": {supportbot.Web, `
			1   claim    li   0      | active li 2 - -
			2   transfer li   2 wang | transfer li 2 wang 47
			3   message  li   2 hi   | transfer li 2 wang 47
			4   accept   zhao 0      | refused
			5   accept   wang 0      | active wang 3 - -
			6   message  li   2 hi   | refused`},
		"a transfer that nobody accepts comes back": {supportbot.Web, `
			1   claim    li   0      | active li 2 - -
			2   transfer li   2 wang | transfer li 2 wang 47
			47  timeout  -    0      | active li 2 - -
			48  transfer li   2 wang | transfer li 2 wang 93
			49  decline  wang 0      | active li 2 - -
			50  transfer li   2 wang | transfer li 2 wang 95
			51  resume   li   2      | active li 2 - -
			52  accept   wang 0      | refused`},
		"a transfer to a team waits for its members": {supportbot.Web, `
			1   claim    li   0      | active li 2 - -
			2   team     li   2 risk | waiting - 3 - -
			3   claim    wang 0      | active wang 4 - -`},
		"who is consulted reads along and then takes over": {supportbot.Web, `
			1   claim   li   0       | active li 2 - -
			2   consult li   2 wang  | consult li 2 wang 32
			3   message wang 2 hi    | refused
			4   note    wang 0 aha   | consult li 2 wang -
			90  note    li   2 so    | consult li 2 wang -
			91  message li   2 hi    | consult li 2 wang -
			92  accept  wang 0       | active wang 3 - -
			93  note    li   2 late  | refused`},
		"who is consulted and silent is asked no more": {supportbot.Web, `
			1   claim   li   0       | active li 2 - -
			2   consult li   2 wang  | consult li 2 wang 32
			32  timeout -    0       | active li 2 - -
			33  note    wang 0 aha   | refused`},
		"a person is called back thrice": {supportbot.Web, `
			1    callback -  0 600   | callback - 1 - 600
			600  timeout  -  0       | waiting - 1 - -
			601  claim    li 0       | active li 2 - -
			610  callback li 2 0     | callback - 3 - 1510
			1510 timeout  -  0       | waiting - 3 - -
			1511 claim    li 0       | active li 4 - -
			1520 callback li 4 2000  | callback - 5 - 2000
			2000 timeout  -  0       | waiting - 5 - -
			2001 claim    li 0       | active li 6 - -
			2002 callback li 6 0     | expired - 7 - -`},
		"a case of the night waits from the morning on": {supportbot.Web, `
			1    defer   -  0 3600   | deferred - 1 - 3600
			2    offer   -  0 li     | refused
			3600 timeout -  0        | waiting - 1 - -
			3601 offer   -  0 li     | offered - 1 li 3646`},
		"an admin takes a case off the desk": {supportbot.Web, `
			1   claim   li   0       | active li 2 - -
			2   cancel  boss 0       | cancelled li 3 - -
			3   message li   2 hi    | refused`},
		"a person leaves while an agent is asked": {supportbot.Web, `
			1   offer   -  0 li      | offered - 1 li 46
			2   leave   -  0         | abandoned - 2 - -
			3   accept  li 0         | refused`},
	} {
		t.Run(name, func(t *testing.T) {
			c := supportbot.Case{ID: "17-1", State: supportbot.CaseWaiting, Fence: 1, QueuedAt: noon, Channel: way.channel}
			for line := range strings.Lines(strings.TrimSpace(way.lines)) {
				does, want, _ := strings.Cut(line, "|")
				next, result, err := handoff.Step(c, parseAct(t, does))
				if err != nil {
					t.Fatalf("%s: %v", does, err)
				}
				if got := describe(next, result); got != strings.Join(strings.Fields(want), " ") {
					t.Fatalf("%s: %s, want %s", does, got, want)
				}
				c = next
			}
			if !c.QueuedAt.Equal(noon) {
				t.Errorf("queued at %s", c.QueuedAt)
			}
		})
	}
}

func parseAct(t *testing.T, line string) supportbot.AgentAct {
	t.Helper()
	f := append(strings.Fields(line), "")
	act := supportbot.AgentAct{Case: "17-1", Kind: supportbot.ActKind(f[1]), At: seconds(t, f[0]), Fence: int64(f[3][0] - '0')}
	if f[2] != "-" {
		act.Agent = f[2]
	}
	switch act.Kind {
	case "team":
		act.Kind, act.Team = supportbot.ActTransfer, f[4]
	case "offer", "transfer", "consult":
		act.Asked = f[4]
	case "callback", "defer":
		if act.How = f[4]; act.How != "busy" {
			act.How, act.Until = "", seconds(t, f[4])
		}
	case "claim", "resume":
		act.Rings = f[4] == "ring"
	case "lapse":
		act.Gone, act.Rings = f[4] == "gone", f[4] == "ring"
	default:
		act.Text = f[4]
	}
	return act
}

func seconds(t *testing.T, s string) time.Time {
	t.Helper()
	d, err := time.ParseDuration(s + "s")
	if err != nil {
		t.Fatal(err)
	}
	return noon.Add(d)
}

func describe(c supportbot.Case, result supportbot.AgentResult) string {
	if result.Refused {
		return "refused"
	}
	until := "-"
	if !c.Until.IsZero() {
		until = fmt.Sprint(int(c.Until.Sub(noon).Seconds()))
	}
	or := func(name string) string {
		if name == "" {
			return "-"
		}
		return name
	}
	return fmt.Sprintf("%s %s %d %s %s", c.State, or(c.Owner), c.Fence, or(c.Asked), until)
}

func TestWhoHasDeclinedIsRemembered(t *testing.T) {
	c := supportbot.Case{ID: "17-1", State: supportbot.CaseOffered, Asked: "li", Fence: 1}
	c, _, _ = handoff.Step(c, supportbot.AgentAct{Case: "17-1", Kind: "decline", Agent: "li"})
	if !slices.Equal(c.Passed, []string{"li"}) {
		t.Errorf("passed: %v", c.Passed)
	}
	c, _, _ = handoff.Step(c, supportbot.AgentAct{Case: "17-1", Kind: "claim", Agent: "wang"})
	if c.Passed != nil {
		t.Errorf("after a claim: %v", c.Passed)
	}
}

func TestNotesAreKeptInOrder(t *testing.T) {
	c := supportbot.Case{ID: "17-1", State: supportbot.CaseActive, Owner: "li", Fence: 2}
	first, _, _ := handoff.Step(c, supportbot.AgentAct{Case: "17-1", Kind: "note", Agent: "li", Fence: 2, Text: "one", At: noon})
	second, _, _ := handoff.Step(first, supportbot.AgentAct{Case: "17-1", Kind: "note", Agent: "li", Fence: 2, Text: "two", At: noon})
	if len(first.Notes) != 1 || len(second.Notes) != 2 || second.Notes[0].Text != "one" || second.Notes[1].At != noon {
		t.Errorf("notes %+v, then %+v", first.Notes, second.Notes)
	}
}
