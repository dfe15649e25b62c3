package kb

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"supportbot"
)

// What is remembered of a short text is what would be found out again, and
// belongs to nobody who got it.
func TestShortTextsAreRecalled(t *testing.T) {
	r := reader(t)
	for _, text := range []string{"好了", "POS机密码忘了", "go back", "天气", ""} {
		first := r.Read(text, supportbot.Question{})
		want := append([]supportbot.Candidate{}, first.Candidates...)
		for i := range first.Candidates {
			first.Candidates[i].Topic = "changed"
		}
		if diff := cmp.Diff(want, r.Read(text, supportbot.Question{}).Candidates); diff != "" {
			t.Errorf("%q a second time (-first +second):\n%s", text, diff)
		}
	}
}

// A reader that trusts its guesses less forgets those that it trusted.
func TestAnotherThresholdIsHeeded(t *testing.T) {
	r, err := reader(t).Judged(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.judge = reader(t).judge
	const text = "新办的卡咋绑机子上" // no phrase
	if got := r.Read(text, supportbot.Question{}).Decision; got != supportbot.Answer {
		t.Fatalf("at first: %s", got)
	}
	r.SetThreshold(1)
	if got := r.Read(text, supportbot.Question{}).Decision; got != supportbot.None {
		t.Errorf("when nothing is in scope: %s", got)
	}
}
