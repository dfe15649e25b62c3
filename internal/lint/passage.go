package lint

import (
	"fmt"
	"regexp"
	"strings"

	"supportbot"
	"supportbot/channels"
	"supportbot/dialog"
)

// passage is what is said at one place in one language, with the choices below
// it. Slots are filled in with about the longest that they can hold.
type passage struct {
	file       string
	line       int // of the written text
	spokenLine int
	what       string // "step x", "the article"
	lang       supportbot.Language
	asks       bool
	written    string // Markdown
	spoken     string // "" if the written text is spoken
	choices    []supportbot.Choice
}

// heard is what is said on the phone.
func (p passage) heard() string {
	if p.spoken == "" {
		return channels.PlainText(p.written)
	}
	return p.spoken
}

// passages lists what flows and articles say. An article that a flow says is
// listed as an article only.
func (c *checker) passages() []passage {
	var list []passage
	for _, s := range c.book.Sayings() {
		if s.Article != "" {
			continue
		}
		for _, l := range supportbot.Languages {
			written, spoken := s.Text.In(l)
			list = append(list, passage{
				file: s.File, line: s.Line, spokenLine: s.Line, what: fmt.Sprintf("step %s of flow %s", s.Step, s.Flow), lang: l, asks: s.Asks,
				written: c.fillIn(written, s.Flow, l), spoken: c.fillIn(spoken, s.Flow, l),
				choices: c.book.Choices(s, l),
			})
		}
	}
	for _, t := range c.base.Topics {
		a, ok := c.base.Article(t.ID)
		if !ok {
			continue
		}
		for _, l := range supportbot.Languages {
			written, spoken := a.Text.In(l)
			list = append(list, passage{
				file: a.Source[l].File, line: a.Source[l].Body, spokenLine: a.Source[l].Spoken, what: "the article", lang: l,
				written: written, spoken: spoken,
				choices: c.buttons(a.Related, l),
			})
		}
	}
	return list
}

var (
	placeholder = regexp.MustCompile(`\{[^{}]+\}`)
	menu        = regexp.MustCompile(` ?\{menu\}`)
)

// fillIn puts what is longest into the slots, and leaves out the choices that
// the phone says at {menu}: they are no part of the writer's words.
func (c *checker) fillIn(text, flow string, l supportbot.Language) string {
	return placeholder.ReplaceAllStringFunc(menu.ReplaceAllString(text, ""), func(slot string) string {
		return c.book.Longest(flow, strings.Trim(slot, "{}"), l)
	})
}

// buttons are the choices below an article.
func (c *checker) buttons(topics []string, l supportbot.Language) []supportbot.Choice {
	var choices []supportbot.Choice
	for _, topic := range topics {
		choices = append(choices, supportbot.Choice{Label: c.label(topic, l), Value: "topic:" + topic})
	}
	return choices
}

// label is what a button that starts a topic says.
func (c *checker) label(topic string, l supportbot.Language) string {
	return dialog.ChoiceLabel(c.book, dialog.Session{Language: l}, "topic:"+topic)
}
