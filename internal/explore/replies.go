package explore

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"supportbot"
	"supportbot/channels"
	"supportbot/dialog"
)

// text is what a message says.
func text(m supportbot.Message) string {
	if m.Spoken != "" {
		return m.Spoken
	}
	return strings.TrimSpace(m.Text)
}

func language(_ *Explorer, _ *conversation, m *moment) string {
	lang := m.after.Language
	given := append(ownWords(m.before), ownWords(m.after)...)
	if m.turn.Agent != "" && m.holds != nil {
		given = append(given, m.holds.Owner)
	}
	for _, said := range m.said {
		if said.From != supportbot.FromBot {
			continue
		}
		if text(said) == "" {
			return "a reply without words"
		}
		for _, words := range []string{said.Text, said.Spoken} {
			if words != "" && !speaks(words, given, lang) {
				return fmt.Sprintf("not %s: %q", lang, words)
			}
		}
		for _, choice := range said.Choices {
			if !strings.HasPrefix(choice.Value, "language:") && !speaks(choice.Label, nil, lang) {
				return fmt.Sprintf("not %s: the button %q", lang, choice.Label)
			}
		}
	}
	return ""
}

// ownWords lists what the person has told, which is repeated as it is.
func ownWords(s dialog.Session) []string {
	var list []string
	for _, f := range s.Stack {
		for _, value := range f.Slots {
			list = append(list, value)
		}
	}
	return list
}

// speaks tells whether words are in a language, but for what was given. Names
// may stand beside them in the other one: "Lakala (拉卡拉)".
func speaks(words string, given []string, lang supportbot.Language) bool {
	chinese, latin := letters(words)
	if lang == supportbot.Chinese {
		return chinese > 0
	}
	if chinese > 0 {
		for _, g := range given {
			words = strings.ReplaceAll(words, g, "")
		}
		chinese, latin = letters(words)
	}
	return foreignNames*chinese <= latin
}

// foreignNames is how many English letters must stand beside a Chinese one.
const foreignNames = 3

func letters(words string) (chinese, latin int) {
	for _, r := range words {
		switch {
		case unicode.Is(unicode.Han, r):
			chinese++
		case unicode.Is(unicode.Latin, r):
			latin++
		}
	}
	return chinese, latin
}

func placeholders(_ *Explorer, _ *conversation, m *moment) string {
	for _, said := range m.said {
		if said.From == supportbot.FromBot && strings.ContainsAny(said.Text+said.Spoken, "{}") {
			return fmt.Sprintf("%q", text(said))
		}
	}
	return ""
}

// limits looks at what was said as the channel says it: the slots filled in, the
// choices below.
func limits(_ *Explorer, c *conversation, m *moment) string {
	for _, said := range m.said {
		if said.From != supportbot.FromBot {
			continue
		}
		if over := beyond(c.channel, m.after.Language, said); over != "" {
			return fmt.Sprintf("%s: %q", over, text(said))
		}
	}
	return ""
}

// beyond names the limit that a message breaks, "" if it keeps them all.
func beyond(channel supportbot.Channel, lang supportbot.Language, said supportbot.Message) string {
	l := channels.LimitsOf(channel)
	if l.Segments > 0 {
		sms := channels.SMS(supportbot.Reply{Text: said.Text, Spoken: said.Spoken, Choices: said.Choices})
		if n := channels.Segments(sms); n > l.Segments {
			return fmt.Sprintf("%d SMS", n)
		}
	}
	if l.Speech > 0 {
		if d := channels.SpeechTime(withoutMenu(said), lang); d > l.Speech {
			return fmt.Sprintf("%.0f s of speech", d.Seconds())
		}
	}
	if l.Choices > 0 && len(said.Choices) > l.Choices {
		return fmt.Sprintf("%d choices", len(said.Choices))
	}
	for _, choice := range said.Choices {
		if most := l.Label[lang]; most > 0 && utf8.RuneCountInString(choice.Label) > most {
			return fmt.Sprintf("the label %q of more than %d characters", choice.Label, most)
		}
		if l.Value > 0 && len(choice.Value) > l.Value {
			return fmt.Sprintf("the value %q of more than %d bytes", choice.Value, l.Value)
		}
	}
	return ""
}

// withoutMenu is what is spoken, but for the choices and their keys.
func withoutMenu(said supportbot.Message) string {
	words := text(said)
	for _, choice := range said.Choices {
		words = strings.ReplaceAll(words, choice.Label+"，请按"+choice.Key+"。", "")
		words = strings.ReplaceAll(words, "Press "+choice.Key+": "+choice.Label+".", "")
	}
	return words
}
