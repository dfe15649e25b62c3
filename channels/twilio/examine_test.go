package twilio

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
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
		if err != nil || len(found) != 5 {
			t.Fatalf("%+v, %v", found, err)
		}
		calls := rest.Taken()[before:]
		if changed := len(calls) == 3; changed != apply {
			t.Fatalf("apply %v: %v", apply, calls)
		}
		for field, want := range map[string]string{
			"SmsUrl": messagesPath, "SmsFallbackUrl": messagesPath, "VoiceUrl": pathCall, "StatusCallback": pathEnd,
		} {
			if apply && calls[2].Get(field) != public+want {
				t.Errorf("%s is set to %q", field, calls[2].Get(field))
			}
		}
		for _, f := range found[2:] {
			if strings.Contains(f.Remedy, "--apply") == apply {
				t.Errorf("apply %v: %+v", apply, f)
			}
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

// TestExamineSetsOnlyWhatIsWrong has a number whose messages come here and whose
// calls do not.
func TestExamineSetsOnlyWhatIsWrong(t *testing.T) {
	var set url.Values
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost:
			_ = r.ParseForm()
			set = r.PostForm
			_, _ = io.WriteString(w, `{}`)
		case strings.Contains(r.URL.Path, "IncomingPhoneNumbers"):
			_, _ = fmt.Fprintf(w, `{"incoming_phone_numbers": [{"sid": "PN1", "phone_number": %q, "sms_url": %q, "sms_method": "POST", "sms_fallback_url": %[2]q,
				"voice_url": "https://demo.twilio.com/welcome", "voice_method": "POST", "status_callback": %q, "status_callback_method": "POST"}]}`,
				account.From, public+messagesPath, public+pathEnd)
		default:
			_, _ = io.WriteString(w, `{"status": "active"}`)
		}
	}))
	defer server.Close()
	config := account
	config.Server = server.URL
	found, err := config.Examine(t.Context(), true)
	if err != nil || len(found) != 5 || found[2].What != "messages to the number come here" || found[3].What != "calls of the number come here from now on" {
		t.Fatalf("%+v, %v", found, err)
	}
	if len(set) != 2 || set.Get("VoiceUrl") != public+pathCall || set.Get("VoiceMethod") != "POST" {
		t.Errorf("set is %v", set)
	}
}
