package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"supportbot/channels/twilio"
	"supportbot/channels/twilio/twiliotest"
)

const (
	twilioSID    = "AC0123456789abcdef0123456789abcdef"
	twilioToken  = "0123456789abcdef0123456789abcdef"
	twilioPublic = "https://bot.example.com"
)

func twilioArgs(rest *twiliotest.REST) []string {
	return []string{
		"--twilio-account-sid", twilioSID, "--twilio-auth-token", twilioToken, "--twilio-from", "+14155550100",
		"--twilio-whatsapp-from", "+14155550101", "--twilio-server", rest.URL, "--public-url", twilioPublic,
	}
}

// twilio posts a form as Twilio does, and returns the status of the answer.
func (s *server) twilio(target string, form url.Values) int {
	s.Helper()
	request, err := http.NewRequest("POST", s.url+target, strings.NewReader(form.Encode()))
	if err != nil {
		s.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set(twilio.SignatureHeader, twilio.Sign(twilioToken, twilioPublic+target, form))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

// writes has a merchant write an SMS or, from "whatsapp:…", on WhatsApp.
func (s *server) writes(from, sid, text string) {
	s.Helper()
	form := url.Values{"MessageSid": {sid}, "AccountSid": {twilioSID}, "From": {from}, "To": {"+14155550100"}, "Body": {text}, "NumMedia": {"0"}}
	if status := s.twilio("/channels/twilio/messages", form); status != http.StatusOK {
		s.Fatalf("%s: answered %d", text, status)
	}
}

// TestAMerchantWritesSMS leads a merchant by SMS through a flow to an agent and her
// verdict, over a restart and with messages that come twice.
func TestAMerchantWritesSMS(t *testing.T) {
	for _, from := range []string{"+8613800138000", "whatsapp:+8613800138000"} {
		t.Run(strings.Split(from, "+")[0], func(t *testing.T) {
			rest := twiliotest.NewREST(t)
			dir := t.TempDir()
			s := serve(t, dir, twilioArgs(rest)...)
			sent := 0
			hears := func(want ...string) {
				t.Helper()
				calls := rest.Wait(t, sent+len(want))[sent:]
				for i, w := range want {
					if calls[i].Get("To") != from || !strings.Contains(calls[i].Get("Body"), w) {
						t.Errorf("the merchant hears %q, want %q in it", calls[i].Get("Body"), w)
					}
				}
				sent += len(want)
			}
			s.writes(from, "SM00000000000000000000000000000001", "POS机密码忘了")
			hears("别着急", "\n1 手机银行或网银\n2 ")
			s.writes(from, "SM00000000000000000000000000000002", "1")
			hears("重设密码", "1 弄好了\n2 还是不行")
			s.kill()
			s = serve(t, dir, twilioArgs(rest)...)
			s.writes(from, "SM00000000000000000000000000000002", "1") // again, and nothing comes of it
			s.writes(from, "SM00000000000000000000000000000003", "2")
			hears("哪个牌子？\n1 ")
			s.writes(from, "SM00000000000000000000000000000004", "1")
			hears("商户号是多少？")
			s.writes(from, "SM00000000000000000000000000000005", "1") // I do not know, beside a number that is asked for
			hears("转人工客服")

			token := s.token()
			_, list := s.rest(token, "GET", "/console/api/cases?state=waiting", "")
			id := list["cases"].([]any)[0].(map[string]any)["id"].(string)
			act := func(act, body string) {
				t.Helper()
				if status, answer := s.rest(token, "POST", "/console/api/cases/"+id+"/"+act, body); status != http.StatusOK {
					t.Fatalf("%s: %d %v", act, status, answer)
				}
			}
			act("claim", "")
			hears("客服")
			act("messages", `{"fence":2,"text":"您好，我核对一下"}`)
			hears("您好，我核对一下")
			act("outcome", `{"fence":2,"outcome":"verified"}`)
			hears("身份已经核实", "新密码", "能登录POS机吗？\n1 ")

			if status := s.twilio("/channels/twilio/status?message=2", url.Values{"MessageSid": {"SM1"}, "To": {from}, "MessageStatus": {"delivered"}}); status != http.StatusNoContent {
				t.Errorf("a status: answered %d", status)
			}
			s.writes(from, "SM00000000000000000000000000000006", "STOP")
			s.writes(from, "SM00000000000000000000000000000007", "你好")
			s.log.wait(t, "the person has written STOP")
			_, shown := s.rest(token, "GET", "/console/api/cases/"+id, "")
			reach := shown["reach"].(map[string]any)
			if _, until := reach["until"]; reach["stopped"] != true || until != strings.HasPrefix(from, "whatsapp:") {
				t.Errorf("the agent is told %v", reach)
			}
			s.writes(from, "SM00000000000000000000000000000008", "START")
			hears("能登录POS机吗？") // what was open is asked again, and nothing else comes
			if log := s.log.String(); strings.Contains(log, "13800138000") || strings.Contains(log, twilioToken) || strings.Contains(log, "密码忘了") {
				t.Error("the log holds a number, the token or words")
			}
		})
	}
}

func TestTwilioNeedsItsSettings(t *testing.T) {
	for want, args := range map[string][]string{
		"--twilio-auth-token is missing": {"--twilio-account-sid", twilioSID},
		"--public-url is missing":        {"--twilio-account-sid", twilioSID, "--twilio-auth-token", twilioToken, "--twilio-from", "+14155550100"},
	} {
		_, err := command(t, "", append([]string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir()}, args...)...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", args, err, want)
		}
	}
}
