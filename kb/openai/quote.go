package openai

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

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
	Sentences []citing `json:"sentences"`
}

// citing is a sentence that cites one of the guide, by its number.
type citing struct {
	Cite int    `json:"cite"`
	Text string `json:"text"`
}

// quote has the model answer a question with passages. What it returns stands in
// the guide, or says no more than the sentence that it cites.
//
// Somebody may watch the answer come (supportbot.Provisional): then each sentence is
// shown when it is checked, and what was shown stands, whatever becomes of the rest.
// Unwatched, one sentence that is refused has the whole answer refused.
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
	p := newPrompt("answer", answerPrompt, data, quotedSchema, 300)
	var shown []supportbot.Passage
	if show := supportbot.Provisional(ctx); show != nil {
		p.partly = func(said string) {
			if good, _ := supported(d.Text, begun(said), passages); len(good) > len(shown) {
				shown = good
				show(slices.Clone(shown))
			}
		}
	}
	var answer cited
	said, err := c.ask(ctx, d.From, p, func(said string) error { return decode(said, &answer) })
	note := c.note("answer", said, err)
	var quoted []supportbot.Passage
	if err == nil {
		answer = cited{}
		_ = decode(said, &answer) // it was good, and may come from memory
		if quoted, err = supported(d.Text, answer.Sentences, passages); err != nil {
			note.Why, quoted = err.Error(), nil
		}
	}
	if err != nil {
		quoted = shown
	}
	switch {
	case len(quoted) > 0:
		note.Taken = fmt.Sprint(len(quoted), " passages")
	case note.Why == "":
		note.Why = none
	}
	return quoted, note
}

// begun lists the sentences of an answer that has begun to come, as far as they are
// whole.
func begun(said string) (list []citing) {
	if _, after, thought := strings.Cut(said, "</think>"); thought {
		said = after
	}
	start := strings.IndexByte(said, '[')
	if start < 0 {
		return nil
	}
	if head := strings.Map(visible, said[:start]); strings.TrimPrefix(strings.TrimPrefix(head, "```"), "json") != `{"sentences":` {
		return nil
	}
	d := json.NewDecoder(strings.NewReader(said[start:]))
	d.DisallowUnknownFields()
	if _, err := d.Token(); err != nil {
		return nil
	}
	for d.More() {
		var s citing
		if d.Decode(&s) != nil {
			break
		}
		list = append(list, s)
	}
	return list
}

// visible drops the space that JSON may have between its parts.
func visible(r rune) rune {
	if strings.ContainsRune(" \t\r\n", r) {
		return -1
	}
	return r
}

// supported lists what an answer says as far as the guide supports it. The error says
// why not the whole. A model that makes up one thing is not believed what follows.
// About fraud, money and passwords the guide's own words are given.
func supported(question string, sentences []citing, passages []supportbot.Passage) ([]supportbot.Passage, error) {
	var quoted []supportbot.Passage
	before := 0
	for i, s := range sentences {
		if i == maxQuoted {
			return quoted, fmt.Errorf("it has %d sentences, more than %d", len(sentences), maxQuoted)
		}
		if s.Cite <= before || s.Cite > len(passages) {
			return quoted, fmt.Errorf("it cites sentence %d of %d, after %d", s.Cite, len(passages), before)
		}
		before = s.Cite
		p := passages[s.Cite-1]
		if fault := beyond(s.Text, p.Text); fault != "" {
			return quoted, fmt.Errorf("sentence %d: %s", s.Cite, fault)
		}
		if !kb.Delicate(question) && !kb.Delicate(p.Text) {
			p.Text = s.Text
		}
		quoted = append(quoted, p)
	}
	return quoted, nil
}
