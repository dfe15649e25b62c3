package telegram

import (
	"html"
	"regexp"

	"supportbot"
	"supportbot/channels"
)

// part is one message of Telegram.
type part struct {
	html    string
	choices []supportbot.Choice // of the last part
}

// render turns a message into those that Telegram takes. Only the bot writes
// Markdown; what an agent writes is text, under their name.
func render(m supportbot.Message) []part {
	text := m.Text
	if m.From == supportbot.FromAgent && m.Author != "" {
		text = "👤 " + m.Author + "\n" + text
	}
	var parts []part
	for _, piece := range channels.Split(text, channels.LimitsOf(supportbot.Telegram).Text) {
		if m.From == supportbot.FromBot {
			piece = toHTML(piece)
		} else {
			piece = html.EscapeString(piece)
		}
		parts = append(parts, part{html: piece})
	}
	if n := len(parts); n > 0 {
		parts[n-1].choices = m.Choices
	}
	return parts
}

// The Markdown that content uses, once it is escaped: see channels.PlainText.
var (
	link    = regexp.MustCompile(`\[([^\]\n]+)\]\((https?://[^()\s]+)\)`)
	strong  = regexp.MustCompile(`\*\*([^*\n]+)\*\*`)
	heading = regexp.MustCompile(`(?m)^#{1,6} +(.+)$`)
	bullet  = regexp.MustCompile(`(?m)^( *)[-*+] `)
	tag     = regexp.MustCompile(`<(/?)(a|b)\b[^>]*>`)
)

// toHTML turns Markdown into the HTML of
// https://core.telegram.org/bots/api#html-style. Markup that would not nest is
// left out, for Telegram refuses such a message whole.
func toHTML(markdown string) string {
	text := html.EscapeString(bullet.ReplaceAllString(markdown, "$1• "))
	text = link.ReplaceAllString(text, `<a href="$2">$1</a>`)
	text = strong.ReplaceAllString(text, "<b>$1</b>")
	text = heading.ReplaceAllString(text, "<b>$1</b>")
	if !nests(text) {
		return html.EscapeString(channels.PlainText(markdown))
	}
	return text
}

func nests(text string) bool {
	var open []string
	for _, t := range tag.FindAllStringSubmatch(text, -1) {
		n := len(open)
		switch {
		case t[1] == "":
			open = append(open, t[2])
		case n == 0 || open[n-1] != t[2]:
			return false
		default:
			open = open[:n-1]
		}
	}
	return len(open) == 0
}
