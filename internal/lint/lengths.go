package lint

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"supportbot"
	"supportbot/channels"
)

// How much can be read at a glance on the screen of a phone, by people who stand
// at a counter: characters of Chinese, words of English.
var (
	message  = map[supportbot.Language]int{supportbot.Chinese: 320, supportbot.English: 180}
	question = map[supportbot.Language]int{supportbot.Chinese: 90, supportbot.English: 60}
	units    = map[supportbot.Language]string{supportbot.Chinese: "characters", supportbot.English: "words"}
)

var (
	numbered = regexp.MustCompile(`(?m)^ *[0-9]+[.)、] `)
	listed   = regexp.MustCompile(`(?m)^ *([0-9]+[.)、]|[-*+•]) `)
	linked   = regexp.MustCompile(`\]\(|https?://|\bwww\.`)
	marked   = regexp.MustCompile("\\*\\*|__|`|(?m)^#{1,6} ")
)

// reading refuses more than people read at once.
func (c *checker) reading(p passage) {
	text := channels.PlainText(p.written)
	n := size(text, p.lang)
	switch most := question[p.lang]; {
	case n > message[p.lang]:
		c.add(p.file, p.line, "%s has %d %s in %s, the most is %d; shorten it, or say it in two steps", p.what, n, units[p.lang], p.lang, message[p.lang])
	case p.asks && n > most && !numbered.MatchString(text):
		c.add(p.file, p.line, "the question of %s has %d %s in %s, the most is %d; shorten it, or say what comes before the question in a step of its own", p.what, n, units[p.lang], p.lang, most)
	}
}

// size counts what is read: characters of Chinese without spaces, words of
// English.
func size(text string, l supportbot.Language) int {
	if l == supportbot.English {
		return len(strings.Fields(text))
	}
	return len([]rune(strings.Join(strings.FieldsFunc(text, unicode.IsSpace), "")))
}

// phone refuses what nobody can follow by ear.
func (c *checker) phone(p passage) {
	line, remedy := p.spokenLine, "shorten it"
	if p.spoken == "" {
		line, remedy = p.line, "shorten it, or give the phone shorter words: voice: {zh: …, en: …}"
	}
	heard := p.heard()
	if took, most := channels.SpeechTime(heard, p.lang), channels.LimitsOf(supportbot.Voice).Speech; took > most {
		c.add(p.file, line, "%s takes %.1f seconds on the phone in %s (%d %s), the most is %.0f; %s",
			p.what, took.Seconds(), p.lang, channels.Spoken(heard, p.lang), units[p.lang], most.Seconds(), remedy)
	}
	said := p.spoken
	if said == "" {
		said = p.written
	}
	switch {
	case listed.MatchString(said):
		c.add(p.file, line, "%s reads out a list on the phone in %s; say it there in one or two sentences%s", p.what, p.lang, p.under())
	case linked.MatchString(said):
		c.add(p.file, line, "%s reads out a link on the phone in %s; say where to find it instead%s", p.what, p.lang, p.under())
	case p.spoken != "" && marked.MatchString(p.spoken):
		c.add(p.file, line, "what %s says on the phone in %s has Markdown in it; take the marks out", p.what, p.lang)
	}
}

func (p passage) under() string {
	if p.spoken == "" {
		return ", under voice: {zh: …, en: …}"
	}
	return ""
}

// messages refuses what does not fit into a message of any channel.
func (c *checker) messages(p passage) {
	text, most := channels.SMS(p.reply()), channels.LimitsOf(supportbot.SMS).Segments
	if n := channels.Segments(text); n > most {
		c.add(p.file, p.line, "%s takes %d SMS in %s with its choices, the most is %d (%d characters in this text); shorten it or what the phone says, which an SMS says where the text is too long",
			p.what, n, p.lang, most, utf8.RuneCountInString(text))
	}
	for _, channel := range supportbot.Channels {
		can := channels.CapabilitiesOf(channel)
		if can.Text == 0 || can.Segments > 0 { // which is less
			continue
		}
		text := channels.PlainText(p.written)
		if !can.Buttons {
			text = channels.WhatsApp(p.reply())
		}
		if n := len(utf16.Encode([]rune(text))); n > can.Text {
			c.add(p.file, p.line, "%s has %d characters in %s, %s takes %d; shorten it", p.what, n, p.lang, channel, can.Text)
		}
	}
}

// strictest is the channel that takes the least of something, and how much that is.
func strictest(limit func(channels.Limits) int) (strict supportbot.Channel, most int) {
	for _, channel := range supportbot.Channels {
		if n := limit(channels.LimitsOf(channel)); n > 0 && (most == 0 || n < most) {
			strict, most = channel, n
		}
	}
	return strict, most
}

func (p passage) reply() supportbot.Reply {
	return supportbot.Reply{Text: p.written, Spoken: p.spoken, Choices: p.choices}
}

// choices refuses buttons that are too many, that a channel cuts off, or that
// say the same.
func (c *checker) choices(p passage) {
	if channel, most := strictest(func(l channels.Limits) int { return l.Choices }); len(p.choices) > most {
		c.add(p.file, p.line, "%s offers %d choices, %s takes %d; offer fewer, or split the question", p.what, len(p.choices), channel, most)
	}
	channel, longest := strictest(func(l channels.Limits) int { return l.Value })
	seen := map[string]bool{}
	for _, choice := range p.choices {
		if seen[choice.Label] {
			c.add(p.file, p.line, "%s has two buttons “%s”; nobody can tell them apart, name one otherwise", p.what, choice.Label)
		}
		seen[choice.Label] = true
		if !strings.Contains(choice.Value, ":") { // see names
			c.button(p.file, p.line, choice.Label, p.lang)
		}
		if len(choice.Value) > longest {
			c.add(p.file, p.line, "the value %q has %d bytes, %s takes %d; give it a shorter name", choice.Value, len(choice.Value), channel, longest)
		}
	}
}

// names refuses what buttons call a flow or a topic where it is too long.
func (c *checker) names() {
	for _, l := range supportbot.Languages {
		for _, flow := range c.book.Flows() {
			file, line := c.book.Place(flow, c.book.Steps(flow)[0])
			for _, name := range c.book.Names(flow, l) {
				c.button(file, line, name, l)
			}
		}
		for _, t := range c.base.Topics {
			a, _ := c.base.Article(t.ID)
			switch label := c.label(t.ID, l); label {
			case a.Title[l]:
				c.button(a.Source[l].File, a.Source[l].Title, label, l)
			case t.Name[l]:
				c.button("topics.yaml", t.Line, label, l)
			}
		}
	}
}

func (c *checker) button(file string, line int, label string, l supportbot.Language) {
	_, most := strictest(func(limits channels.Limits) int { return limits.Label[l] })
	if n := utf8.RuneCountInString(label); n > most {
		c.add(file, line, "the button “%s” has %d characters, the most in %s is %d; phones cut off the rest", label, n, l, most)
	}
}
