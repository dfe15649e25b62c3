package replay_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supportbot"
	"supportbot/internal/replay"
)

// Whoever mumbles, asks for an agent, answers, goes or is silent is counted where
// that was, and who waits for an agent has not gone.
func TestPassages(t *testing.T) {
	now := contentWith(t, "All right", "All right")
	colour, tell, agent := "errand/colour", "errand/tell", "errand/agent"
	type counts map[string]supportbot.Traffic
	for name, c := range map[string]struct {
		said []string
		want counts
	}{
		"answers":             {[]string{"errand", "red"}, counts{colour: {Arrived: 1}, tell: {Arrived: 1}, agent: {Arrived: 1}}},
		"writes no more":      {[]string{"errand"}, counts{colour: {Arrived: 1, Left: 1}}},
		"is silent too long":  {[]string{"errand", "30m", "2h"}, counts{colour: {Arrived: 1, Left: 1}}},
		"is helped by a case": {[]string{"errand", "red", "@claim", "@outcome verified"}, counts{colour: {Arrived: 1}, tell: {Arrived: 1}, agent: {Arrived: 1}}},
	} {
		t.Run(name, func(t *testing.T) {
			counted := replay.Passages{}
			if err := counted.Add(played(t, openStore(t), now, c.said...), time.Now().Add(24*time.Hour)); err != nil {
				t.Fatal(err)
			}
			got := counts{}
			for at, p := range counted {
				if at.Version != now.Book.Version {
					t.Errorf("version %q", at.Version)
				}
				if at.Flow == "errand" {
					got["errand/"+at.Step] = p
				}
			}
			delete(got, "errand/good")
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("counted (-want +got):\n%s", diff)
			}
		})
	}
}

// A log that is no log is refused, and counts nothing.
func TestPassagesOfADamagedLog(t *testing.T) {
	l := played(t, openStore(t), contentWith(t, "All right", "All right"), "errand")
	l.Events = l.Events[1:]
	counted := replay.Passages{}
	if err := counted.Add(l, time.Now()); err == nil || len(counted) > 0 {
		t.Errorf("counted %+v, %v", counted, err)
	}
}
