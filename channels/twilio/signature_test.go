package twilio

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/twilio/twilio-go/client"

	"supportbot/channels/channeltest"
	"supportbot/channels/twilio/twiliotest"
)

const (
	token  = "0123456789abcdef0123456789abcdef"
	public = "https://bot.example.com"
)

var account = Config{
	AccountSID: "AC0123456789abcdef0123456789abcdef", AuthToken: token,
	From: "+14155550100", WhatsAppFrom: "+14155550101", PublicURL: public,
}

// request is one that comes in, with what Twilio signed.
type request struct {
	method, target, kind, body string
	header                     http.Header
	signature                  string
}

const formKind = "application/x-www-form-urlencoded"

func formRequest(target string, form url.Values) request {
	return request{"POST", target, formKind, form.Encode(), nil, Sign(token, public+target, form)}
}

// status has a request served, and tells with what answer.
func (q request) status(handler http.Handler) int {
	r := httptest.NewRequest(q.method, q.target, strings.NewReader(q.body))
	r.Host = "elsewhere.example.net"
	for name, values := range q.header {
		r.Header[name] = values
	}
	r.Header.Set("Content-Type", q.kind)
	r.Header.Set(SignatureHeader, q.signature)
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w.Code
}

func guarded(c Config) http.Handler {
	return c.signed(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), slog.New(slog.DiscardHandler))
}

func TestSignaturesOfTwiliosLibraries(t *testing.T) {
	type signing struct {
		URL       string     `json:"url"`
		Form      url.Values `json:"form"`
		Signature string     `json:"signature"`
	}
	base := []string{"https://bot.example.com", "https://bot.example.com:443", "https://bot.example.com:8443", "http://127.0.0.1:8080"}
	var cases []signing
	for _, b := range base {
		for _, target := range []string{"/", "/channels/twilio/messages", "/a?b=c&b=d&e", "/a%20b?x=%27%2B+1&y='"} {
			for _, form := range []url.Values{
				{},
				{"Body": {""}},
				{"From": {"+8613800138000"}, "Body": {"POS机密码忘了 & + = %41"}, "MessageSid": {"SM1"}},
				{"To": {"b", "a", "b", "a"}, "to": {"x"}, "B": {"2"}, "A": {"1"}},
				{"ＡＺ": {"a"}, "\U0001F600": {"b"}, "k": {"\uFFFD", "\U00010000", "z"}},
				{"10": {"ten"}, "9": {"nine"}, "a": {"😀\r\n\x00é"}},
			} {
				cases = append(cases, signing{URL: b + target, Form: form})
			}
		}
	}
	var signatures []string
	twiliotest.Node(t, `const twilio = require('twilio');
console.log(JSON.stringify(input.map(c => twilio.getExpectedTwilioSignature('`+token+`', c.url, c.form))));`, cases, &signatures)
	validator := client.NewRequestValidator(token)
	for i, c := range cases {
		if got := Sign(token, c.URL, c.Form); got != signatures[i] {
			t.Errorf("%s %v: signed %s, npm twilio signs %s", c.URL, c.Form, got, signatures[i])
		}
		if single := singles(c.Form); single != nil && !strings.Contains(c.URL, "'") && !validator.Validate(c.URL, single, signatures[i]) {
			t.Errorf("%s %v: twilio-go refuses it", c.URL, c.Form)
		}
		u, err := url.Parse(c.URL)
		if err != nil {
			t.Fatal(err)
		}
		config := account
		config.PublicURL = u.Scheme + "://" + u.Host
		q := request{"POST", u.RequestURI(), formKind, c.Form.Encode(), nil, signatures[i]}
		if got := q.status(guarded(config)); got != http.StatusOK {
			t.Errorf("%s %v: answered %d", c.URL, c.Form, got)
		}
	}
}

// TestEverySignatureOfTwilioIsAccepted has npm twilio sign forms that are made up, and
// twilio-go look at the signatures of those that it can.
func TestEverySignatureOfTwilioIsAccepted(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	type signing struct {
		URL  string     `json:"url"`
		Form url.Values `json:"form"`
	}
	cases := make([]signing, channeltest.Deliveries)
	for i := range cases {
		cases[i] = signing{public + "/channels/twilio/messages?n=" + fmt.Sprint(i), randomForm(random)}
	}
	var signatures []string
	twiliotest.Node(t, `const twilio = require('twilio');
console.log(JSON.stringify(input.map(c => twilio.getExpectedTwilioSignature('`+token+`', c.url, c.form))));`, cases, &signatures)
	handler, validator, looked := guarded(account), client.NewRequestValidator(token), 0
	for i, c := range cases {
		if single := singles(c.Form); single != nil {
			looked++
			if !validator.Validate(c.URL, single, Sign(token, c.URL, c.Form)) {
				t.Fatalf("%s %q: twilio-go refuses our signature", c.URL, c.Form)
			}
		}
		q := formRequest(strings.TrimPrefix(c.URL, public), c.Form)
		q.signature = signatures[i]
		if got := q.status(handler); got != http.StatusOK {
			t.Fatalf("%s %q: answered %d", c.URL, c.Form, got)
		}
	}
	if looked < len(cases)/10 {
		t.Errorf("twilio-go has looked at %d of %d", looked, len(cases))
	}
	t.Logf("npm twilio has signed %d, and twilio-go looked at %d", len(cases), looked)
}

// singles is a form as twilio-go takes it, nil where it does not sign as npm twilio
// does: its validator knows one value a key, and orders keys by bytes in the place of
// UTF-16 units.
func singles(form url.Values) map[string]string {
	single := map[string]string{}
	for key, values := range form {
		if len(values) > 1 || strings.ContainsFunc(key, func(r rune) bool { return r > 0xFFFF }) {
			return nil
		}
		single[key] = values[0]
	}
	return single
}

func randomForm(random *rand.Rand) url.Values {
	letters := []rune("aZ09 +&=%\r\n机密é😀\uFFFD'\"")
	word := func(least int) string {
		w := make([]rune, least+random.IntN(6))
		for i := range w {
			w[i] = letters[random.IntN(len(letters))]
		}
		return string(w)
	}
	form := url.Values{"MessageSid": {"SM" + word(8)}}
	for range random.IntN(8) {
		form.Add(word(1), word(0))
	}
	return form
}

func TestForgedAndMutatedRequestsAreRefused(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	handler := guarded(account)
	for i := range channeltest.Deliveries {
		form := randomForm(random)
		q := formRequest("/channels/twilio/messages?n="+fmt.Sprint(i), form)
		switch random.IntN(8) {
		case 0: // another value
			form.Set("MessageSid", form.Get("MessageSid")+"x")
			q.body = form.Encode()
		case 1: // another parameter
			form.Add("extra", "1")
			q.body = form.Encode()
		case 2: // a parameter less
			form.Del("MessageSid")
			q.body = form.Encode()
		case 3:
			q.target += "&x=1"
		case 4: // made with another token
			q.signature = Sign(token[1:], public+q.target, form)
		case 5: // made for another site
			q.signature = Sign(token, "https://elsewhere.example.net"+q.target, form)
		case 6: // one bit of the signature
			bytes := []byte(q.signature)
			bytes[random.IntN(len(bytes)-2)] ^= 1 << random.IntN(6) // the last digit has bits that say nothing
			q.signature = string(bytes)
		case 7: // guessed
			q.signature = Sign(fmt.Sprint(random.Uint64()), public+q.target, form)
		}
		if got := q.status(handler); got != http.StatusForbidden {
			t.Fatalf("%+v: answered %d", q, got)
		}
	}
}

func TestWhatTheSignatureCovers(t *testing.T) {
	json := `{"a":1}`
	sum := sha256.Sum256([]byte(json))
	hashed := "/x?bodySHA256=" + hex.EncodeToString(sum[:])
	socket := http.Header{"Upgrade": {"websocket"}, "Connection": {"Upgrade"}}
	form := url.Values{"A": {"1"}}
	for name, c := range map[string]struct {
		request
		want int
	}{
		"a form":                            {formRequest("/x", form), 200},
		"an empty form":                     {formRequest("/x", nil), 200},
		"GET":                               {request{"GET", "/x?a=b", "", "", nil, Sign(token, public+"/x?a=b", nil)}, 200},
		"JSON named in the URL":             {request{"POST", hashed, "application/json", json, nil, Sign(token, public+hashed, nil)}, 200},
		"other JSON than the URL names":     {request{"POST", hashed, "application/json", `{"a":2}`, nil, Sign(token, public+hashed, nil)}, 403},
		"JSON that nothing names":           {request{"POST", "/x", "application/json", json, nil, Sign(token, public+"/x", nil)}, 403},
		"a body of no type":                 {request{"POST", "/x", "", "A=1", nil, Sign(token, public+"/x", nil)}, 403},
		"a form that does not parse":        {request{"POST", "/x", formKind, "A=%zz", nil, Sign(token, public+"/x", nil)}, 403},
		"a form with a charset":             {request{"POST", "/x", formKind + "; charset=UTF-8", "A=1", nil, Sign(token, public+"/x", form)}, 200},
		"a websocket":                       {request{"GET", "/relay", "", "", socket, Sign(token, "wss://bot.example.com/relay", nil)}, 200},
		"a websocket, signed for https":     {request{"GET", "/relay", "", "", socket, Sign(token, public+"/relay", nil)}, 403},
		"a page, signed for a websocket":    {request{"GET", "/relay", "", "", nil, Sign(token, "wss://bot.example.com/relay", nil)}, 403},
		"no signature":                      {request{"POST", "/x", formKind, "A=1", nil, ""}, 403},
		"signed for what X-Forwarded says":  {request{"POST", "/x", formKind, "A=1", http.Header{"X-Forwarded-Host": {"evil.example.net"}}, Sign(token, "https://evil.example.net/x", form)}, 403},
		"too large":                         {formRequest("/x", url.Values{"A": {strings.Repeat("a", maxBody)}}), 413},
		"with the port":                     {request{"POST", "/x", formKind, "A=1", nil, Sign(token, public+":443/x", form)}, 200},
		"with another port":                 {request{"POST", "/x", formKind, "A=1", nil, Sign(token, public+":8443/x", form)}, 403},
		"the query in the place of a form":  {request{"POST", "/x?A=1", formKind, "", nil, Sign(token, public+"/x", form)}, 403},
		"a form in the place of the query":  {request{"POST", "/x", formKind, "A=1", nil, Sign(token, public+"/x?A=1", nil)}, 403},
		"an absolute address in the target": {request{"POST", public + "/x", formKind, "A=1", nil, Sign(token, public+"/x", form)}, 403},
	} {
		if got := c.status(guarded(account)); got != c.want {
			t.Errorf("%s: answered %d, want %d", name, got, c.want)
		}
	}
}

func TestTwoSignaturesAreOneTooMany(t *testing.T) {
	r := httptest.NewRequest("POST", "/x", nil)
	r.Header[SignatureHeader] = []string{Sign(token, public+"/x", nil), "made up"}
	w := httptest.NewRecorder()
	guarded(account).ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("answered %d", w.Code)
	}
}
