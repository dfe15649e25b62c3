package handoff_test

import (
	"testing"
	"time"

	"supportbot"
	"supportbot/handoff"
)

// coded is a case of Li's to which a code was sent at noon.
func coded(t *testing.T) supportbot.Case {
	t.Helper()
	c := listed(1, false)
	c.Checks.Items = []supportbot.Check{{ID: "code", Means: supportbot.ByCode, Attempts: 9}}
	c.Checks.Attempts = 9
	return sendCode(t, c, noon, true)
}

func sendCode(t *testing.T, c supportbot.Case, at time.Time, taken bool) supportbot.Case {
	t.Helper()
	c, result, err := handoff.Step(c, supportbot.AgentAct{Case: "17-1", Kind: "code", Agent: "li", Fence: 2, Item: "code", Code: "right", At: at})
	if err != nil || result.Refused == taken {
		t.Fatalf("send at %s: %+v, %v", at, result, err)
	}
	return c
}

func typed(c supportbot.Case, code string, after time.Duration) (supportbot.Case, bool) {
	c, result, _ := handoff.Step(c, supportbot.AgentAct{Case: "17-1", Kind: "typed", Code: code, At: noon.Add(after)})
	return c, !result.Refused
}

func TestACodeIsGoodOnce(t *testing.T) {
	c, ok := typed(coded(t), "right", 4*time.Minute)
	if !ok || !c.Checks.Items[0].Match || len(handoff.Missing(c, true)) != 0 {
		t.Fatalf("the right code: %+v", c.Checks)
	}
	if _, ok := typed(c, "right", 4*time.Minute); ok {
		t.Error("it was taken twice")
	}
	if c, ok := typed(coded(t), "right", 5*time.Minute); ok || c.Checks.Items[0].Match {
		t.Error("it was taken after five minutes")
	}
}

func TestACodeHasThreeTries(t *testing.T) {
	c := coded(t)
	for range 3 {
		var ok bool
		if c, ok = typed(c, "wrong", time.Minute); !ok || c.Checks.Items[0].Match {
			t.Fatalf("a wrong code: %+v", c.Checks)
		}
	}
	if c, ok := typed(c, "right", time.Minute); ok || c.Checks.Items[0].Match {
		t.Error("the right code was taken after three wrong ones")
	}
}

func TestThreeCodesAnHour(t *testing.T) {
	c := sendCode(t, coded(t), noon.Add(time.Minute), true)
	c = sendCode(t, c, noon.Add(2*time.Minute), true)
	sendCode(t, c, noon.Add(59*time.Minute), false)
	sendCode(t, c, noon.Add(61*time.Minute), true)
}
