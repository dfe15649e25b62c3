package twilio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/channels"
	"supportbot/channels/twilio/twiliotest"
)

var (
	onSMS      = supportbot.Address{Channel: supportbot.SMS, Peer: mei}
	onWhatsApp = supportbot.Address{Channel: supportbot.WhatsApp, Peer: mei}
	question   = supportbot.Message{Seq: 3, From: supportbot.FromBot, Text: "灯亮**绿色**吗？", Choices: []supportbot.Choice{
		{Label: "是", Value: "yes", Key: "1"}, {Label: "不知道", Value: "unknown", Key: "2"},
	}}
)

// sender returns one before a server, and its ledger, in which both addresses have
// written just now.
func sender(server string, change func(*Config)) (*memory, *Sender) {
	m, config := newMemory(), account
	config.Server, config.DailySegments = server, 1000
	change(&config)
	m.has(onSMS)
	m.has(onWhatsApp)
	return m, NewSender(config, m)
}

// TestCallsAreAsTwilioDescribesThem has Prism hold every call against Twilio's own
// description of its REST API.
func TestCallsAreAsTwilioDescribesThem(t *testing.T) {
	rest := twiliotest.NewREST(t)
	m, s := sender(rest.URL, func(c *Config) { c.Template = "HX0123456789abcdef0123456789abcdef" })
	long := question
	long.Choices, long.Text = nil, strings.Repeat("第一行\n", 500)
	for _, to := range []supportbot.Address{onSMS, onWhatsApp} {
		for _, message := range []supportbot.Message{question, long} {
			if err := s.Send(t.Context(), to, message, "KEY"); err != nil {
				t.Errorf("%s: %v", to.Channel, err)
			}
		}
	}
	m.threads[onWhatsApp].last = time.Now().Add(-25 * time.Hour)
	failsAs(t, s.Send(t.Context(), onWhatsApp, question, "KEY"), channels.Limited, held)
	failsAs(t, s.Send(t.Context(), onWhatsApp, question, "KEY"), channels.Limited, held) // asks no second time

	calls := rest.Taken()
	if len(calls) != 7 {
		t.Fatalf("%d calls, want 7: %v", len(calls), calls)
	}
	status := public + "/channels/twilio/status?message=3"
	for i, want := range map[int]url.Values{
		0: {"From": {account.From}, "To": {mei}, "Body": {"灯亮绿色吗？\n1 是\n2 不知道"}, "StatusCallback": {status}},
		3: {"From": {"whatsapp:" + account.WhatsAppFrom}, "To": {"whatsapp:" + mei}, "Body": {"灯亮绿色吗？\n1 是\n2 不知道"}, "StatusCallback": {status}},
		6: {"From": {"whatsapp:" + account.WhatsAppFrom}, "To": {"whatsapp:" + mei}, "ContentSid": {"HX0123456789abcdef0123456789abcdef"}},
	} {
		want.Set("path", "/2010-04-01/Accounts/"+account.AccountSID+"/Messages.json")
		if calls[i].Encode() != want.Encode() {
			t.Errorf("call %d is %v\nwant %v", i, calls[i], want)
		}
	}
	if whole := calls[1].Get("Body") + "\n" + calls[2].Get("Body"); whole != strings.TrimSpace(long.Text) {
		t.Errorf("the parts of a long text are not the whole of it: %d bytes of %d", len(whole), len(long.Text))
	}
}

func failsAs(t *testing.T, err error, kind channels.FailureKind, after time.Duration) {
	t.Helper()
	var failure *channels.Failure
	if !errors.As(err, &failure) || failure.Kind != kind || failure.After != after {
		t.Errorf("%v, want the kind %s and %s", err, kind, after)
	}
	if err != nil && (strings.Contains(err.Error(), mei[1:]) || strings.Contains(err.Error(), token) || strings.Contains(err.Error(), "绿色")) {
		t.Errorf("the error tells what it should not: %v", err)
	}
}

func TestAnswersOfTwilio(t *testing.T) {
	for _, c := range []struct {
		status, code int
		after        string
		kind         channels.FailureKind
		pause        time.Duration
	}{
		{429, 20429, "", channels.Limited, 0},
		{429, 20429, "7", channels.Limited, 7 * time.Second},
		{429, 0, "999999", channels.Limited, time.Hour},
		{429, 63018, "soon", channels.Limited, 0},
		{400, 63016, "", channels.Limited, held},
		{503, 20503, "", channels.Absent, 0},
		{503, 20503, "5", channels.Limited, 5 * time.Second},
		{500, 20500, "", channels.Unsure, 0},
		{504, 0, "", channels.Unsure, 0},
		{400, 21610, "", channels.Gone, 0},
		{400, 21211, "", channels.Gone, 0},
		{400, 21614, "", channels.Gone, 0},
		{400, 21408, "", channels.Gone, 0},
		{400, 21617, "", channels.Refused, 0},
		{400, 99999, "", channels.Refused, 0},
		{401, 20003, "", channels.Absent, 0},
		{400, 21606, "", channels.Absent, 0},
		{302, 0, "", channels.Refused, 0},
	} {
		calls := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			calls++
			w.Header().Set("Retry-After", c.after)
			w.Header().Set("Location", r.URL.String())
			w.WriteHeader(c.status)
			fmt.Fprintf(w, `{"code": %d, "message": "The 'To' number %s is wrong", "status": %d}`, c.code, mei, c.status)
		}))
		m, s := sender(server.URL, asIs)
		failsAs(t, s.Send(t.Context(), onSMS, question, "KEY"), c.kind, c.pause)
		server.Close()
		spent := 0
		if c.kind == channels.Unsure {
			spent = 1
		}
		if calls != 1 || m.spent != spent {
			t.Errorf("%d, %d: %d calls and %d segments for one try, want %d", c.status, c.code, calls, m.spent, spent)
		}
	}
}

func TestTwilioDoesNotAnswerAsItShould(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		kind   channels.FailureKind
	}{
		"nobody is there": {nil, channels.Absent},
		"it hangs up":     {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, channels.Unsure},
		"it is silent": {func(_ http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		}, channels.Unsure},
		"a proxy answers":       {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<html>", http.StatusBadGateway) }, channels.Unsure},
		"an answer without end": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(400); io.Copy(w, endless{}) }, channels.Refused},
	} {
		server := "http://" + closed.Addr().String()
		if c.answer != nil {
			s := httptest.NewServer(c.answer)
			defer s.Close()
			server = s.URL
		}
		_, s := sender(server, asIs)
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		err := s.Send(ctx, onSMS, question, "KEY")
		cancel()
		if t.Run(name, func(t *testing.T) { failsAs(t, err, c.kind, 0) }); t.Failed() {
			return
		}
	}
}

// endless is a body that never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return copy(p, strings.Repeat(" ", len(p))), nil }

// TestWhatWasTakenIsNotSentAgain: an answer of success is one, also if the rest of
// it is damaged.
func TestWhatWasTakenIsNotSentAgain(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusCreated)
		io.WriteString(w, `{"sid": "SM1", "bo`)
	}))
	defer server.Close()
	_, s := sender(server.URL, asIs)
	if err := s.Send(t.Context(), onSMS, question, "KEY"); err != nil {
		t.Errorf("%v, want success", err)
	}
}

// TestAnInvitationThatDidNotGoOutIsSentLater: what Twilio did not take does not count
// as said; what it may have taken is not said to a stranger twice.
func TestAnInvitationThatDidNotGoOutIsSentLater(t *testing.T) {
	call := supportbot.Address{Channel: supportbot.Voice, Peer: "CA1"}
	held := func(m *memory) { m.threads[onWhatsApp].last = time.Now().Add(-25 * time.Hour) }
	keyed := func(m *memory) {
		m.has(call)
		m.moved = map[supportbot.Address]channels.Move{call: {Call: call, To: onSMS, Since: time.Now()}}
	}
	for _, c := range []struct {
		name   string
		change func(*memory)
		send   func(*Sender) error
		status int // of the first answer
		calls  int
	}{
		{"the template", held, func(s *Sender) error { return s.Send(t.Context(), onWhatsApp, question, "KEY") }, 503, 2},
		{"to a number that was keyed in", keyed, func(s *Sender) error { return s.Onward().Send(t.Context(), call, question, "KEY") }, 503, 2},
		{"perhaps there", keyed, func(s *Sender) error { return s.Onward().Send(t.Context(), call, question, "KEY") }, 500, 1},
	} {
		calls := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if calls++; calls == 1 {
				w.WriteHeader(c.status)
				return
			}
			w.WriteHeader(http.StatusCreated)
			io.WriteString(w, `{"sid": "SM1"}`)
		}))
		m, s := sender(server.URL, func(c *Config) { c.Template = "HX0123456789abcdef0123456789abcdef" })
		c.change(m)
		for range 3 {
			_ = c.send(s) // held back, however it goes
		}
		server.Close()
		if calls != c.calls {
			t.Errorf("%s: Twilio was asked %d times, want %d", c.name, calls, c.calls)
		}
	}
}

func TestWhoIsNotWrittenTo(t *testing.T) {
	calls := 0
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls++ }))
	defer server.Close()
	far := supportbot.Address{Channel: supportbot.SMS, Peer: "+881612345678"}
	for name, c := range map[string]struct {
		to     supportbot.Address
		change func(*memory)
		kind   channels.FailureKind
		after  time.Duration
	}{
		"has stopped":               {onSMS, func(m *memory) { m.threads[onSMS].stopped = true }, channels.Gone, 0},
		"in a country not served":   {far, func(m *memory) { m.has(far) }, channels.Gone, 0},
		"WhatsApp, a day later":     {onWhatsApp, func(m *memory) { m.threads[onWhatsApp].last = time.Now().Add(-24 * time.Hour) }, channels.Limited, held},
		"has been sent a lot":       {onSMS, func(m *memory) { m.threads[onSMS].sent = perDay }, channels.Limited, held},
		"the day's money is spent":  {onSMS, func(m *memory) { m.spent = 1000 }, channels.Limited, held},
		"the database is away":      {onSMS, func(m *memory) { m.fault = errors.New("away") }, channels.Absent, 0},
		"never wrote, or is erased": {onSMS, func(m *memory) { delete(m.threads, onSMS) }, channels.Absent, 0},
	} {
		m, s := sender(server.URL, asIs)
		c.change(m)
		if t.Run(name, func(t *testing.T) { failsAs(t, s.Send(t.Context(), c.to, question, "KEY"), c.kind, c.after) }); calls > 0 {
			t.Errorf("%s: Twilio was asked to send", name)
		}
	}
}

func TestCountries(t *testing.T) {
	for number, want := range map[string]string{
		"+14155550100": "+1", "+8613800138000": "+86", "+85251234567": "+852", "+79161234567": "+7", "+4915112345678": "+49", "+881612345678": "+881", "+35361234567": "+353",
	} {
		if got := country(number); got != want {
			t.Errorf("%s is of %s, want %s", number, got, want)
		}
	}
	abroad := account
	abroad.From, abroad.WhatsAppFrom = "+85251234567", ""
	named := abroad
	named.Countries = []string{"+1787"}
	for _, c := range []struct {
		config Config
		number string
		want   bool
	}{
		{abroad, "+85261234567", true}, {abroad, mei, true}, {abroad, "+14155550100", false},
		{named, "+17875550100", true}, {named, "+14155550100", false}, {named, mei, false},
	} {
		if got := c.config.serves(c.number); got != c.want {
			t.Errorf("from %s, %v: %s is served: %v", c.config.From, c.config.Countries, c.number, got)
		}
	}
}

func TestSettingsThatCannotWork(t *testing.T) {
	for want, change := range map[string]func(*Config){
		"":                           func(c *Config) {},
		"--twilio-account-sid":       func(c *Config) { c.AccountSID = "AC1" },
		"--twilio-auth-token":        func(c *Config) { c.AuthToken = "" },
		"--twilio-from":              func(c *Config) { c.From = "4155550100" },
		"--twilio-whatsapp-from":     func(c *Config) { c.WhatsAppFrom = "whatsapp:+14155550100" },
		"--public-url is missing":    func(c *Config) { c.PublicURL = "" },
		"--public-url \"bot":         func(c *Config) { c.PublicURL = "bot.example.com" },
		"--twilio-server":            func(c *Config) { c.Server = "localhost:1" },
		"--twilio-countries":         func(c *Config) { c.Countries = []string{"CN"} },
		"--twilio-whatsapp-template": func(c *Config) { c.Template = "HX" },
		"--twilio-daily-segments":    func(c *Config) { c.DailySegments = 0 },
	} {
		config := account
		config.DailySegments = 1
		change(&config)
		err := config.Check()
		if (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) || strings.Contains(err.Error(), token)) {
			t.Errorf("%v, want an error about %q", err, want)
		}
	}
	if err := (Config{}).Check(); err != nil {
		t.Errorf("switched off: %v", err)
	}
}
