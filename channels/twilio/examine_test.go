package twilio

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"supportbot/channels/twilio/twiliotest"
)

// TestExamineAsTwilioDescribesIt has Prism answer: with an account, and a number
// that calls elsewhere.
func TestExamineAsTwilioDescribesIt(t *testing.T) {
	rest := twiliotest.NewREST(t)
	config := account
	config.Server, config.From = rest.URL, "+18089255327" // the number of Twilio's example
	for _, apply := range []bool{false, true} {
		before := len(rest.Taken())
		found, err := config.Examine(t.Context(), apply)
		if err != nil || len(found) != 3 {
			t.Fatalf("%+v, %v", found, err)
		}
		calls := rest.Taken()[before:]
		changed := len(calls) == 3 && calls[2].Get("SmsUrl") == public+messagesPath && calls[2].Get("SmsFallbackUrl") == public+messagesPath
		if changed != apply || strings.Contains(found[2].Remedy, "--apply") == apply {
			t.Errorf("apply %v: %+v after %v", apply, found, calls)
		}
	}
	config.From = "+14155559999"
	if found, err := config.Examine(t.Context(), true); err != nil || !strings.Contains(found[2].Remedy, "of this account") {
		t.Errorf("the number of somebody else: %+v, %v", found, err)
	}
}

func TestExamineTellsWhatIsWrong(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, `{"code": 20003}`, http.StatusUnauthorized)
	}))
	defer server.Close()
	config := account
	config.Server = server.URL
	found, err := config.Examine(t.Context(), true)
	if err == nil || len(found) != 1 || !strings.Contains(found[0].Remedy, "--twilio-auth-token") {
		t.Errorf("a wrong token: %+v, %v", found, err)
	}
	for ahead, wrong := range map[time.Duration]bool{0: false, 30 * time.Second: false, -2 * time.Minute: true, time.Hour: true} {
		if f := clockOf(ahead); (f.Remedy != "") != wrong {
			t.Errorf("a clock that is %s ahead: %+v", ahead, f)
		}
	}
}
