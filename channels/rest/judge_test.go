package rest

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
		err := judge(&http.Response{StatusCode: code, Status: "400 cannot take: my name is Wang"}, time.Now())
		if err == nil || strings.Contains(err.Error(), "Wang") {
			t.Errorf("%d: %v", code, err)
		}
	}
}
