package turn_test

import (
	"testing"
	"time"

	"supportbot"
)

// The mark that a person gives stands beside the case, and nothing else of it.
func TestTheMarkIsKeptWithTheCase(t *testing.T) {
	b := newBot(t)
	choose := func(id, choice string) {
		t.Helper()
		in := supportbot.Inbound{Address: merchant, ID: id, Kind: supportbot.InChoice, Choice: choice}
		if _, err := b.Handle(t.Context(), in, []byte(choice)); err != nil {
			t.Fatal(err)
		}
	}
	choose("1", "control:agent")
	b.act(supportbot.ActClaim, 0, nil)
	b.act(supportbot.ActClose, 2, nil)
	if err := b.Sweep(t.Context(), time.Now().Add(2*time.Minute)); err != nil {
		t.Fatal(err)
	}
	choose("2", "score=mark-4")
	if all := b.ended(); len(all) != 1 || all[0].Score != 4 || all[0].State != supportbot.CaseClosed {
		t.Errorf("kept are %+v\n%s", all, b.transcript())
	}
}
