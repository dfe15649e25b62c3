package twilio

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"testing"

	"supportbot"
	"supportbot/channels/channeltest"
)

// TestRepeatsAndAnyOrder delivers messages of 500 persons, each several times, and as
// many statuses, in any order: every message is heard once, and a status never goes
// back.
func TestRepeatsAndAnyOrder(t *testing.T) {
	const copies, sent = 5, channeltest.Deliveries / 10
	random := rand.New(rand.NewPCG(5, 6))
	m, messages := newMessages(asIs)
	messages.rate = nil
	type delivery struct {
		target string
		form   url.Values
	}
	var all []delivery
	words := []string{"你好", "STOP", "1", "START", "退订", "取消退订", "YES", "转人工"}
	number := func(i int) string { return fmt.Sprintf("+86138%08d", i%500) }
	for i := range sent {
		form := sms(fmt.Sprintf("SM%032d", i), number(i), words[random.IntN(len(words))])
		if i%3 == 0 {
			form = whatsAppMessage(fmt.Sprintf("SM%032d", i), number(i), words[random.IntN(len(words))])
		}
		for range copies {
			all = append(all, delivery{messagesPath, form})
		}
	}
	names := make([]string, 0, len(stages))
	for name := range stages {
		names = append(names, name)
	}
	latest := map[string]int{} // by number and message
	for i := range 500 {
		m.has(supportbot.Address{Channel: supportbot.SMS, Peer: number(i)}) // else a STOP that comes first is of nobody
		m.has(supportbot.Address{Channel: supportbot.WhatsApp, Peer: number(i)})
	}
	for i := range copies * sent {
		name, message := names[random.IntN(len(names))], random.IntN(9)
		target := fmt.Sprint(statusPath, "?message=", message)
		all = append(all, delivery{target, url.Values{"MessageSid": {"SM1"}, "To": {number(i)}, "MessageStatus": {name}}})
		place := fmt.Sprint(number(i), " ", message)
		latest[place] = max(latest[place], int(stages[name]))
	}
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for _, d := range all {
		if status, answer := post(messages, d.target, d.form); status/100 != 2 {
			t.Fatalf("%s %v: answered %d %s", d.target, d.form, status, answer)
		}
	}
	heard := 0
	for at, thread := range m.threads {
		var ids []string
		for _, in := range thread.heard {
			ids = append(ids, in.ID)
		}
		heard += len(ids)
		slices.Sort(ids)
		if len(slices.Compact(ids)) != len(thread.heard) {
			t.Errorf("%v has heard a message twice", at)
		}
		for message, stage := range thread.receipts {
			if place := fmt.Sprint(at.Peer, " ", message); latest[place] != stage {
				t.Errorf("message %s stands at stage %d, want %d", place, stage, latest[place])
			}
		}
	}
	if heard != sent {
		t.Errorf("%d messages were heard, want %d", heard, sent)
	}
}

func TestStatusesThatSayNothing(t *testing.T) {
	m, messages := newMessages(asIs)
	m.has(supportbot.Address{Channel: supportbot.SMS, Peer: mei})
	for name, c := range map[string]struct {
		target, to, status string
		want               int
	}{
		"one of the future":   {statusPath + "?message=1", mei, "teleported", 204},
		"to somebody erased":  {statusPath + "?message=1", "+8613900139000", "delivered", 204},
		"without a message":   {statusPath, mei, "delivered", 400},
		"with another number": {statusPath + "?message=x", mei, "delivered", 400},
		"to nobody":           {statusPath + "?message=1", "", "delivered", 400},
	} {
		if got, _ := post(messages, c.target, url.Values{"To": {c.to}, "MessageStatus": {c.status}}); got != c.want {
			t.Errorf("%s: answered %d, want %d", name, got, c.want)
		}
	}
}
