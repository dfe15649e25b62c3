package console

import (
	"fmt"
	"testing"
	"time"
)

func TestAttempts(t *testing.T) {
	for _, key := range []attempt{by("li"), from("203.0.113.9:5555"), {device: "a"}} {
		var a attempts
		now := time.Now()
		for i := range key.limit() {
			if !a.take(key, now) {
				t.Fatalf("try %d of %v is refused", i+1, key)
			}
		}
		if a.take(key, now) {
			t.Errorf("%v may go on for ever", key)
		}
		if !a.take(by("wang"), now) || !a.take(from("198.51.100.7:5555"), now) || !a.take(attempt{device: "b"}, now) {
			t.Errorf("%v stands in the way of others", key)
		}
		a.giveBack(key, 2)
		if !a.take(key, now) || a.take(key, now) {
			t.Error("a log-in that succeeded gives back something else than its own tries")
		}
		if !a.take(key, now.Add(triesWindow+time.Second)) {
			t.Errorf("%v stays locked after its time", key)
		}
	}
}

func TestAttemptsCountAnIPv6NetworkAsOne(t *testing.T) {
	if from("[2001:db8::1]:1") != from("[2001:db8::2]:9") {
		t.Error("two addresses of one /64 are counted apart")
	}
	if from("[2001:db8::1]:1") == from("[2001:db8:0:1::1]:1") {
		t.Error("two networks are counted together")
	}
	if from("[::ffff:192.0.2.1]:1") != from("192.0.2.1:1") {
		t.Error("an IPv4 address in IPv6 form is another one")
	}
	if from("[::ffff:192.0.2.1]:1") == from("[::ffff:192.0.2.2]:1") {
		t.Error("IPv4 addresses in IPv6 form are all one")
	}
}

func TestAttemptsRememberABoundedNumber(t *testing.T) {
	var a attempts
	for i := range 2 * triesKept {
		a.take(by(fmt.Sprint(i)), time.Now())
	}
	if len(a.made) > triesKept {
		t.Errorf("%d are remembered", len(a.made))
	}
}
