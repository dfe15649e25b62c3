package twilio

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/channels"
	"supportbot/channels/channeltest"
)

// texting is a line whose callers may go on by SMS.
func texting(t *testing.T) (*line, *lineBot, *memory) {
	conv, ledger := newLineBot(), newMemory()
	l := dialled(t, conv)
	l.voice.Texts(ledger)
	return l, conv, ledger
}

var (
	theCall = supportbot.Address{Channel: supportbot.Voice, Peer: strings.Map(lettered, sid)}
	meiSMS  = supportbot.Address{Channel: supportbot.SMS, Peer: mei}
)

// kinds are what came in at an address, in order.
func (m *lineBot) kinds(at supportbot.Address) (all []supportbot.InboundKind) {
	m.In(at, func(t *channeltest.Thread) {
		for _, in := range t.Taken {
			all = append(all, in.Kind)
		}
	})
	return all
}

func TestACallGoesOnBySMS(t *testing.T) {
	for name, c := range map[string]struct{ asks, agrees []string }{
		"by key":     {presses("#"), presses("1")},
		"in Chinese": {saying("发短信给我。"), saying("好的")},
		"in English": {saying("Text me!"), saying("Yes, please.")},
	} {
		t.Run(name, func(t *testing.T) {
			l, conv, ledger := texting(t)
			menu := l.hears(l.next(l.hears(pathCall, nil)), presses("1"))
			offer := l.hears(l.next(menu), c.asks, "尾号", "8000")
			gone := l.hears(l.next(offer), c.agrees, "短信马上就到", "<Hangup>")
			if again := l.hears(l.next(offer), c.agrees); again != gone {
				t.Errorf("a repeat hears\n%s\nand not\n%s", again, gone)
			}
			if kinds := conv.kinds(theCall); len(kinds) != 2 || kinds[1] != supportbot.InMove {
				t.Errorf("the bot heard %v", kinds)
			}
			if at := ledger.moved[theCall]; at.To != meiSMS || !at.Agreed || at.By != "" {
				t.Errorf("the call goes on at %+v", at)
			}
			if kinds := conv.kinds(meiSMS); len(kinds) != 1 || kinds[0] != supportbot.InHangup {
				t.Errorf("at the number the bot heard %v", kinds)
			}
		})
	}
}

func TestACallThatStaysACall(t *testing.T) {
	tests := []struct {
		name   string
		before func(*lineBot, *memory)
		answer []string
		want   []string
		bot    supportbot.InboundKind // what it hears last
	}{
		{"no", nil, presses("4"), []string{"digits 9"}, supportbot.InDigits},
		{"silence", nil, nil, []string{"digits 9"}, supportbot.InDigits},
		{"an agent", nil, presses("0"), []string{"digits 0"}, supportbot.InDigits},
		{"who has written STOP", func(_ *lineBot, m *memory) { m.has(meiSMS).stopped = true }, presses("1"), []string{"现在发不了短信", "digits 9"}, supportbot.InDigits},
		{"whose other case is open", func(b *lineBot, _ *memory) {
			b.In(meiSMS, func(t *channeltest.Thread) {
				t.Status.Case = &supportbot.CaseRef{ID: "2-1", State: supportbot.CaseActive}
			})
		}, presses("1"), []string{"现在发不了短信", "digits 9"}, supportbot.InDigits},
		{"whose earlier call goes on there with an agent", func(b *lineBot, m *memory) {
			earlier := supportbot.Address{Channel: supportbot.Voice, Peer: "earlier"}
			m.moved = map[supportbot.Address]channels.Move{earlier: {Call: earlier, To: meiSMS, Agreed: true, Since: time.Now()}}
			b.In(earlier, func(t *channeltest.Thread) {
				t.Status.Case = &supportbot.CaseRef{ID: "3-1", State: supportbot.CaseActive}
			})
		}, presses("1"), []string{"现在发不了短信", "digits 9"}, supportbot.InDigits},
		{"who has had it very often", func(_ *lineBot, m *memory) {
			m.moved = map[supportbot.Address]channels.Move{}
			for _, peer := range []string{"a", "b", "c", "d", "e"} {
				m.moved[supportbot.Address{Channel: supportbot.Voice, Peer: peer}] = channels.Move{To: meiSMS}
			}
		}, presses("1"), []string{"现在发不了短信", "digits 9"}, supportbot.InDigits},
		{"while the database is away", func(_ *lineBot, m *memory) { m.fault = errors.New("disk full") }, presses("1"), []string{"刚才没有收到", "尾号"}, supportbot.InOpen},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l, conv, ledger := texting(t)
			offer := l.hears(l.next(l.hears(l.next(l.hears(pathCall, nil)), presses("1"))), presses("#"), "尾号")
			if test.before != nil {
				test.before(conv, ledger)
			}
			l.hears(l.next(offer), test.answer, test.want...)
			if kinds := conv.kinds(theCall); kinds[len(kinds)-1] != test.bot {
				t.Errorf("the bot heard %v", kinds)
			}
			if _, ok := ledger.moved[theCall]; ok {
				t.Error("the call goes on in writing")
			}
		})
	}
}

// TestWhoIsNotOfferedSMS: the key means nothing to whoever cannot be written to.
func TestWhoIsNotOfferedSMS(t *testing.T) {
	for name, from := range map[string]string{"without a number": "anonymous", "of a country that is not served": "+99899000000"} {
		t.Run(name, func(t *testing.T) {
			l, _, _ := texting(t)
			menu := l.hears(l.next(l.hears(pathCall, []string{"From", from})), append(presses("1"), "From", from))
			if answer := l.hears(l.next(menu), append(presses("#"), "From", from), "digits #"); strings.Contains(answer, pathText) {
				t.Errorf("is offered SMS: %s", answer)
			}
			forged := pathText + "?lang=zh&n=9&texts=1" // no hop of ours
			l.hears(forged, append(presses("1"), "From", from), "digits 9")
		})
	}
}

// TestWhatANumberWritesAfterACall belongs to the call for a day, and for as long as
// an agent has it; STOP is of the number.
func TestWhatANumberWritesAfterACall(t *testing.T) {
	for name, c := range map[string]struct {
		ago  time.Duration
		live bool
		at   supportbot.Address
	}{
		"at once":                   {0, false, theCall},
		"the next day":              {25 * time.Hour, false, meiSMS},
		"the next day, to an agent": {25 * time.Hour, true, theCall},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMemory()
			m.moved = map[supportbot.Address]channels.Move{theCall: {Call: theCall, To: meiSMS, Agreed: true, Since: time.Now().Add(-c.ago)}}
			if m.has(theCall); c.live {
				m.threads[theCall].status = channels.Status{Case: &supportbot.CaseRef{ID: "1-1", State: supportbot.CaseActive}}
			}
			m.has(meiSMS)
			over := NewMessages(m, m, &m.album, account, slog.New(slog.DiscardHandler))
			if status, answer := post(over, messagesPath, sms("SM1", mei, "老李面馆")); status != 200 || answer != nothing {
				t.Fatalf("%d %s", status, answer)
			}
			if heard := m.threads[c.at].heard; len(heard) != 1 || heard[0].Text != "老李面馆" {
				t.Errorf("heard at %s: %v", c.at, heard)
			}
			if status, _ := post(over, messagesPath, sms("SM2", mei, "STOP")); status != 200 || !m.threads[meiSMS].stopped {
				t.Error("the number still gets messages")
			}
			if status, _ := post(over, messagesPath, whatsAppMessage("SM3", mei, "你好")); status != 200 || len(m.threads[theCall].heard) > 2 {
				t.Error("what comes on WhatsApp is taken for an SMS")
			}
		})
	}
}

func TestSendingWhereACallGoesOn(t *testing.T) {
	m := newMemory()
	sender := NewSender(account, m).Onward()
	var failure *channels.Failure
	message := supportbot.Message{Seq: 3, From: supportbot.FromBot, Text: "好"}
	if err := sender.Send(t.Context(), theCall, message, "key"); !errors.As(err, &failure) || failure.Kind != channels.Gone {
		t.Errorf("a call that goes on nowhere: %v", err)
	}
	m.has(theCall)
	m.moved = map[supportbot.Address]channels.Move{theCall: {Call: theCall, To: meiSMS, Agreed: true, Since: time.Now()}}
	m.has(meiSMS).stopped = true
	if err := sender.Send(t.Context(), theCall, message, "key"); !errors.As(err, &failure) || failure.Kind != channels.Gone || strings.Contains(err.Error(), mei) {
		t.Errorf("to who has written STOP: %v", err)
	}
	m.fault = errors.New("disk full")
	if err := sender.Send(t.Context(), theCall, message, "key"); !errors.As(err, &failure) || failure.Kind != channels.Absent {
		t.Errorf("while the database is away: %v", err)
	}
}
