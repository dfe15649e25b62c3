package openai

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the prompts
	"encoding/json"
	"fmt"
	"strings"
)

// What the model is told. What people wrote, and articles, come as JSON in the
// other message, never in these.
var (
	//go:embed prompts/read.txt
	readPrompt string
	//go:embed prompts/answer.txt
	answerPrompt string
	//go:embed prompts/summary.txt
	summaryPrompt string
	//go:embed prompts/draft.txt
	draftPrompt string
)

// prompt is one thing that a model is asked.
type prompt struct {
	use    string // what for: "read", "answer", "summary", "draft"
	system string
	user   string
	schema json.RawMessage // of the answer, where all is required and nothing else allowed; nil: words
	out    int             // tokens that the answer may have

	partly func(said string) // gets the answer as far as it has come, as it comes; nil: nobody
}

// newPrompt makes a prompt whose data are JSON. Without a schema the answer is words.
func newPrompt(use, system string, data any, schema string, out int) prompt {
	var user bytes.Buffer
	enc := json.NewEncoder(&user)
	enc.SetEscapeHTML(false)                 // models read < better than \u003c
	if err := enc.Encode(data); err != nil { // only strings, numbers and lists of them
		panic("openai: " + err.Error())
	}
	p := prompt{use: use, system: strings.TrimSpace(system), user: strings.TrimSpace(user.String()), out: out}
	if schema != "" {
		p.schema = json.RawMessage(schema)
	}
	return p
}

// most is what a prompt can use at most.
func (p prompt) most() usage { return usage{tokens(p.system) + tokens(p.user), p.out} }

// key tells one question to one model from others.
type key [sha256.Size]byte

func (p prompt) key(model string) key {
	return sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %s %d", model, p.use, p.system, p.user, p.schema, p.out))
}

// decode reads the one JSON object that a model answered, strictly: no other
// fields, nothing behind it. What some models put around it, thoughts and a fence,
// is taken off.
func decode(said string, into any) error {
	if _, after, thought := strings.Cut(said, "</think>"); thought {
		said = after
	}
	said = strings.TrimSpace(said)
	if fenced, ok := strings.CutPrefix(said, "```"); ok {
		said = strings.TrimSuffix(strings.TrimPrefix(fenced, "json"), "```")
	}
	d := json.NewDecoder(strings.NewReader(said))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%w: %w", errMalformed, err)
	}
	if d.More() {
		return fmt.Errorf("%w: there is more behind it", errMalformed)
	}
	return nil
}
