package channels

import (
	"regexp"
	"strings"
)

// The Markdown that content may use: see supportbot.Text.
var (
	markdownLink    = regexp.MustCompile(`\[([^\]\n]+)\]\(([^()\s]+)\)`)
	markdownStrong  = regexp.MustCompile(`\*\*([^*\n]+)\*\*|__([^_\n]+)__`)
	markdownEm      = regexp.MustCompile(`\*([^*\s](?:[^*\n]*[^*\s])?)\*`)
	markdownBullet  = regexp.MustCompile(`(?m)^( *)[*+] `)
	markdownHeading = regexp.MustCompile(`(?m)^#{1,6} +`)
)

// PlainText turns Markdown into text for those who see no formatting: lists
// keep their marks, a link is followed by its address.
func PlainText(markdown string) string {
	if !strings.ContainsAny(markdown, "*[_#+") {
		return markdown
	}
	text := markdownLink.ReplaceAllStringFunc(markdown, func(link string) string {
		part := markdownLink.FindStringSubmatch(link)
		if part[1] == part[2] {
			return part[1]
		}
		return part[1] + " " + part[2]
	})
	text = markdownBullet.ReplaceAllString(text, "$1- ")
	text = markdownStrong.ReplaceAllString(text, "$1$2")
	text = markdownEm.ReplaceAllString(text, "$1")
	return markdownHeading.ReplaceAllString(text, "")
}
