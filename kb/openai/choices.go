package openai

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"supportbot"
	"supportbot/kb"
)

// none is the choice of nothing.
const none = "none"

// choiceSchema is the schema of an answer that is one of these ids.
func choiceSchema(ids []string) string {
	enum, _ := json.Marshal(ids) // strings
	return fmt.Sprintf(`{"type":"object","properties":{"choice":{"type":"string","enum":%s}},"required":["choice"],"additionalProperties":false}`, enum)
}

// meaning is one of the things that a message may mean.
type meaning struct {
	command supportbot.Command
	words   string
}

// controls are the steering words that a model may hear in a message, if the reader
// thinks of them first. They undo nothing.
var controls = map[string]meaning{
	"talk-to-agent": {supportbot.Command{Kind: supportbot.CmdAgent}, "wants a human agent"},
	"menu":          {supportbot.Command{Kind: supportbot.CmdMenu}, "asks what can be done here"},
	"repeat":        {supportbot.Command{Kind: supportbot.CmdRepeat}, "asks to hear the last words again"},
	"back":          {supportbot.Command{Kind: supportbot.CmdBack}, "wants to go back to the question before"},
}

// meanings is the closed set that a model chooses from: the topics between which
// the reader does not decide, the answers to the open question, the steering words
// that the reader thinks of first. Out of scope stays out of scope: no topic is
// offered then. Of topics one of which is urgent, only that may be chosen, and no
// answer then stands beside it.
func meanings(d Doubt) []meaning {
	var list []meaning
	lang, q := language(d), d.Question
	for _, command := range d.Reading.Commands { // to clarify
		for _, topic := range command.Topics {
			if kb.Urgent(topic) || !slices.ContainsFunc(command.Topics, kb.Urgent) {
				list = append(list, meaning{supportbot.Command{Kind: supportbot.CmdStart, Topic: topic}, d.Reader.Title(topic, lang)})
			}
		}
	}
	closed := q.Slot.Type == supportbot.SlotEnum || q.Slot.Type == supportbot.SlotBool && !q.Slot.Firm
	if closed && !urgentAmong(d) {
		for _, o := range q.Slot.Options {
			list = append(list, meaning{supportbot.Command{Kind: supportbot.CmdFill, Slot: q.Slot.Name, Value: o.Value}, o.Label[lang]})
		}
	}
	for _, candidate := range d.Reading.Candidates[:min(2, len(d.Reading.Candidates))] {
		if m, ok := controls[candidate.Topic]; ok {
			list = append(list, m)
		}
	}
	return list
}

// choose has the model choose a meaning. It returns no command if the model chose
// none, or is of no help.
func (c *Client) choose(ctx context.Context, d Doubt, list []meaning) (supportbot.Command, supportbot.ModelSaid) {
	type offered struct {
		ID    string `json:"id"`
		Means string `json:"means"`
	}
	data := struct {
		Message string    `json:"message"`
		Asked   string    `json:"asked,omitempty"`
		Choices []offered `json:"choices"`
	}{Message: d.Text, Asked: d.Question.Slot.Name}
	ids := make([]string, 0, len(list)+1)
	for i, m := range list {
		id := strconv.Itoa(i + 1)
		ids = append(ids, id)
		data.Choices = append(data.Choices, offered{id, m.words})
	}
	ids = append(ids, none)
	var chosen struct {
		Choice string `json:"choice"`
	}
	said, err := c.ask(ctx, d.From, newPrompt("read", readPrompt, data, choiceSchema(ids), 20), func(said string) error {
		if err := decode(said, &chosen); err != nil {
			return err
		}
		if !slices.Contains(ids, chosen.Choice) {
			return fmt.Errorf("%w: there is no choice %q", errMalformed, chosen.Choice)
		}
		return nil
	})
	note := c.note("read", said, err)
	if err != nil {
		return supportbot.Command{}, note
	}
	chosen.Choice = "" // from memory, nothing was decoded
	if err := decode(said, &chosen); err != nil || chosen.Choice == none {
		note.Why = none
		return supportbot.Command{}, note
	}
	i, _ := strconv.Atoi(chosen.Choice)
	command := list[i-1].command
	note.Taken = string(command.Kind) + " " + command.Topic + command.Value
	return command, note
}
