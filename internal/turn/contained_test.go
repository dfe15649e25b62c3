package turn_test

import (
	"testing"
	"time"

	"supportbot"
	"supportbot/internal/turn"
)

// An errand that ends without an agent is contained; one that an agent has ended
// is not, nor one in which the person just goes.
func TestContained(t *testing.T) {
	content := contentOf(t)
	says := func(text string) supportbot.Inbound { return supportbot.Inbound{Kind: supportbot.InText, Text: text} }
	acts := func(act supportbot.AgentAct) supportbot.Inbound {
		act.Case, act.Agent = "1-1", "Lin"
		return supportbot.Inbound{Kind: supportbot.InAgent, Agent: &act}
	}
	for name, c := range map[string]struct {
		turns []supportbot.Inbound
		want  bool
	}{
		"by the bot":  {[]supportbot.Inbound{says("errand"), {Kind: supportbot.InChoice, Choice: "control:cancel"}}, true},
		"still open":  {[]supportbot.Inbound{says("errand")}, false},
		"by an agent": {[]supportbot.Inbound{says("errand"), says("red"), acts(supportbot.AgentAct{Kind: supportbot.ActClaim}), acts(supportbot.AgentAct{Kind: supportbot.ActOutcome, Fence: 2, Verdict: supportbot.Failed})}, false},
		"by nobody":   {[]supportbot.Inbound{says("errand"), {Kind: supportbot.InHangup}}, false},
	} {
		thread := supportbot.Thread{ID: 1, Address: merchant}
		var commit supportbot.Commit
		for i, in := range c.turns {
			in.Address, in.At = merchant, time.Unix(int64(i), 0)
			var err error
			if commit, err = content.Turn(thread, turn.Row{Seq: int64(i + 1), Inbound: in}); err != nil {
				t.Fatal(err)
			}
			thread = turn.After(thread, commit)
		}
		if commit.Contained != c.want {
			t.Errorf("%s: contained is %t (%+v)", name, commit.Contained, commit.Outcome)
		}
	}
}
