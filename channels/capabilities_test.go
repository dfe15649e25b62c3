package channels

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"supportbot"
)

// TestTheTableOfChannelsIsTrue: what docs/channels/README.md tells of a channel is
// what the program goes by.
func TestTheTableOfChannelsIsTrue(t *testing.T) {
	page := read(t, "../docs/channels/README.md")
	for _, channel := range supportbot.Channels {
		if row := tableRow(channel); !strings.Contains(page, row+"\n") {
			t.Errorf("docs/channels/README.md has no line\n%s", row)
		}
	}
}

// TestEveryChannelIsComplete: whoever adds a channel gives it a row, and holds it to the
// suite.
func TestEveryChannelIsComplete(t *testing.T) {
	named := regexp.MustCompile(`(?m)^\t(\w+) +Channel = "`).FindAllStringSubmatch(read(t, "../text.go"), -1)
	if len(named) != len(supportbot.Channels)+1 { // and the terminal
		t.Errorf("text.go names %d channels, and supportbot.Channels has %d of them; all but the terminal belong there", len(named), len(supportbot.Channels))
	}
	flows, transcripts := read(t, "../kb-content/schema/flow.schema.json"), read(t, "../kb-content/schema/transcript.schema.json")
	for _, channel := range supportbot.Channels {
		if name := fmt.Sprintf("%q", channel); !strings.Contains(flows, name) || !strings.Contains(transcripts, name) {
			t.Errorf("the schemas of flows and transcripts in kb-content/schema do not both name %s", channel)
		}
		row, ok := capabilities[channel]
		if !ok {
			t.Errorf("%s has no row in channels/capabilities.go: which limits it has, and what can be done there", channel)
		}
		if row.Buttons != channel.HasButtons() || row.Voice != channel.IsVoice() {
			t.Errorf("channels/capabilities.go and text.go do not agree on the buttons or the voice of %s", channel)
		}
	}
	if len(capabilities) != len(supportbot.Channels) {
		t.Errorf("%d rows in channels/capabilities.go for %d channels", len(capabilities), len(supportbot.Channels))
	}
	suites, err := filepath.Glob("*/*suite_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	for _, file := range suites {
		tests.WriteString(read(t, file))
	}
	for _, one := range named {
		if name := one[1]; name != "Terminal" && !strings.Contains(tests.String(), "supportbot."+name) {
			t.Errorf("no suite_test.go of a channel has channeltest.Run for supportbot.%s", name)
		}
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
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
