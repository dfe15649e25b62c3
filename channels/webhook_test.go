package channels

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestAReceiverWritesNothingIntoTheLog: its words may be those of the message, and
// the error is kept and logged in the clear.
func TestAReceiverWritesNothingIntoTheLog(t *testing.T) {
	for _, code := range []int{400, 410, 429, 500, 503, 599} {
		err := judgeWebhook(&http.Response{StatusCode: code, Status: "400 cannot take: my name is Wang"}, time.Now())
		if err == nil || strings.Contains(err.Error(), "Wang") {
			t.Errorf("%d: %v", code, err)
		}
	}
}

// FuzzRetryAfter: whatever a receiver asks for, the pause is bounded.
func FuzzRetryAfter(f *testing.F) {
	for _, value := range []string{"", "0", "120", "-1", "99999999999999999999", "Fri, 31 Dec 1999 23:59:59 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Friday, 31-Dec-99 23:59:59 GMT"} {
		f.Add(value)
	}
	now := time.Date(2026, 1, 6, 9, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, value string) {
		if d := retryAfter(value, now); d < 0 || d > longestPause {
			t.Fatalf("%q is a pause of %s", value, d)
		}
	})
}
