package openai

import (
	"context"
	"fmt"
	"time"

	"supportbot"
)

// Probe asks the model something easy, and tells which features the endpoint has
// and how long the answer took.
func (c *Client) Probe(ctx context.Context) (string, error) {
	began := time.Now()
	data := map[string]any{"message": "the paper is stuck", "choices": []map[string]string{{"id": "1", "means": "a paper jam"}}}
	_, err := c.ask(ctx, supportbot.Address{}, newPrompt("read", readPrompt, data, choiceSchema([]string{"1", none}), 20), func(said string) error {
		return decode(said, &struct {
			Choice string `json:"choice"`
		}{})
	})
	if err != nil {
		return "", err
	}
	format := "plain text"
	if f := ladder[c.level.Load()].format; f != "" {
		format = string(f)
	}
	return fmt.Sprintf("%s, in %s", format, time.Since(began).Round(time.Millisecond)), nil
}
