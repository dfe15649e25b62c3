package twilio

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"supportbot"
	"supportbot/channels"
)

const mei = "+8613800138000"

func with(form url.Values, pairs ...string) url.Values {
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// post has a signed form served, and returns status and body.
func post(m *Messages, target string, form url.Values) (int, string) {
	mux := http.NewServeMux()
	for _, route := range m.Routes() {
		mux.Handle(route.Pattern, route.Handler)
	}
	r := httptest.NewRequest("POST", target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", formKind)
	r.Header.Set(SignatureHeader, Sign(token, public+target, form))
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	return w.Code, strings.TrimSpace(w.Body.String())
}

func says(text string) string { return "<Response><Message>" + text + "</Message></Response>" }

const nothing = "<Response/>"

func TestMessagesThatComeIn(t *testing.T) {
	onSMS := supportbot.Address{Channel: supportbot.SMS, Peer: mei}
	onWhatsApp := supportbot.Address{Channel: supportbot.WhatsApp, Peer: mei}
	waiting := channels.Status{Case: &supportbot.CaseRef{ID: "1-1", State: supportbot.CaseWaiting}, Language: supportbot.English}
	for name, c := range map[string]struct {
		form   url.Values
		before *thread // nil for somebody new
		status int
		answer string
		at     supportbot.Address
		heard  []string // kind, what cannot be seen, and text
		wanted []string // pictures
	}{
		"an SMS":             {form: sms("SM1", mei, "POS机密码忘了"), status: 200, answer: nothing, at: onSMS, heard: []string{"text POS机密码忘了"}},
		"a number":           {form: sms("SM1", mei, " 1\n"), status: 200, answer: nothing, at: onSMS, heard: []string{"text 1"}},
		"on WhatsApp":        {form: whatsAppMessage("SM1", mei, "你好"), status: 200, answer: nothing, at: onWhatsApp, heard: []string{"text 你好"}},
		"a byte 0":           {form: sms("SM1", mei, "a\x00b\xff"), status: 200, answer: nothing, at: onSMS, heard: []string{"text ab\uFFFD"}},
		"a quick reply":      {form: with(whatsAppMessage("SM1", mei, "是"), "ButtonText", "是", "ButtonPayload", "yes", "MessageType", "button"), status: 200, answer: nothing, at: onWhatsApp, heard: []string{"text 是"}},
		"HELP":               {form: sms("SM1", mei, "HELP"), status: 200, answer: nothing, at: onSMS, heard: []string{"text HELP"}},
		"a photo":            {form: with(whatsAppMessage("MM1", mei, ""), "NumMedia", "1", "MediaContentType0", "image/jpeg", "MediaUrl0", mediaURL(1), "MessageType", "image"), status: 200, answer: nothing, at: onWhatsApp, heard: []string{"unseen photo "}, wanted: []string{ref(1)}},
		"a photo with words": {form: with(whatsAppMessage("MM1", mei, "这是什么意思"), "NumMedia", "1", "MediaContentType0", "image/jpeg", "MediaUrl0", mediaURL(1)), status: 200, answer: nothing, at: onWhatsApp, heard: []string{"text photo 这是什么意思"}, wanted: []string{ref(1)}},
		"three photos by MMS": {form: with(sms("MM1", mei, ""), "NumMedia", "3", "MediaContentType0", "image/jpeg", "MediaUrl0", mediaURL(1), "MediaContentType1", "image/png", "MediaUrl1", mediaURL(2),
			"MediaContentType2", "image/heic", "MediaUrl2", mediaURL(3)), status: 200, answer: nothing, at: onSMS, heard: []string{"unseen photo "}, wanted: []string{ref(1), ref(2), ref(3)}},
		"a photo and a recording": {form: with(sms("MM1", mei, ""), "NumMedia", "2", "MediaContentType0", "audio/amr", "MediaUrl0", mediaURL(1), "MediaContentType1", "image/png", "MediaUrl1", mediaURL(2)),
			status: 200, answer: nothing, at: onSMS, heard: []string{"unseen photo "}, wanted: []string{ref(2)}},
		"a photo elsewhere":       {form: with(sms("MM1", mei, ""), "NumMedia", "1", "MediaContentType0", "image/jpeg", "MediaUrl0", "http://169.254.169.254/latest/meta-data"), status: 200, answer: nothing, at: onSMS, heard: []string{"unseen photo "}, wanted: []string{""}},
		"more than a message has": {form: with(sms("MM1", mei, ""), "NumMedia", "999999999"), status: 200, answer: nothing, at: onSMS, heard: []string{"unseen something "}},
		"a voice note":            {form: with(whatsAppMessage("MM1", mei, ""), "NumMedia", "1", "MediaContentType0", "audio/ogg", "MessageType", "audio"), status: 200, answer: nothing, at: onWhatsApp, heard: []string{"unseen sound "}},
		"a document":              {form: with(whatsAppMessage("MM1", mei, "bill.pdf"), "NumMedia", "1", "MediaContentType0", "application/pdf", "MessageType", "document"), status: 200, answer: nothing, at: onWhatsApp, heard: []string{"text something bill.pdf"}},
		"a contact":               {form: with(whatsAppMessage("MM1", mei, ""), "NumMedia", "1", "MediaContentType0", "text/vcard", "MessageType", "contacts"), status: 200, answer: nothing, at: onWhatsApp, heard: []string{"unseen something "}},
		"a sticker":               {form: with(whatsAppMessage("MM1", mei, ""), "NumMedia", "1", "MediaContentType0", "image/webp", "MediaUrl0", mediaURL(1), "MessageType", "sticker"), status: 200, answer: nothing, at: onWhatsApp, heard: []string{"unseen something "}},
		"a place":                 {form: with(whatsAppMessage("SM1", mei, ""), "Latitude", "31.2", "Longitude", "121.4"), status: 200, answer: nothing, at: onWhatsApp, heard: []string{"unseen something "}},
		"no words":                {form: sms("SM1", mei, ""), status: 200, answer: nothing, at: onSMS, heard: []string{"text "}},
		"no id":                   {form: with(sms("SM1", mei, "a"), "MessageSid", ""), status: 400, at: onSMS},
		"no number":               {form: sms("SM1", "SHOPNAME", "a"), status: 400, at: onSMS},
		"another channel":         {form: sms("SM1", "messenger:123", "a"), status: 400, at: onSMS},
		"a country far away":      {form: sms("SM1", "+881612345678", "a"), status: 200, answer: nothing, at: supportbot.Address{Channel: supportbot.SMS, Peer: "+881612345678"}},

		"STOP of somebody new":     {form: sms("SM1", mei, "STOP"), status: 200, answer: nothing, at: onSMS},
		"STOP":                     {form: sms("SM1", mei, "Stop."), before: &thread{}, status: 200, answer: nothing, at: onSMS, heard: []string{"hangup "}},
		"STOP to an agent":         {form: sms("SM1", mei, "stop"), before: &thread{status: waiting}, status: 200, answer: nothing, at: onSMS, heard: []string{"text stop"}},
		"退订":                       {form: sms("SM1", mei, "退订"), before: &thread{}, status: 200, answer: says(phrases[stopped]["zh"]), at: onSMS, heard: []string{"hangup "}},
		"STOP on WhatsApp":         {form: whatsAppMessage("SM1", mei, "STOP"), before: &thread{status: channels.Status{Language: "en"}}, status: 200, answer: says(phrases[stopped]["en"]), at: onWhatsApp, heard: []string{"hangup "}},
		"CANCEL on WhatsApp":       {form: whatsAppMessage("SM1", mei, "cancel"), before: &thread{}, status: 200, answer: nothing, at: onWhatsApp, heard: []string{"text cancel"}},
		"YES":                      {form: sms("SM1", mei, "YES"), before: &thread{}, status: 200, answer: nothing, at: onSMS, heard: []string{"text YES"}},
		"YES of one who stopped":   {form: sms("SM1", mei, "YES"), before: &thread{stopped: true}, status: 200, answer: nothing, at: onSMS, heard: []string{"open "}},
		"START of somebody new":    {form: sms("SM1", mei, "START"), status: 200, answer: nothing, at: onSMS, heard: []string{"open "}},
		"取消退订":                     {form: sms("SM1", mei, "取消退订"), before: &thread{stopped: true}, status: 200, answer: nothing, at: onSMS, heard: []string{"open "}},
		"words of one who stopped": {form: sms("SM1", mei, "在吗"), before: &thread{stopped: true}, status: 200, answer: nothing, at: onSMS, heard: []string{"text 在吗"}},
		"STOP inside a sentence":   {form: sms("SM1", mei, "please stop the charge"), before: &thread{}, status: 200, answer: nothing, at: onSMS, heard: []string{"text please stop the charge"}},
	} {
		t.Run(name, func(t *testing.T) {
			m, messages := newMessages(asIs)
			if c.before != nil {
				had := m.has(c.at)
				had.status, had.stopped = c.before.status, c.before.stopped
			}
			status, answer := post(messages, messagesPath, c.form)
			if status != c.status || c.answer != "" && answer != c.answer {
				t.Errorf("answered %d %s, want %d %s", status, answer, c.status, c.answer)
			}
			var heard []string
			if thread := m.threads[c.at]; thread != nil {
				for _, in := range thread.heard {
					heard = append(heard, strings.ReplaceAll(string(in.Kind)+" "+string(in.Unseen)+" "+in.Text, "  ", " "))
				}
			}
			if fmt.Sprint(heard) != fmt.Sprint(c.heard) {
				t.Errorf("the bot heard %q, want %q", heard, c.heard)
			}
			if wanted := m.album.refs(); fmt.Sprintf("%q", wanted) != fmt.Sprintf("%q", c.wanted) {
				t.Errorf("the pictures are %q, want %q", wanted, c.wanted)
			}
		})
	}
}

func TestWhoStopsIsStoppedUntilStart(t *testing.T) {
	m, messages := newMessages(asIs)
	at := supportbot.Address{Channel: supportbot.SMS, Peer: mei}
	for i, step := range []struct {
		sid, text string
		stopped   bool
	}{
		{"SM1", "你好", false}, {"SM2", "STOP", true}, {"SM3", "你好", true}, {"SM4", "START", false},
		{"SM2", "STOP", false}, // a repeat
		{"SM5", "TD", true}, {"SM4", "START", true}, {"SM6", "取消退订", false}, {"SM7", "END", true}, {"SM8", "YES", false},
	} {
		post(messages, messagesPath, sms(step.sid, mei, step.text))
		if got := m.threads[at].stopped; got != step.stopped {
			t.Errorf("step %d, %s: stopped is %v, want %v", i, step.text, got, step.stopped)
		}
	}
}

func TestNothingIsAcknowledgedThatWasNotTaken(t *testing.T) {
	for _, c := range []struct {
		fault error
		want  int
	}{{supportbot.ErrBusy, 503}, {supportbot.ErrInvalid, 400}, {errors.New("the disk is full"), 500}} {
		m, messages := newMessages(asIs)
		m.fault = c.fault
		for _, text := range []string{"你好", "STOP", "START"} {
			m.has(supportbot.Address{Channel: supportbot.SMS, Peer: mei})
			if status, _ := post(messages, messagesPath, sms("SM1", mei, text)); status/100 == 2 {
				t.Errorf("%s, %v: answered %d", text, c.fault, status)
			}
		}
		delete(m.threads, supportbot.Address{Channel: supportbot.SMS, Peer: mei})
		if status, _ := post(messages, messagesPath, sms("SM1", mei, "你好")); status != c.want {
			t.Errorf("%v: answered %d, want %d", c.fault, status, c.want)
		}
	}
}

func TestOnePersonMayNotFlood(t *testing.T) {
	m, messages := newMessages(asIs)
	refused := 0
	for i := range 2 * perMinute {
		if status, _ := post(messages, messagesPath, sms(fmt.Sprint("SM", i), mei, "a")); status == http.StatusTooManyRequests {
			refused++
		}
	}
	heard := len(m.threads[supportbot.Address{Channel: supportbot.SMS, Peer: mei}].heard)
	if heard+refused != 2*perMinute || heard > perMinute+1 {
		t.Errorf("%d messages were heard and %d refused, of %d", heard, refused, 2*perMinute)
	}
	if status, _ := post(messages, messagesPath, sms("SM1", "+8613900139000", "a")); status != http.StatusOK {
		t.Errorf("another person: answered %d", status)
	}
}

// FuzzForm reads any form as a message.
func FuzzForm(f *testing.F) {
	f.Add(sms("SM1", mei, "你好").Encode())
	f.Add(with(whatsAppMessage("SM1", mei, "\x00"), "NumMedia", "-1").Encode())
	f.Add("MessageSid=SM1&From=%2B1&Body=%ff")
	f.Fuzz(func(t *testing.T, body string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		m, err := read(form)
		if err != nil {
			return
		}
		if m.id == "" || strings.ContainsAny(m.id, "0123456789") || !e164Form.MatchString(m.at.Peer) || strings.ContainsRune(m.text, 0) {
			t.Errorf("%q is read as %+v", body, m)
		}
	})
}
