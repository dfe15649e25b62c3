package openai

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"supportbot"
)

const (
	// maxRead is how many messages of a conversation a model reads, the last.
	maxRead = 30
	// maxWritten is how many tokens a note or a draft may have.
	maxWritten = 300
)

// Summary is what a case is about, in at most three sentences, for its agent.
func (c *Client) Summary(ctx context.Context, one supportbot.Case, transcript []supportbot.Message) (string, error) {
	return c.write(ctx, "summary", summaryPrompt, one, transcript)
}

// Draft is a next message to the person of a case, for its agent to change.
func (c *Client) Draft(ctx context.Context, one supportbot.Case, transcript []supportbot.Message) (string, error) {
	return c.write(ctx, "draft", draftPrompt, one, transcript)
}

// write has the model write from a conversation. What holds a number or an address
// that is not there, or claims what only people can do, is an error.
func (c *Client) write(ctx context.Context, use, system string, one supportbot.Case, transcript []supportbot.Message) (string, error) {
	type line struct {
		From string `json:"from"`
		Text string `json:"text"`
	}
	type fact struct {
		Title string `json:"title"`
		Value string `json:"value"`
	}
	data := struct {
		Language   supportbot.Language `json:"language"`
		Goal       string              `json:"goal"`
		Known      []fact              `json:"known"`
		Transcript []line              `json:"transcript"`
	}{Language: one.Language, Goal: hide(one.Packet.Goal, maxAsked)}
	for _, s := range one.Packet.Slots {
		data.Known = append(data.Known, fact{s.Title, hide(s.Label, maxAsked)})
	}
	for _, m := range transcript[max(0, len(transcript)-maxRead):] {
		data.Transcript = append(data.Transcript, line{string(m.From), hide(m.Text, maxAsked)})
	}
	p := newPrompt(use, system, data, "", maxWritten)
	said, err := c.ask(ctx, supportbot.Address{Channel: "case", Peer: one.ID}, p, func(said string) error {
		if fault := unfounded(said, p.user); fault != "" {
			return fmt.Errorf("%w: %s", errMalformed, fault)
		}
		return nil
	})
	return written(said), err
}

// written is what a model wrote, without its thoughts.
func written(said string) string {
	if _, after, thought := strings.Cut(said, "</think>"); thought {
		said = after
	}
	return strings.TrimSpace(said)
}

// claims are what only a person can do, and what no agent may ask for.
var claims = regexp.MustCompile(`已(经)?(通过|完成)?(验证|核实|核验|重置|解绑|退款|解冻|退还)|验证(已)?(通过|成功)|(告诉|提供|发|说|报|给|把)(给)?(我|我们)?(一下)?[您你]?的?(银行卡|支付|登录)?(密码|验证码|卡号)|` +
	`\b(is|are|was|were|been|have|has|successfully) (now |been )?(verified|reset|refunded|unlocked|unbound|bound)\b|(your|the) (full )?(password|pin|code|card number)\b.{0,20}\b(tell|send|give)|(tell|send|give) (me|us) .{0,20}\b(password|pin|code|card number)\b`)

// unfounded tells what in a text for agents has no ground in what it was made from,
// "" if nothing is wrong.
func unfounded(said, source string) string {
	say, src := plain(written(said)), plain(source)
	if say == "" {
		return "it is empty"
	}
	for _, t := range tellings[:2] { // addresses and numbers
		for _, found := range t.words.FindAllString(say, -1) {
			if !strings.Contains(src, found) {
				return fmt.Sprintf("%s that is not in the conversation: %q", t.what, found)
			}
		}
	}
	if claim := claims.FindString(say); claim != "" {
		return fmt.Sprintf("a claim that no model may make: %q", claim)
	}
	return ""
}
