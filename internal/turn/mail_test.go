package turn_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"supportbot"
)

// Who has left an e-mail address is mailed what an agent says, and what comes of the
// case; not what the bot says to who is there.
func TestWhatIsMailed(t *testing.T) {
	b := newBot(t)
	due := 0
	b.Sends(supportbot.Web, func(supportbot.ThreadID) { due++ })
	mailed := func(what string, want bool) {
		t.Helper()
		if (due > 0) != want {
			t.Errorf("%s: mailed %t, want %t", what, due > 0, want)
		}
		due = 0
	}
	b.onThePage("1", "", "control:agent")
	b.onThePage("2", "", "control:contact")
	mailed("before there is an address", false)
	b.is(b.onThePage("3", "Li.Ming@shop.example", ""), "I have noted L***@shop.example. You may close this page: we reach you there, and you will find the answer here as well.")
	mailed("while the person is there", false)
	if c, err := b.Case(t.Context(), "1-1"); err != nil || c.Packet.Email != "Li.Ming@shop.example" || c.Packet.Contact != "" {
		t.Fatalf("the case has %+v, %v", c.Packet, err)
	}
	b.nowhereInWords("Li.Ming@")
	b.act(supportbot.ActClaim, 0, nil)
	mailed("an agent comes", false)
	b.act(supportbot.ActMessage, 2, func(a *supportbot.AgentAct) { a.Text = "It is done." })
	mailed("the agent says something", true)
	b.onThePage("4", "thank you", "")
	mailed("the person is back", false)
	b.act(supportbot.ActClose, 2, nil)
	mailed("the case is closed", true)
	b.sweep(30 * time.Minute)
	b.onThePage("5", "errand", "")
	mailed("after it", false)
}

// nowhereInWords: an address that was asked for is an answer, and not in the words.
func (b *bot) nowhereInWords(address string) {
	b.Helper()
	said, err := b.Transcript(b.Context(), "1-1", 0)
	if err != nil {
		b.Fatal(err)
	}
	if slices.ContainsFunc(said, func(m supportbot.Message) bool { return strings.Contains(m.Text, address) }) {
		b.Errorf("the transcript has %s:\n%s", address, b.transcript())
	}
}

// Without a way to mail, an address is words like others.
func TestNoMailIsPromised(t *testing.T) {
	b := newBot(t)
	b.onThePage("1", "", "control:agent")
	b.is(b.onThePage("2", "", "control:contact"), "Which phone number can we reach you at? The agent can call it if needed.")
	b.onThePage("3", "li.ming@shop.example", "")
	if c, err := b.Case(t.Context(), "1-1"); err != nil || c.Packet.Email != "" {
		t.Errorf("the case has %+v, %v", c.Packet, err)
	}
}

// onThePage says or chooses something in the web chat, and returns the answer.
func (b *bot) onThePage(id, text, choice string) (said string) {
	b.Helper()
	in := supportbot.Inbound{Address: supportbot.Address{Channel: supportbot.Web, Peer: "m"}, ID: id, Kind: supportbot.InText, Text: text, Choice: choice, Language: supportbot.English}
	if choice != "" {
		in.Kind = supportbot.InChoice
	}
	out, err := b.Handle(b.Context(), in, []byte(id))
	if err != nil {
		b.Fatal(err)
	}
	for _, reply := range out.Replies {
		said += reply.Text
	}
	return said
}
