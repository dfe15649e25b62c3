package console

import (
	"testing"
	"time"
)

func TestAttempts(t *testing.T) {
	var a attempts
	now := time.Now()
	guesser := attemptKey("203.0.113.9:5555", "li")
	for i := range attemptsPerWindow {
		if !a.take(guesser, now) {
			t.Fatalf("attempt %d is refused", i+1)
		}
	}
	if a.take(attemptKey("203.0.113.9:7777", "li"), now) {
		t.Error("another port of the same address may go on guessing")
	}
	if !a.take(attemptKey("198.51.100.7:5555", "li"), now) {
		t.Error("a guesser elsewhere locks the agent out")
	}
	if !a.take(guesser, now.Add(attemptsWindow+time.Second)) {
		t.Error("the address stays locked after its time")
	}
	a.forget(guesser)
	if !a.take(guesser, now) {
		t.Error("a log-in that succeeded still counts")
	}
}

func TestAttemptsCountAnIPv6NetworkAsOne(t *testing.T) {
	if attemptKey("[2001:db8::1]:1", "li") != attemptKey("[2001:db8::2]:9", "li") {
		t.Error("two addresses of one /64 are counted apart")
	}
	if attemptKey("[2001:db8::1]:1", "li") == attemptKey("[2001:db8:0:1::1]:1", "li") {
		t.Error("two networks are counted together")
	}
	if attemptKey("[::ffff:192.0.2.1]:1", "li") != attemptKey("192.0.2.1:1", "li") {
		t.Error("an IPv4 address in IPv6 form is another one")
	}
	if attemptKey("[::ffff:192.0.2.1]:1", "li") == attemptKey("[::ffff:192.0.2.2]:1", "li") {
		t.Error("IPv4 addresses in IPv6 form are all one")
	}
}

func TestAttemptsRememberABoundedNumber(t *testing.T) {
	var a attempts
	for i := range 3 * attemptsKept {
		a.take(attempt{name: time.Duration(i).String()}, time.Now())
	}
	if len(a.made) > attemptsKept {
		t.Errorf("%d are remembered", len(a.made))
	}
}
