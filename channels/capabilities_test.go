package channels

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"supportbot"
)

// TestTheTableOfChannelsIsTrue: what docs/channels/README.md tells of a channel is
// what the program goes by.
func TestTheTableOfChannelsIsTrue(t *testing.T) {
	page, err := os.ReadFile("../docs/channels/README.md")
	if err != nil {
		t.Fatal(err)
	}
	known := []supportbot.Channel{supportbot.Web, supportbot.REST, supportbot.Telegram, supportbot.SMS, supportbot.WhatsApp, supportbot.Voice}
	if len(known) != len(capabilities) {
		t.Errorf("%d channels are listed, and there are %d", len(known), len(capabilities))
	}
	for _, channel := range known {
		if row := tableRow(channel); !strings.Contains(string(page), row+"\n") {
			t.Errorf("docs/channels/README.md has no line\n%s", row)
		}
	}
}

func tableRow(channel supportbot.Channel) string {
	c := CapabilitiesOf(channel)
	answers, longest, push := "numbered", "any", "no"
	switch {
	case c.Buttons && c.Label == nil:
		answers = "buttons"
	case c.Buttons:
		answers = fmt.Sprintf("buttons, %d characters in Chinese, %d in English", c.Label[supportbot.Chinese], c.Label[supportbot.English])
	case c.Voice:
		answers = fmt.Sprintf("said, or %d keys", c.Choices)
	}
	switch {
	case c.Segments > 0:
		longest = fmt.Sprintf("%d SMS", c.Segments)
	case c.Text > 0:
		longest = fmt.Sprintf("%d characters", c.Text)
	case c.Speech > 0:
		longest = fmt.Sprintf("%.0f seconds", c.Speech.Seconds())
	}
	switch {
	case c.Push && c.Window > 0:
		push = fmt.Sprintf("%.0f hours", c.Window.Hours())
	case c.Push:
		push = "yes"
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s |", channel, answers, longest, map[bool]string{true: "shown", false: "taken out"}[c.Markdown], push)
}
