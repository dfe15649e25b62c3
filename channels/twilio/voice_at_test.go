package twilio

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/channels"
	"supportbot/channels/channeltest"
)

const lan = "+8613900139000" // whom no call comes from

var (
	lanSMS  = supportbot.Address{Channel: supportbot.SMS, Peer: lan}
	lanChat = supportbot.Address{Channel: supportbot.WhatsApp, Peer: lan}
	meiChat = supportbot.Address{Channel: supportbot.WhatsApp, Peer: mei}
)

// chatting is a line whose callers may go on on WhatsApp too.
func chatting(t *testing.T) (*line, *lineBot, *memory) {
	l, conv, ledger := texting(t)
	l.voice.config.WhatsAppFrom, l.voice.config.Template = account.WhatsAppFrom, "HX0123456789abcdef0123456789abcdef"
	return l, conv, ledger
}

func TestHowACallGoesOn(t *testing.T) {
	keys := func(keys ...string) (steps [][]string) {
		for _, k := range keys {
			steps = append(steps, presses(k))
		}
		return steps
	}
	for name, c := range map[string]struct {
		steps [][]string
		hears string // at the end
		to    supportbot.Address
		by    string
	}{
		"on WhatsApp":                     {keys("2"), "请打开WhatsApp", meiChat, ""},
		"on WhatsApp, in words":           {[][]string{saying("用WhatsApp")}, "请打开WhatsApp", meiChat, ""},
		"at another number":               {keys("3", "13900139000", "1"), "接着办", lanSMS, mei},
		"on WhatsApp at another":          {keys("3", "13900139000", "2"), "接着办", lanChat, mei},
		"at another number, spoken":       {[][]string{saying("另一个号码"), saying("139 0013 9000"), saying("对")}, "接着办", lanSMS, mei},
		"with the country's code":         {keys("3", "8613900139000", "1"), "接着办", lanSMS, mei},
		"as from abroad":                  {keys("3", "008613900139000", "1"), "接着办", lanSMS, mei},
		"at the second try":               {keys("3", "139", "13900139000", "1"), "接着办", lanSMS, mei},
		"keyed in anew":                   {keys("3", "13900139001", "3", "13900139000", "1"), "接着办", lanSMS, mei},
		"at the one that calls, keyed in": {keys("3", "13800138000", "1"), "短信马上就到", meiSMS, ""},
	} {
		t.Run(name, func(t *testing.T) {
			l, conv, ledger := chatting(t)
			answer := l.hears(l.next(l.hears(l.next(l.hears(pathCall, nil)), presses("1"))), presses("#"), "尾号", "请按2", "别的号码")
			for _, step := range c.steps {
				at := l.next(answer)
				if strings.Contains(at, "139") || strings.Contains(at, "138") {
					t.Errorf("a number stands in %s", at)
				}
				answer = l.hears(at, step)
				if again := l.hears(at, step); again != answer {
					t.Errorf("a repeat hears\n%s\nand not\n%s", again, answer)
				}
			}
			if !strings.Contains(answer, c.hears) || !strings.Contains(answer, "<Hangup>") {
				t.Errorf("hears %s", answer)
			}
			moved := ledger.moved[theCall]
			if moved.To != c.to || moved.By != c.by || moved.Agreed != (c.by == "") {
				t.Errorf("it goes on at %+v", moved)
			}
			var last supportbot.Inbound
			conv.In(theCall, func(t *channeltest.Thread) { last = t.Taken[len(t.Taken)-1] })
			if last.Kind != supportbot.InMove || last.To != c.to.Channel || last.Keyed != (c.by != "") {
				t.Errorf("the bot heard %+v", last)
			}
		})
	}
}

// TestANumberIsReadBack digit by digit.
func TestANumberIsReadBack(t *testing.T) {
	l, _, _ := texting(t)
	offer := l.hears(l.next(l.hears(l.next(l.hears(pathCall, nil)), presses("1"))), presses("#"))
	if strings.Contains(offer, "WhatsApp") {
		t.Errorf("WhatsApp is offered without a template: %s", offer)
	}
	asks := l.hears(l.next(offer), presses("3"), "请输入", `finishOnKey="#"`)
	l.hears(l.next(asks), presses("13900139000"), `<say-as interpret-as="digits">13900139000</say-as>`, "要重新输入")
}

// TestANumberThatIsNotWrittenTo: the call stays where it is, and who keys a number in
// does not learn whether it has a case or has stopped messages.
func TestANumberThatIsNotWrittenTo(t *testing.T) {
	tests := []struct {
		name   string
		before func(*lineBot, *memory)
		steps  []string
		want   string
		stays  bool
	}{
		{"no number", nil, []string{"3", ""}, "digits 9", true},
		{"of a country that is not served", nil, []string{"3", "0099899000000", "0099899000000", "0099899000000"}, "digits 9", true},
		{"too short", nil, []string{"3", "1", "2", "3"}, "digits 9", true},
		{"our own", nil, []string{"3", "0014155550100"}, "这个号码发不了", true},
		{"second thoughts", nil, []string{"3", "13900139000", "4"}, "digits 9", true},
		{"an agent rather", nil, []string{"3", "13900139000", "0"}, "digits 0", true},
		{"one that has a case", func(b *lineBot, _ *memory) {
			b.In(lanSMS, func(t *channeltest.Thread) {
				t.Status.Case = &supportbot.CaseRef{ID: "2-1", State: supportbot.CaseActive}
			})
		}, []string{"3", "13900139000", "1"}, "接着办", false},
		{"one that has stopped messages", func(_ *lineBot, m *memory) { m.has(lanSMS).stopped = true }, []string{"3", "13900139000", "1"}, "接着办", false},
		{"one that was asked twice", func(_ *lineBot, m *memory) {
			m.moved = map[supportbot.Address]channels.Move{{Peer: "a"}: {To: lanSMS}, {Peer: "b"}: {To: lanSMS}}
		}, []string{"3", "13900139000", "1"}, "现在发不了短信", true},
		{"by one that has asked twice", func(_ *lineBot, m *memory) {
			m.moved = map[supportbot.Address]channels.Move{{Peer: "a"}: {By: mei}, {Peer: "b"}: {By: mei}}
		}, []string{"3", "13900139000", "1"}, "现在发不了短信", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l, conv, ledger := texting(t)
			answer := l.hears(l.next(l.hears(l.next(l.hears(pathCall, nil)), presses("1"))), presses("#"))
			if test.before != nil {
				test.before(conv, ledger)
			}
			for _, key := range test.steps {
				answer = l.hears(l.next(answer), presses(key))
			}
			if _, moved := ledger.moved[theCall]; !strings.Contains(answer, test.want) || moved == test.stays {
				t.Errorf("hears %s, and goes on at %+v", answer, ledger.moved[theCall])
			}
		})
	}
}

func TestANumberAsItIsDialled(t *testing.T) {
	for _, c := range []struct{ digits, from, want string }{
		{"13900139000", mei, lan},
		{"8613900139000", mei, lan},
		{"008613900139000", mei, lan},
		{"0085291234567", mei, "+85291234567"},
		{"4155550100", "+12125550100", "+14155550100"},
		{"14155550100", "+12125550100", "+14155550100"},
		{"13900139000", "+12125550100", "+13900139000"}, // which is none there; they are told how to dial abroad
		{"07700900123", "+447700900456", "+447700900123"},
		{"91234567", "+85298765432", "+85291234567"},
	} {
		if got := asDialled(c.digits, c.from); got != c.want {
			t.Errorf("%s, dialled from %s, is %s, want %s", c.digits, c.from, got, c.want)
		}
	}
}

// TestAKeyedNumberOpensInItsCallAlone: who changes the URL of a hop, or takes that of
// another call or account, has no number.
func TestAKeyedNumberOpensInItsCallAlone(t *testing.T) {
	sealed := account.sealNumber("call", lan)
	if got, ok := account.openNumber("call", sealed); !ok || got != lan {
		t.Fatalf("it is %q", got)
	}
	other := account
	other.AuthToken = "another"
	for name, open := range map[string]func() (string, bool){
		"another call":    func() (string, bool) { return account.openNumber("other", sealed) },
		"another account": func() (string, bool) { return other.openNumber("call", sealed) },
		"cut":             func() (string, bool) { return account.openNumber("call", sealed[:8]) },
		"changed":         func() (string, bool) { return account.openNumber("call", strings.ToUpper(sealed)) },
		"none":            func() (string, bool) { return account.openNumber("call", "") },
		"no text of ours": func() (string, bool) { return account.openNumber("call", "+8613900139000") },
	} {
		if got, ok := open(); ok {
			t.Errorf("%s: it is %q", name, got)
		}
	}
}

// TestAKeyedNumberAgrees: until somebody there has, it gets one message that says
// nothing of the conversation, and what it writes is its own.
func TestAKeyedNumberAgrees(t *testing.T) {
	for _, to := range []supportbot.Address{lanSMS, lanChat} {
		t.Run(string(to.Channel), func(t *testing.T) {
			var sent []url.Values
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if err := r.ParseForm(); err != nil {
					t.Error(err)
				}
				sent = append(sent, r.PostForm)
				w.WriteHeader(http.StatusCreated)
				fmt.Fprint(w, `{"sid":"SM1"}`)
			}))
			defer server.Close()
			m, sender := sender(server.URL, func(c *Config) { c.Template = "HX0123456789abcdef0123456789abcdef" })
			message := supportbot.Message{Seq: 3, From: supportbot.FromBot, Text: "商户号是多少？"}
			m.has(theCall).last = time.Time{} // nobody has written there since
			m.has(to)
			m.moved = map[supportbot.Address]channels.Move{theCall: {Call: theCall, To: to, By: mei, Since: time.Now()}}
			for range 3 { // it is tried again
				var failure *channels.Failure
				if err := sender.Onward().Send(t.Context(), theCall, message, "key"); !errors.As(err, &failure) || failure.Kind != channels.Limited || strings.Contains(err.Error(), lan) {
					t.Fatalf("before anybody has agreed: %v", err)
				}
			}
			if len(sent) != 1 || strings.Contains(sent[0].Encode(), "%E5%95%86%E6%88%B7%E5%8F%B7") || (sent[0].Get("ContentSid") != "") != (to == lanChat) || (sent[0].Get("Body") != "") != (to == lanSMS) {
				t.Fatalf("sent was %v", sent)
			}
			writes := func(sid, text string) {
				t.Helper()
				form := sms(sid, lan, text)
				if to == lanChat {
					form = whatsAppMessage(sid, lan, text)
				}
				over := NewMessages(m, m, &m.album, account, slog.New(slog.DiscardHandler))
				if status, answer := post(over, messagesPath, form); status != 200 || answer != nothing {
					t.Fatalf("%s: %d %s", text, status, answer)
				}
			}
			writes("SM1", "谁啊")
			writes("SM2", "1")
			if own := len(m.threads[to].heard); own != 2 || len(m.threads[theCall].heard) > 0 || m.moved[theCall].Agreed {
				t.Fatalf("before they agree %d are their own", own)
			}
			m.threads[to].status.Case = &supportbot.CaseRef{ID: "2-1", State: supportbot.CaseActive}
			writes("SM3", "接着办")
			if m.moved[theCall].Agreed {
				t.Fatal("who has a case there is taken out of it")
			}
			m.threads[to].status.Case = nil
			writes("SM4", "“接着办”。")
			if !m.moved[theCall].Agreed || m.woken == 0 || len(m.threads[theCall].heard) > 0 {
				t.Fatal("they have not agreed")
			}
			writes("SM5", "123456789012345")
			if heard := m.threads[theCall].heard; len(heard) != 1 || heard[0].Text != "123456789012345" {
				t.Errorf("the call heard %v", heard)
			}
			if err := sender.Onward().Send(t.Context(), theCall, message, "key"); err != nil {
				t.Errorf("once they have agreed: %v", err)
			}
			if !strings.HasPrefix(sent[len(sent)-1].Get("Body"), "商户号") {
				t.Errorf("sent was %v", sent[len(sent)-1])
			}
		})
	}
}

// TestTheAnswerToTheTemplate lets what was held back go out, and is no answer to it;
// said later the same words are like others.
func TestTheAnswerToTheTemplate(t *testing.T) {
	m := newMemory()
	m.has(meiChat)
	m.has(theCall).last = time.Time{}
	m.moved = map[supportbot.Address]channels.Move{theCall: {Call: theCall, To: meiChat, Agreed: true, Since: time.Now()}}
	over := NewMessages(m, m, &m.album, account, slog.New(slog.DiscardHandler))
	for i, heard := range []int{0, 1} {
		post(over, messagesPath, whatsAppMessage(fmt.Sprint("SM", i), mei, "接着办"))
		if got := len(m.threads[theCall].heard); got != heard || m.woken == 0 || len(m.threads[meiChat].heard) > 0 {
			t.Errorf("the call heard %d, want %d", got, heard)
		}
	}
}

// TestNobodyAgreesForEver: after a day nothing is sent any more, and the word is one
// like others.
func TestNobodyAgreesForEver(t *testing.T) {
	m := newMemory()
	m.has(lanSMS)
	m.moved = map[supportbot.Address]channels.Move{theCall: {Call: theCall, To: lanSMS, By: mei, Since: time.Now().Add(-25 * time.Hour)}}
	var failure *channels.Failure
	if err := NewSender(account, m).Onward().Send(t.Context(), theCall, supportbot.Message{Seq: 1, Text: "a"}, "key"); !errors.As(err, &failure) || failure.Kind != channels.Gone {
		t.Errorf("it is still asked for: %v", err)
	}
	over := NewMessages(m, m, &m.album, account, slog.New(slog.DiscardHandler))
	post(over, messagesPath, sms("SM1", lan, "GO ON"))
	if m.moved[theCall].Agreed || len(m.threads[lanSMS].heard) != 1 {
		t.Error("they have agreed")
	}
}
