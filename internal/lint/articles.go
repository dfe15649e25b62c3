package lint

import (
	"regexp"
	"strings"
	"time"
	"unicode"

	"supportbot"
	"supportbot/dialog"
	"supportbot/kb"
)

// articles refuses what flows are held against when they are loaded, and what
// only articles have.
func (c *checker) articles() {
	for _, t := range c.base.Topics {
		a, ok := c.base.Article(t.ID)
		if !ok {
			continue
		}
		for _, l := range supportbot.Languages {
			c.secrets(a, l)
			c.review(a.Source[l])
			c.onlyIn(l, a.Source[l].File, a.Source[l].Title, "the title", a.Title[l])
			c.terms(l, a.Source[l].File, a.Source[l].Title, "the title", a.Title[l])
		}
		c.related(t.ID, a)
	}
}

// secrets refuses an article that wants to be told a secret.
func (c *checker) secrets(a kb.Article, l supportbot.Language) {
	at := a.Source[l]
	written, spoken := a.Text.In(l)
	for _, part := range []struct {
		line int
		text string
	}{{at.Title, a.Title[l]}, {at.Spoken, spoken}, {at.Body, written}} {
		if sentence, asks := dialog.AsksForSecret(part.text); asks {
			before, _, _ := strings.Cut(part.text, sentence)
			c.add(at.File, part.line+strings.Count(before, "\n"), "this asks for a secret: “%s”; passwords, PINs, codes and full card numbers are never asked for", sentence)
		}
	}
}

// review refuses an article without a date of review, or with one that has not
// come. Where the writer lives, it may be a day later than here.
func (c *checker) review(at kb.Source) {
	day, err := time.Parse(time.DateOnly, at.Day)
	switch {
	case at.Day == "":
		c.add(at.File, 1, "reviewed is missing; add the day on which somebody last compared the article with the guide, such as reviewed: 2026-01-31")
	case err == nil && !c.today.IsZero() && day.After(c.today.AddDate(0, 0, 1)):
		c.add(at.File, at.Reviewed, "reviewed is %s, which has not come yet; write the day on which somebody last compared the article with the guide", at.Day)
	}
}

// related refuses buttons below an article that lead to it again or twice to the
// same place.
func (c *checker) related(topic string, a kb.Article) {
	at := a.Source[supportbot.Chinese]
	seen := map[string]bool{topic: true}
	for _, related := range a.Related {
		if seen[related] {
			c.add(at.File, at.Related, "related names %s, which is this article or stands there already; name another topic", related)
		}
		seen[related] = true
	}
}

var link = regexp.MustCompile(`\]\(([^()\s]*)\)`)

// links refuses those that lead nowhere: a chat has no folder of files.
func (c *checker) links(p passage) {
	for _, at := range link.FindAllStringSubmatchIndex(p.written, -1) {
		if address := p.written[at[2]:at[3]]; !strings.HasPrefix(address, "https://") {
			c.add(p.file, p.line+strings.Count(p.written[:at[0]], "\n"), "the link to %q leads nowhere; write a whole address that begins with https://, or name the topic under related", address)
		}
	}
}

// language refuses words in the wrong language. A button may be a brand or the
// name of a language, so buttons are not looked at.
func (c *checker) language(p passage) {
	c.onlyIn(p.lang, p.file, p.line, p.what, p.written)
	c.onlyIn(p.lang, p.file, p.spokenLine, p.what+" on the phone", p.spoken)
}

// aside is where an English text may show a Chinese name as it stands on a device
// or in a menu.
var aside = regexp.MustCompile(`\([^()\n]*\)|“[^”\n]*”|"[^"\n]*"`)

func (c *checker) onlyIn(l supportbot.Language, file string, line int, what, text string) {
	chinese := func(r rune) bool { return unicode.Is(unicode.Han, r) }
	if l == supportbot.English {
		text = aside.ReplaceAllString(text, "")
	}
	switch at := strings.IndexFunc(text, chinese); {
	case text == "":
	case l == supportbot.Chinese && at < 0:
		c.add(file, line, "%s is not in Chinese, and this is its Chinese text: “%s”", what, short(text))
	case l == supportbot.English && at >= 0:
		c.add(file, line+strings.Count(text[:at], "\n"), "%s has Chinese in its English text: “%s”; write it in English, or put a name that people see in brackets", what, short(text[at:]))
	}
}

// short is the beginning of a text, enough to find it by.
func short(text string) string {
	text, _, _ = strings.Cut(text, "\n")
	if letters := []rune(text); len(letters) > 30 {
		return string(letters[:30]) + "…"
	}
	return text
}
