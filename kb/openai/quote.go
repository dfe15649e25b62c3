package openai

import (
	"context"
	"fmt"

	"supportbot"
	"supportbot/kb"
)

// maxQuoted is how many sentences answer a question at most.
const maxQuoted = 3

// quotedSchema is the schema of sentences that cite.
const quotedSchema = `{"type":"object","properties":{"sentences":{"type":"array","items":{"type":"object",` +
	`"properties":{"cite":{"type":"integer"},"text":{"type":"string"}},"required":["cite","text"],"additionalProperties":false}}},` +
	`"required":["sentences"],"additionalProperties":false}`

// cited is what a model answers with.
type cited struct {
	Sentences []struct {
		Cite int    `json:"cite"`
		Text string `json:"text"`
	} `json:"sentences"`
}

// quote has the model answer a question with passages. What it returns stands in
// the guide, or says no more than the sentence that it cites.
func (c *Client) quote(ctx context.Context, d Doubt, passages []supportbot.Passage) ([]supportbot.Passage, supportbot.ModelSaid) {
	type numbered struct {
		N    int    `json:"n"`
		Text string `json:"text"`
	}
	data := struct {
		Question  string     `json:"question"`
		Sentences []numbered `json:"sentences"`
	}{Question: d.Text}
	for i, p := range passages {
		data.Sentences = append(data.Sentences, numbered{i + 1, p.Text})
	}
	var answer cited
	said, err := c.ask(ctx, d.From, newPrompt("answer", answerPrompt, data, quotedSchema, 300), func(said string) error {
		return decode(said, &answer)
	})
	note := c.note("answer", said, err)
	if err != nil {
		return nil, note
	}
	answer = cited{}
	_ = decode(said, &answer) // it was good, and may come from memory
	quoted, err := supported(d.Text, answer, passages)
	switch {
	case err != nil:
		note.Why = err.Error()
	case len(quoted) == 0:
		note.Why = none
	default:
		note.Taken = fmt.Sprint(len(quoted), " passages")
	}
	return quoted, note
}

// supported takes an answer for what it cites, and refuses it whole if one sentence
// says what the guide does not: a model that makes up one thing is not believed
// another. About fraud, money and passwords the guide's own words are given.
func supported(question string, answer cited, passages []supportbot.Passage) ([]supportbot.Passage, error) {
	if len(answer.Sentences) > maxQuoted {
		return nil, fmt.Errorf("it has %d sentences, more than %d", len(answer.Sentences), maxQuoted)
	}
	var quoted []supportbot.Passage
	before := 0
	for _, s := range answer.Sentences {
		if s.Cite <= before || s.Cite > len(passages) {
			return nil, fmt.Errorf("it cites sentence %d of %d, after %d", s.Cite, len(passages), before)
		}
		before = s.Cite
		p := passages[s.Cite-1]
		if fault := beyond(s.Text, p.Text); fault != "" {
			return nil, fmt.Errorf("sentence %d: %s", s.Cite, fault)
		}
		if !kb.Delicate(question) && !kb.Delicate(p.Text) {
			p.Text = s.Text
		}
		quoted = append(quoted, p)
	}
	return quoted, nil
}
