package twilio

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"supportbot"
)

const sid = "CA0123456789abcdef0123456789abcdef"

// line is a caller on the line of a channel.
type line struct {
	testing.TB
	voice   *Voice
	handler http.Handler
	sid     string
}

func dialled(t testing.TB, conv *lineBot) *line {
	v := NewVoice(conv, account, "4008001234", slog.New(slog.DiscardHandler))
	v.patience = 50 * time.Millisecond
	mux := http.NewServeMux()
	for _, route := range v.Routes() {
		mux.Handle(route.Pattern, route.Handler)
	}
	return &line{t, v, mux, sid}
}

// post makes a webhook, signed, with fields as name and value in turn.
func (l *line) post(target string, fields ...string) (status int, body string) {
	l.Helper()
	form := url.Values{"CallSid": {l.sid}, "From": {"+8613800138000"}, "CallStatus": {"in-progress"}}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	r := httptest.NewRequest("POST", target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", formKind)
	r.Header.Set(SignatureHeader, Sign(token, public+target, form))
	w := httptest.NewRecorder()
	l.handler.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// hears is post for a webhook that is answered with TwiML holding all of wanted.
func (l *line) hears(target string, fields []string, wanted ...string) (body string) {
	l.Helper()
	status, body := l.post(target, fields...)
	if status != http.StatusOK {
		l.Fatalf("%s: %d %s", target, status, body)
	}
	for _, want := range wanted {
		if !strings.Contains(body, want) {
			l.Errorf("%s %q: want %q in\n%s", target, fields, want, body)
		}
	}
	return body
}

var nextHop = regexp.MustCompile(`action="([^"]+)"|<Redirect[^>]*>([^<]+)<`)

// next is where the TwiML goes on.
func (l *line) next(body string) string {
	l.Helper()
	found := nextHop.FindStringSubmatch(body)
	if found == nil {
		l.Fatalf("the call goes nowhere:\n%s", body)
	}
	return strings.ReplaceAll(found[1]+found[2], "&amp;", "&")
}

func saying(text string) []string { return []string{"SpeechResult", text, "Confidence", "0.8"} }
func presses(key string) []string { return []string{"Digits", key} }

func TestOnlyTwilioIsHeard(t *testing.T) {
	conv := newLineBot()
	l := dialled(t, conv)
	for _, path := range []string{pathCall, pathTurn + "?n=1", pathLate + "?n=1", pathWait + "?n=1", pathEnd} {
		form := url.Values{"CallSid": {sid}, "From": {"+8613800138000"}, "CallStatus": {"completed"}}
		for name, signature := range map[string]string{
			"none":          "",
			"another token": Sign("another", public+path, form),
			"another place": Sign(token, public+path+"&n=2", form),
			"another form":  Sign(token, public+path, url.Values{"CallSid": {sid}}),
		} {
			r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", formKind)
			r.Header.Set(SignatureHeader, signature)
			w := httptest.NewRecorder()
			l.handler.ServeHTTP(w, r)
			if w.Code != http.StatusForbidden {
				t.Errorf("%s, signature %s: %d", path, name, w.Code)
			}
		}
	}
	if len(conv.threads) > 0 {
		t.Error("a forged call reached the bot")
	}
}

func TestAHopMustBeOne(t *testing.T) {
	l := dialled(t, newLineBot())
	for _, target := range []string{pathTurn + "?n=x", pathTurn + "?n=-1", pathTurn + "?n=99999999999"} {
		if status, _ := l.post(target); status != http.StatusBadRequest {
			t.Errorf("%s: %d", target, status)
		}
	}
	if status, _ := l.post(pathCall, "CallSid", "../x"); status != http.StatusBadRequest {
		t.Errorf("another name of a call: %d", status)
	}
}

func TestTheLanguageOfACaller(t *testing.T) {
	tests := []struct {
		name   string
		answer []string
		want   []string
	}{
		{"key 1", presses("1"), []string{"cmn-Hans-CN", "open "}},
		{"key 2", presses("2"), []string{"en-US", "open "}},
		{"named in Chinese", saying("普通话。"), []string{"cmn-Hans-CN", "open "}},
		{"named in English", saying("English."), []string{`language="en-US" speechTimeout`, "open "}},
		{"first words in Chinese", saying("密码忘了"), []string{"cmn-Hans-CN", "text 密码忘了"}},
		{"first words in English", saying("I forgot the password"), []string{`language="en-US" speechTimeout`, "text I forgot the password"}},
		{"the agent", presses("0"), []string{"cmn-Hans-CN", "digits 0"}},
		{"hear it again", presses("9"), []string{"普通话请按1", "For English, press 2", "intro=1"}},
		{"silence", nil, []string{"普通话请按1", "For English, press 2", "intro=2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := dialled(t, newLineBot())
			greeting := l.hears(pathCall, nil, "不是真人", "not a person", `action="/channels/twilio/voice/turn?intro=1&amp;lang=zh&amp;n=1"`)
			l.hears(l.next(greeting), tt.answer, tt.want...)
		})
	}
}

func TestWhoeverIsSilentIsSpokenToInChinese(t *testing.T) {
	l := dialled(t, newLineBot())
	once := l.hears(pathCall, nil)
	twice := l.hears(l.next(once), nil)
	l.hears(l.next(twice), nil, "open ", "cmn-Hans-CN")
}

func TestTheLanguageIsRemembered(t *testing.T) {
	conv := newLineBot()
	l := dialled(t, conv)
	l.hears(l.next(l.hears(pathCall, nil)), presses("2"))
	for range 2 { // news of the end may come twice
		if status, body := l.post(pathEnd, "CallStatus", "completed"); status != http.StatusNoContent {
			t.Fatalf("%d %s", status, body)
		}
	}
	l.sid = strings.Replace(sid, "0", "1", 1)
	l.hears(pathCall, nil, "open ", `language="en-US" speechTimeout`, "普通话请按星号键")
	l.hears(pathCall, []string{"From", "anonymous", "CallSid", strings.Replace(sid, "0", "2", 1)}, "For English, press 2")

	l.hears(pathTurn+"?n=1&lang=en", presses("*"), "choice language:zh", "cmn-Hans-CN")
}

func TestWhatIsListenedFor(t *testing.T) {
	tests := []struct {
		name   string
		answer string
		want   []string
		not    string
	}{
		{"a choice by one key", "hello", []string{`numDigits="1"`, `finishOnKey=""`, `hints="好,No  thanks"`, `actionOnEmptyResult="true"`}, "<Hangup"},
		{"a number", "number", []string{`numDigits="15"`, `finishOnKey="#"`, "请按井号键"}, "<Hangup"},
		{"what must be heard", "notice", []string{"text notice</Say><Gather"}, ""},
		{"the end", "bye", []string{`actionOnEmptyResult="false"`, "还有别的事", "再见。</Say><Hangup></Hangup></Response>"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			body := dialled(t, newLineBot()).hears(pathTurn+"?n=3", saying(tt.answer), append(tt.want, "n=4")...)
			if tt.not != "" && strings.Contains(body, tt.not) {
				t.Errorf("%q in\n%s", tt.not, body)
			}
		})
	}
}

func TestNumbersAreReadDigitByDigit(t *testing.T) {
	const mark = `<say-as interpret-as="digits">`
	tests := map[string]string{
		"请打110报警":                              "请打" + mark + "110</say-as>报警",
		"尾号8000的电话":                            "尾号" + mark + "8000</say-as>的电话",
		"268元，2005年，第12步":                      "268元，2005年，第12步",
		"The number ending in 8000, or 96110.": "The number ending in " + mark + "8000</say-as>, or " + mark + "96110</say-as>.",
		"founded in 2005, 268 yuan, 1,500.50":  "founded in 2005, 268 yuan, 1,500.50",
		"a <b> & \x01":                         "a &lt;b&gt; &amp; \uFFFD",
	}
	for text, want := range tests {
		if got := string(twiml(digitByDigit(text))); !strings.Contains(got, "<Response>"+want+"</Response>") {
			t.Errorf("%s: %s", text, got)
		}
	}
}

func TestASlowTurnIsFilledAndHeard(t *testing.T) {
	conv := newLineBot()
	conv.slow = 200 * time.Millisecond
	l := dialled(t, conv)
	filler := l.hears(pathTurn+"?n=1", saying("slow"), "请稍等", "<Redirect")
	for strings.Contains(filler, "请稍等") {
		filler = l.hears(l.next(filler), nil)
	}
	if !strings.Contains(filler, "text slow") || l.next(filler) != "/channels/twilio/voice/turn?heard=2&lang=zh&n=2" {
		t.Errorf("the answer is\n%s", filler)
	}
	l.hears(pathTurn+"?n=1", saying("slow"), "text slow") // the webhook once more
	if n := len(conv.threads[(&hop{name: strings.Map(lettered, sid)}).address()].events); n != 1 {
		t.Errorf("it took effect %d times", n)
	}
}

func TestATurnThatNeverEndsIsGivenUp(t *testing.T) {
	conv := newLineBot()
	conv.slow = 2 * time.Second
	l := dialled(t, conv)
	body := l.hears(pathTurn+"?n=1", saying("slow"))
	for range maxLate {
		body = l.hears(l.next(body), nil)
	}
	for _, want := range []string{"系统现在有问题", `<say-as interpret-as="digits">4008001234</say-as>`, "<Hangup>"} {
		if !strings.Contains(body, want) {
			t.Errorf("want %q in\n%s", want, body)
		}
	}
}

func TestWithoutADatabaseCallersAreToldWhomToCall(t *testing.T) {
	conv := newLineBot()
	l := dialled(t, conv)
	conv.fail(errors.New("no database"))
	body := l.hears(pathTurn+"?n=1&lang=en", saying("hello"), "did not reach me", "n=1")
	body = l.hears(l.next(body), saying("hello"), "did not reach me")
	body = l.hears(l.next(body), saying("hello"), "call again later", "4008001234", "<Hangup>")
	if strings.Contains(body, "<Gather") {
		t.Error("it goes on")
	}
	l.hears(pathCall, nil, "不是真人") // the greeting needs none
	l.hears(l.next(l.hears(pathWait+"?n=1", nil, "请稍等")), nil)

	conv.fail(nil)
	l.hears(pathTurn+"?n=1&tries=2", saying("hello"), "text hello", "n=2")
	l.hears(pathTurn+"?n=1", saying("something else"), "没有收到", "n=2") // the id is taken: nothing is lost in the next
}

func TestAnAgentOnThePhone(t *testing.T) {
	conv := newLineBot()
	l := dialled(t, conv)
	place := l.next(l.hears(pathTurn+"?n=1", saying("agent"), "<Redirect", pathWait))
	place = l.next(l.hears(place, nil, "text agent", `timeout="10"`, `actionOnEmptyResult="false"`, "<Redirect"))
	l.hears(place, presses("9"), pathWait, "/wait?lang=zh&amp;n=2", "<Redirect")
	wait := strings.Replace(place, "/turn?", "/wait?", 1)
	conv.at(sid, func(t *talk) {
		t.status.Agent, t.status.Case.State = "Lin", supportbot.CaseActive
		t.say(supportbot.Message{From: supportbot.FromBot, Text: "客服已接入"})
		t.say(supportbot.Message{From: supportbot.FromAgent, Author: "Lin", Text: "您好"})
		t.say(supportbot.Message{From: supportbot.FromAgent, Author: "Lin", Text: "请说店名"})
	})
	heard := l.hears(wait, nil, "客服已接入", "客服说：您好", ">请说店名", `timeout="4"`)
	if again := l.hears(wait, nil); again != heard {
		t.Error("the same hop says something else")
	}
	wait = l.next(l.hears(l.next(heard), saying("老李面馆"), "<Redirect")) // the bot is silent, the agent reads it
	conv.at(sid, func(t *talk) {
		t.status.Case, t.status.Agent = nil, ""
		t.say(supportbot.Message{From: supportbot.FromBot, Text: "身份已经核实，能登录了吗？", Choices: []supportbot.Choice{{Label: "能"}}})
	})
	back := l.hears(wait, nil, "身份已经核实", `actionOnEmptyResult="true"`, `hints="能"`)
	if strings.Contains(back, "老李面馆") || strings.Contains(back, "请说店名") || strings.Contains(back, "queued") {
		t.Errorf("back in the flow:\n%s", back)
	}
}

func TestWhoeverWaitsHearsThatTheLineIsNotDead(t *testing.T) {
	conv := newLineBot()
	l := dialled(t, conv)
	body := l.hears(l.next(l.hears(pathTurn+"?n=1", saying("agent"))), nil, "下一位就是您", "请按1")
	conv.at(sid, func(t *talk) { t.status.Ahead = 3 })
	for range reassure - 1 {
		_, behind, _ := strings.Cut(body, "</Gather>")
		body = l.hears(l.next(behind), nil)
	}
	if !strings.Contains(body, "前面的：3位") {
		t.Errorf("after %d hops:\n%s", reassure, body)
	}
}

func TestHangingUpIsAnEvent(t *testing.T) {
	conv := newLineBot()
	l := dialled(t, conv)
	if status, _ := l.post(pathEnd, "CallStatus", "completed"); status != http.StatusNoContent || len(conv.threads) != 0 {
		t.Errorf("hung up before anything was said: %d, %d conversations", status, len(conv.threads))
	}
	l.hears(l.next(l.hears(pathTurn+"?n=1", saying("agent"))), nil)
	if status, _ := l.post(pathEnd, "CallStatus", "ringing"); status != http.StatusNoContent {
		t.Errorf("news that is none: %d", status)
	}
	conv.fail(errors.New("no database"))
	if status, _ := l.post(pathEnd, "CallStatus", "completed"); status != http.StatusServiceUnavailable {
		t.Errorf("without a database: %d", status)
	}
	conv.fail(nil)
	l.hears(pathWait+"?n=2", []string{"CallStatus", "completed"}, "<Hangup>")
	l.post(pathEnd, "CallStatus", "completed")
	conv.at(sid, func(th *talk) {
		if last := th.events[len(th.events)-1]; last.Kind != supportbot.InHangup || len(th.events) != 2 || th.status.Case != nil {
			t.Errorf("%d events, the last %s", len(th.events), last.Kind)
		}
	})
}

// TestHopsThatComeTwiceOrLate makes 100,000 webhooks of calls that were made
// before: each is answered with the bytes of the first time and does nothing.
func TestHopsThatComeTwiceOrLate(t *testing.T) {
	const calls, hops, repeats = 100, 10, 100_000
	conv := newLineBot()
	l := dialled(t, conv)
	l.voice.patience = time.Minute
	type made struct {
		sid, target string
		fields      []string
		answer      string
	}
	var all []made
	random := rand.New(rand.NewPCG(7, 7))
	for i := range calls {
		l.sid = fmt.Sprintf("CA%032x", i)
		target := pathTurn + "?n=1"
		for range hops {
			fields := [][]string{saying("hello"), presses("1"), nil, saying("number"), presses("123456789012345"), saying("bye")}[random.IntN(6)]
			answer := l.hears(target, fields)
			all = append(all, made{l.sid, target, fields, answer})
			target = l.next(answer)
		}
	}
	for range repeats {
		hop := all[random.IntN(len(all))]
		l.sid = hop.sid
		if _, again := l.post(hop.target, hop.fields...); again != hop.answer {
			t.Fatalf("%s %q: first\n%s\nthen\n%s", hop.target, hop.fields, hop.answer, again)
		}
	}
	for at, thread := range conv.threads {
		if len(thread.events) != hops {
			t.Errorf("%s: %d effects of %d hops", at.Peer, len(thread.events), hops)
		}
	}
}
