package turn_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/handoff"
	"supportbot/internal/turn"
)

// newCheckedBot is a bot whose content has a checklist, with a case that Lin owns.
func newCheckedBot(t *testing.T) *bot {
	b := newBot(t)
	content := contentOf(t)
	content.Checks = handoff.Checklists{"": {Need: 1, Attempts: 5, ValidFor: 5 * time.Minute, Items: []supportbot.Check{
		{ID: "code", Means: supportbot.ByCode, Field: "phone", Attempts: 3},
	}}}
	b.Path = turn.New(b.store, []byte("key"), content, slog.New(slog.DiscardHandler))
	b.says("1", "errand")
	b.says("2", "red")
	b.act(supportbot.ActClaim, 0, nil)
	return b
}

func (b *bot) sendCode(code string) {
	b.Helper()
	b.act(supportbot.ActCode, 2, func(a *supportbot.AgentAct) { a.Item, a.Code = "code", b.SealCode("1-1", code) })
}

// A code is typed to the bot, which alone sees it: nobody finds it in the transcript or
// the data, and the agent need not ask.
func TestACodeIsTypedToTheBot(t *testing.T) {
	b := newCheckedBot(t)
	verified := func(a *supportbot.AgentAct) { a.Verdict = supportbot.Verified }
	if result := b.act(supportbot.ActOutcome, 2, verified); !result.Refused || result.Missing != "code" {
		t.Fatalf("verified before any code: %+v", result)
	}
	b.sendCode("730264")
	if said := b.says("3", "123456"); !strings.Contains(said, "not right") && !strings.Contains(said, "不对") {
		t.Errorf("a wrong code is answered %q", said)
	}
	b.is(b.says("4", "how long will it take"), "") // not a code: the agent's to answer
	if said := b.says("5", "验证码是 730 264"); !strings.Contains(said, "are right") && !strings.Contains(said, "是对的") {
		t.Errorf("the right code is answered %q", said)
	}
	b.nowhere("730264", "730 264")
	if log := b.transcript(); strings.Count(log, "user: [code]") != 2 || strings.Contains(log, "730") {
		t.Errorf("transcript:\n%s", log)
	}
	if result := b.act(supportbot.ActOutcome, 2, verified); result.Refused {
		t.Fatalf("verified: %+v", result)
	}
	c, err := b.Case(t.Context(), "1-1")
	if err != nil || len(c.Method) != 1 || time.Until(c.ValidUntil) > 5*time.Minute || time.Until(c.ValidUntil) < 4*time.Minute {
		t.Errorf("the case says %v until %s, %v", c.Method, c.ValidUntil, err)
	}
}

// Six digits are an ordinary answer while no code is waited for.
func TestSixDigitsWithoutACode(t *testing.T) {
	b := newCheckedBot(t)
	b.says("3", "730264")
	if strings.Contains(b.transcript(), "[code]") {
		t.Errorf("transcript:\n%s", b.transcript())
	}
}

func TestThreeWrongCodesEndIt(t *testing.T) {
	b := newCheckedBot(t)
	b.sendCode("730264")
	for _, id := range []string{"3", "4", "5"} {
		b.says(id, "11111"+id)
	}
	b.says("6", "730264")
	c, err := b.Case(t.Context(), "1-1")
	if err != nil || c.Checks.Items[0].Match {
		t.Errorf("%+v, %v", c.Checks, err)
	}
}
