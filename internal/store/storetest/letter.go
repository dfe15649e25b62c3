package storetest

import (
	"testing"
	"time"

	"supportbot"
	"supportbot/channels/email"
)

// A letter holds what was not seen and not mailed before, and goes to the address of
// the case.
func testLetter(t *testing.T, s Store) {
	mei := says("mei", "1", "").Address
	letter := func(first int64) (seqs []int64, l email.Letter) {
		t.Helper()
		l, err := s.Letter(t.Context(), mei, first)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range l.Messages {
			seqs = append(seqs, m.Seq)
		}
		return seqs, l
	}
	is := func(what string, first int64, want ...int64) {
		t.Helper()
		got, _ := letter(first)
		if len(got) != len(want) {
			t.Fatalf("%s: messages %v, want %v", what, got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: messages %v, want %v", what, got, want)
			}
		}
	}
	id := play(t, s, "mei", func(c *supportbot.Commit) {
		c.Case = &supportbot.Case{
			ID: "1-1", State: supportbot.CaseActive, Priority: supportbot.Normal, Language: supportbot.English, QueuedAt: noon,
			Packet: supportbot.Packet{Email: "mei@shop.example"},
		}
	})
	if err := s.Seen(t.Context(), mei, 100); err != nil { // nothing is to be sent yet
		t.Fatal(err)
	}
	var due []int64
	for range 3 {
		play(t, s, "mei", func(c *supportbot.Commit) {
			c.Send = true
			due = append(due, outgoing(*c)...)
		})
	}
	if len(due) != 3 {
		t.Fatalf("to be sent are %v", due)
	}
	is("nothing was seen", due[0], due...)
	if _, l := letter(due[0]); l.To != "mei@shop.example" || l.Language != supportbot.English {
		t.Errorf("the letter is for %q in %q", l.To, l.Language)
	}
	if err := s.Seen(t.Context(), mei, due[0]); err != nil {
		t.Fatal(err)
	}
	is("the first was seen", due[0])
	settle(t, s, claims(t, s, id, time.Hour), sent)
	is("the second while it is sent", claims(t, s, id, time.Hour).Message.Seq, due[1], due[2])
	if err := s.Mailed(t.Context(), mei, due[2]); err != nil {
		t.Fatal(err)
	}
	is("the third was mailed with it", due[2])
	if l, err := s.Letter(t.Context(), says("ann", "1", "").Address, 1); err == nil {
		t.Errorf("a letter to nobody: %+v", l)
	}
}

// outgoing lists the messages of a commit that others than the person said.
func outgoing(c supportbot.Commit) (seqs []int64) {
	for _, m := range c.Messages {
		if m.From != supportbot.FromUser {
			seqs = append(seqs, m.Seq)
		}
	}
	return seqs
}
