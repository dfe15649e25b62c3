package throttle

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestGuesses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGuesses(6)
		g.Right("shop")
		for _, network := range []string{"stranger", "shop", ""} {
			for i := range 6 {
				if wait := g.Wait(network); wait != 0 {
					t.Fatalf("%q waits %v after %d wrong keys", network, wait, i)
				}
				g.Wrong(network)
			}
		}
		if wait := g.Wait("stranger"); wait != 10*time.Second {
			t.Errorf("who guesses waits %v", wait)
		}
		for _, network := range []string{"shop", "", "another"} {
			if wait := g.Wait(network); wait != 0 {
				t.Errorf("%q waits %v", network, wait)
			}
		}
		time.Sleep(10 * time.Second)
		if wait := g.Wait("stranger"); wait != 0 {
			t.Errorf("who has waited waits %v", wait)
		}
		none := NewGuesses(0)
		for range 100 {
			none.Wrong("x")
			none.Right("x")
		}
		if wait := none.Wait("x"); wait != 0 {
			t.Errorf("without a limit: %v", wait)
		}
	})
}
