package openai

import (
	"context"
	"regexp"
	"slices"
	"time"

	"supportbot"
	"supportbot/internal/privacy"
	"supportbot/kb"
)

// Doubt is a message that a reader is not sure of.
type Doubt struct {
	From     supportbot.Address
	Text     string // masked
	Question supportbot.Question
	Reading  supportbot.Reading // the reader's
	Reader   *kb.Reader         // of the content that the conversation runs on
	Vector   []float32          // of Text; nil if nobody was asked for it
}

// How long a person waits for the model unless a deployment says otherwise.
const (
	voiceWait = 1200 * time.Millisecond
	chatWait  = 6 * time.Second
)

// Reread gives a reading in which a model was asked, if the reader was not sure:
// with its help, or as it was. It returns in time, whatever the model does.
func (c *Client) Reread(ctx context.Context, d Doubt) supportbot.Reading {
	if !kb.Unsure(d.Reading, d.Question) {
		return d.Reading
	}
	limit := c.chat
	if d.From.Channel.IsVoice() {
		limit = c.voice
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	reading := d.Reading
	d.Text = hide(d.Text, maxAsked)
	if list := meanings(d); len(list) > 0 && d.Text != "" {
		command, said := c.choose(ctx, d, list)
		reading.Model = append(reading.Model, said)
		if command.Kind != "" {
			reading.Commands = []supportbot.Command{command}
			return reading
		}
	}
	if passages := d.Reader.Passages(d.Text, d.Vector, language(d)); len(passages) > 0 {
		quoted, said := c.quote(ctx, d, passages)
		reading.Model = append(reading.Model, said)
		if len(quoted) > 0 {
			reading.Commands = []supportbot.Command{{Kind: supportbot.CmdQuote, Passages: quoted}}
		}
	}
	return reading
}

func language(d Doubt) supportbot.Language {
	for _, l := range []supportbot.Language{d.Reading.Language, d.Question.Language} {
		if l.Valid() {
			return l
		}
	}
	return supportbot.Chinese
}

const (
	maxAsked = 500  // characters of a message that a model reads
	maxKept  = 2000 // characters of an answer that are kept
)

// hide takes out what no model needs, and what must not be kept: secrets, telephone
// numbers, and any longer number.
func hide(text string, most int) string {
	text, _ = privacy.Mask(text, supportbot.Question{})
	text = longNumber.ReplaceAllString(privacy.WithoutMasks(text), "#")
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most])
	}
	return text
}

var longNumber = regexp.MustCompile(`\p{Nd}(?:[ .-]?\p{Nd}){4,}`)

// note is what is kept of an answer.
func (c *Client) note(use, said string, err error) supportbot.ModelSaid {
	m := supportbot.ModelSaid{Use: use, Model: c.model, Said: hide(said, maxKept)}
	if err != nil {
		m.Why = outcomeOf(err)
	}
	return m
}

// urgentAmong tells whether the reader thinks of something that must not be lost
// sight of.
func urgentAmong(d Doubt) bool {
	return slices.ContainsFunc(d.Reading.Candidates[:min(3, len(d.Reading.Candidates))], func(c supportbot.Candidate) bool { return kb.Urgent(c.Topic) })
}
