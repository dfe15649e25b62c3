package turn_test

import (
	"strings"
	"testing"

	"supportbot"
)

// TestWhatCannotBeSeenStandsInTheTranscript, and the words beside it lose their
// secrets as any do.
func TestWhatCannotBeSeenStandsInTheTranscript(t *testing.T) {
	b := newBot(t)
	send := func(id string, kind supportbot.InboundKind, what supportbot.Unseen, text string) {
		t.Helper()
		in := supportbot.Inbound{Address: merchant, ID: id, Kind: kind, Unseen: what, Text: text, Language: supportbot.English}
		if _, err := b.Handle(t.Context(), in, []byte(id)); err != nil {
			t.Fatal(err)
		}
	}
	send("1", supportbot.InUnseen, supportbot.Picture, "")
	send("2", supportbot.InText, supportbot.Picture, "my card is 6228 4804")
	send("3", supportbot.InUnseen, supportbot.Edit, "0256 4890 018")
	transcript := b.transcript()
	for _, want := range []string{"user: [picture]\n", "user: [picture] my card is [card]\n", "user: [changed an earlier message] [card]\n", "For your safety"} {
		if !strings.Contains(transcript, want) {
			t.Errorf("%q is not in\n%s", want, transcript)
		}
	}
	b.nowhere("6228 4804", "0256 4890")
}
