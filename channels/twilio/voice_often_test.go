package twilio

import (
	"fmt"
	"strings"
	"testing"
)

// TestANumberThatCallsAllTheTime is told that the line is busy; nobody else is, and
// those without a number neither.
func TestANumberThatCallsAllTheTime(t *testing.T) {
	l := dialled(t, newLineBot())
	call := func(n int, from string) bool {
		return strings.Contains(l.hears(pathCall, []string{"From", from, "CallSid", fmt.Sprintf("CA%032x", n)}), "<Reject")
	}
	for n := range 100 {
		if busy := call(n, "+8613800138000"); busy != (n >= callsAtOnce) {
			t.Fatalf("call %d: busy is %v", n+1, busy)
		}
		if call(1000+n, "anonymous") {
			t.Fatal("a caller without a number is taken for another one")
		}
	}
	if call(2000, "+8613900139000") {
		t.Error("another number is busy too")
	}
}
