package console

import (
	"fmt"
	"testing"
	"time"
)

func TestAttempts(t *testing.T) {
	for _, key := range []attempt{by("li"), {from: "203.0.113.9/32"}, {device: "a"}} {
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
		if !a.take(by("wang"), now) || !a.take(attempt{from: "198.51.100.7/32"}, now) || !a.take(attempt{device: "b"}, now) {
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

func TestAttemptsRememberABoundedNumber(t *testing.T) {
	var a attempts
	for i := range 2 * triesKept {
		a.take(by(fmt.Sprint(i)), time.Now())
	}
	if len(a.made) > triesKept {
		t.Errorf("%d are remembered", len(a.made))
	}
}
