package main

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"supportbot/channels/twilio"
	"supportbot/channels/twilio/twiliotest"
)

// TestACallerGoesOnBySMS: in the queue for an agent a caller asks for SMS, hangs up,
// and is served there, in the same conversation, with the same case.
func TestACallerGoesOnBySMS(t *testing.T) {
	const from = "+8613800138000"
	rest := twiliotest.NewREST(t)
	dir := t.TempDir()
	s := serve(t, dir, twilioArgs(rest)...)
	next := "/channels/twilio/voice"
	hop := func(field, value, want string) {
		t.Helper()
		for more := true; more; field = "" {
			form := url.Values{"CallSid": {goldenSID}, "From": {from}, "CallStatus": {"in-progress"}}
			if field != "" {
				form.Set(field, value)
			}
			body := s.twilioAnswers(next, form)
			found := nextHop.FindStringSubmatch(body)
			redirected := redirection.FindStringSubmatch(body)
			if more = found == nil && redirected != nil; more {
				next = strings.ReplaceAll(redirected[1], "&amp;", "&")
				continue
			}
			if found != nil {
				next = strings.ReplaceAll(found[1], "&amp;", "&")
			}
			if !strings.Contains(body, want) {
				t.Fatalf("%s %s: want %q in\n%s", field, value, want, body)
			}
		}
	}
	hop("", "", "普通话请按1")
	hop("Digits", "1", "请直接说您的问题")
	hop("SpeechResult", "我忘了POS机密码", "用哪种方式重设")
	hop("Digits", "1", "要改用短信接着办，请按井号键")
	hop("Digits", "2", "哪个牌子")
	hop("Digits", "1", "15位商户号")
	hop("Digits", "1", "要改用短信接着办，请按井号键")
	hop("Digits", "#", "这通电话就挂断")
	hop("Digits", "1", "短信马上就到")
	if status := s.twilio("/channels/twilio/voice/status", url.Values{"CallSid": {goldenSID}, "From": {from}, "CallStatus": {"completed"}}); status != http.StatusNoContent {
		t.Errorf("the end of the call: %d", status)
	}

	sent, last := 0, ""
	reads := func(want ...string) {
		t.Helper()
		for _, w := range want {
			said := last
			for ; said == last; sent++ { // who dies between a sending and its record sends again
				call := rest.Wait(t, sent+1)[sent]
				if said = call.Get("Body"); call.Get("To") != from {
					t.Errorf("%q goes to %s", said, call.Get("To"))
				}
			}
			if last = said; !strings.Contains(said, w) {
				t.Errorf("the merchant reads %q, want %q in it", said, w)
			}
		}
	}
	reads("刚才电话里的自动助手")
	s.kill()
	s = serve(t, dir, twilioArgs(rest)...)

	token := s.token()
	_, list := s.rest(token, "GET", "/console/api/cases?state=waiting", "")
	cases := list["cases"].([]any)
	if len(cases) != 1 || cases[0].(map[string]any)["channel"] != "sms" {
		t.Fatalf("waiting: %v", cases)
	}
	path := "/console/api/cases/" + cases[0].(map[string]any)["id"].(string)
	act := func(act, body string) {
		t.Helper()
		if status, answer := s.rest(token, "POST", path+"/"+act, body); status != http.StatusOK {
			t.Fatalf("%s: %d %v", act, status, answer)
		}
	}
	act("claim", "")
	reads("客服")
	act("messages", `{"fence":2,"text":"您好，请说店名"}`)
	reads("您好，请说店名")
	s.writes(from, "SM00000000000000000000000000000001", "老李面馆")
	_, shown := s.rest(token, "GET", path, "")
	transcript := shown["transcript"].([]any)
	if last := transcript[len(transcript)-1].(map[string]any); last["text"] != "老李面馆" || len(transcript) < 10 {
		t.Errorf("the agent sees %v at the end of %d", last, len(transcript))
	}
	act("outcome", `{"fence":2,"outcome":"verified"}`)
	reads("身份已经核实", "新密码", "能登录POS机吗？\n1 ")
	s.writes(from, "SM00000000000000000000000000000002", "1")
	reads("太好了")
	if log := s.log.String(); strings.Contains(log, "13800138000") {
		t.Error("the log holds a number")
	}
	if out, err := command(t, "", "erase", "--data", dir, "--channel", "sms", "--peer", from); err != nil || strings.Count(out, "erased conversation") != 2 {
		t.Errorf("what a number is erased with: %s, %v", out, err)
	}
}

// twilioAnswers posts a form as Twilio does, and returns the TwiML of the answer.
func (s *server) twilioAnswers(target string, form url.Values) string {
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
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		s.Fatalf("%s: %s %s %v", target, response.Status, body, err)
	}
	return string(body)
}
