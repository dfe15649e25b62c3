package transcript

import (
	"fmt"
	"slices"
	"strings"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/turn"
)

// quoter is a reader beside which a language model answered a question that the
// reader does not understand. Playing a transcript asks nobody.
type quoter struct {
	turn.Reader
	passages []supportbot.Passage
}

// quoting refuses what the articles do not say, or no longer.
func quoting(c turn.Content, quotes []Quote) (turn.Reader, error) {
	q := quoter{Reader: c.Reader}
	for _, quote := range quotes {
		stands := slices.ContainsFunc(c.Book.Articles(), func(a dialog.Article) bool {
			return a.Topic == quote.Topic && slices.ContainsFunc(supportbot.Languages, func(l supportbot.Language) bool {
				text, _ := a.Text.In(l)
				return strings.Contains(text, quote.Text)
			})
		})
		if !stands {
			return nil, fmt.Errorf("quotes: the article %s does not say %q", quote.Topic, quote.Text)
		}
		q.passages = append(q.passages, supportbot.Passage{Topic: quote.Topic, Text: quote.Text})
	}
	return q, nil
}

// Read implements turn.Reader. A message that the reader understands is put to no
// model, and is answered as ever.
func (q quoter) Read(text string, open supportbot.Question) supportbot.Reading {
	reading := q.Reader.Read(text, open)
	if len(reading.Commands) == 0 || reading.Commands[0].Kind == supportbot.CmdClarify {
		reading.Commands = []supportbot.Command{{Kind: supportbot.CmdQuote, Passages: q.passages}}
	}
	return reading
}
