package storetest

import (
	"sync"
	"sync/atomic"
	"testing"

	"supportbot"
)

// within tells whether a question of so many tokens, which cost as many, may be
// asked, and on which day it counts.
func within(t *testing.T, s Store, from supportbot.Address, tokens int64, l supportbot.ModelLimits) (int64, bool) {
	t.Helper()
	day, ok, err := s.ReserveTokens(t.Context(), from, supportbot.ModelSpend{Tokens: tokens, Cost: tokens}, l)
	if err != nil {
		t.Fatal(err)
	}
	return day, ok
}

// testModelSpending counts by conversation and by day, and what is refused not at
// all.
func testModelSpending(t *testing.T, s Store) {
	mei, ann, nobody := says("mei", "1", "").Address, says("ann", "1", "").Address, supportbot.Address{}
	limits := supportbot.ModelLimits{Conversation: 100, All: supportbot.ModelSpend{Tokens: 250, Cost: 240}}
	var day int64
	for _, step := range []struct {
		from   supportbot.Address
		tokens int64
		want   bool
	}{
		{mei, 101, false},
		{mei, 100, true},
		{mei, 1, false},
		{ann, 60, true},
		{ann, 60, false}, // beyond what ann may, so that nothing counts of it
		{nobody, 80, true},
		{nobody, 1, false}, // 241 cost too much, though there are tokens left
		{ann, 1, false},
	} {
		d, ok := within(t, s, step.from, step.tokens, limits)
		if ok != step.want {
			t.Fatalf("%d tokens of %q: %t, want %t", step.tokens, step.from.Peer, ok, step.want)
		}
		if ok {
			day = d
		}
	}
	if err := s.SettleTokens(t.Context(), day, mei, supportbot.ModelSpend{Tokens: 70, Cost: 70}); err != nil {
		t.Fatal(err)
	}
	if _, ok := within(t, s, mei, 71, limits); ok {
		t.Error("more was given back than was not used")
	}
	if _, ok := within(t, s, mei, 70, limits); !ok {
		t.Error("what was not used is not given back")
	}
	if _, ok := within(t, s, ann, 1000, supportbot.ModelLimits{}); !ok {
		t.Error("without limits something is too much")
	}
	if n, err := s.CutModelSpending(t.Context(), 9); n != 0 || err != nil {
		t.Errorf("of today %d rows were cut, %v", n, err)
	}
}

// testModelSpendingAtOnce has many ask at once: together they stay within limits.
func testModelSpendingAtOnce(t *testing.T, s Store) {
	limits := supportbot.ModelLimits{Conversation: 1000, All: supportbot.ModelSpend{Tokens: 300}}
	var taken atomic.Int64
	var wait sync.WaitGroup
	for i := range 20 {
		wait.Go(func() {
			from := says([]string{"mei", "ann", "bo"}[i%3], "1", "").Address
			day, ok, err := s.ReserveTokens(t.Context(), from, supportbot.ModelSpend{Tokens: 50}, limits)
			if err != nil {
				t.Error(err)
			}
			if !ok {
				return
			}
			if taken.Add(50) > 300 {
				t.Error("more was taken than there is")
			}
			if i%4 == 0 {
				taken.Add(-20)
				if err := s.SettleTokens(t.Context(), day, from, supportbot.ModelSpend{Tokens: 20}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	left := 300 - taken.Load()
	if _, ok := within(t, s, supportbot.Address{}, left+1, limits); ok {
		t.Errorf("more than %d tokens were left", left)
	}
	if _, ok := within(t, s, supportbot.Address{}, left, limits); left > 0 && !ok {
		t.Errorf("fewer than %d tokens were left", left)
	}
}

// testModelSpendingRestart: what a process reserved counts for every other one, also
// if it died before it settled.
func testModelSpendingRestart(t *testing.T, open func(t *testing.T) Store) {
	limits := supportbot.ModelLimits{Conversation: 100, All: supportbot.ModelSpend{Tokens: 150}}
	mei := says("mei", "1", "").Address
	if _, ok := within(t, open(t), mei, 100, limits); !ok {
		t.Fatal("100 tokens of 100 are too much")
	}
	again := open(t)
	if _, ok := within(t, again, mei, 1, limits); ok {
		t.Error("after a restart a conversation begins anew")
	}
	if _, ok := within(t, again, supportbot.Address{}, 51, limits); ok {
		t.Error("after a restart the day begins anew")
	}
}
