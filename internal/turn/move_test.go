package turn_test

import (
	"strings"
	"testing"

	"supportbot"
)

// TestAMoveProvesNothing: what had matched on the phone is open again in writing, and
// a code that was on its way is none any more; the tries count.
func TestAMoveProvesNothing(t *testing.T) {
	for name, codes := range map[string][]string{"a code that was right": {"730264", "730264"}, "a code on its way": {"730264"}} {
		t.Run(name, func(t *testing.T) {
			b := newCheckedBot(t)
			call := supportbot.Address{Channel: supportbot.Voice, Peer: "call"}
			hears := func(in supportbot.Inbound) supportbot.Outcome {
				t.Helper()
				in.Address = call
				out, err := b.Handle(t.Context(), in, []byte(in.ID))
				if err != nil {
					t.Fatal(err)
				}
				return out
			}
			hears(supportbot.Inbound{ID: "1", Kind: supportbot.InText, Text: "errand"})
			hears(supportbot.Inbound{ID: "2", Kind: supportbot.InText, Text: "red"})
			act := func(kind supportbot.ActKind, change func(*supportbot.AgentAct)) supportbot.AgentResult {
				t.Helper()
				return b.act(kind, 2, func(a *supportbot.AgentAct) {
					if a.Case = "2-1"; change != nil {
						change(a)
					}
				})
			}
			b.act(supportbot.ActClaim, 0, func(a *supportbot.AgentAct) { a.Case = "2-1" })
			act(supportbot.ActCode, func(a *supportbot.AgentAct) { a.Item, a.Code = "code", b.SealCode("2-1", codes[0]) })
			for _, typed := range codes[1:] {
				hears(supportbot.Inbound{ID: "typed", Kind: supportbot.InText, Text: typed})
			}
			out := hears(supportbot.Inbound{ID: "move", Kind: supportbot.InMove, To: supportbot.WhatsApp, Keyed: true})
			if len(out.Replies) != 1 || !strings.Contains(out.Replies[0].Text, "keyed in") && !strings.Contains(out.Replies[0].Text, "输入的") {
				t.Errorf("the number hears %+v", out.Replies)
			}
			if len(codes) == 1 { // typed there now
				hears(supportbot.Inbound{ID: "late", Kind: supportbot.InText, Text: codes[0]})
			}
			result := act(supportbot.ActOutcome, func(a *supportbot.AgentAct) { a.Verdict = supportbot.Verified })
			if !result.Refused || result.Missing != "code" {
				t.Errorf("verified in writing by what matched on the phone: %+v", result)
			}
			c, err := b.Case(t.Context(), "2-1")
			if err != nil || c.Channel != supportbot.WhatsApp || c.Checks.Used != 1 {
				t.Errorf("the case is on %s with %d tries, %v", c.Channel, c.Checks.Used, err)
			}
		})
	}
}
