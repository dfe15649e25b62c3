package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"supportbot"
	"supportbot/internal/privacy"
)

type maskCmd struct {
	JSON bool `help:"Read {\"conversation\",\"text\"} and write {\"text\"}, one JSON object a line. Lines of one conversation are masked together."`
}

// Run masks every line of standard input.
func (cmd *maskCmd) Run() error {
	conversations := spoken{}
	return eachLine(os.Stdin, func(line []byte) error {
		if !cmd.JSON {
			text, _ := privacy.Mask(string(line), supportbot.Question{})
			_, err := fmt.Println(text)
			return err
		}
		var in struct {
			Conversation string `json:"conversation"`
			Text         string `json:"text"`
		}
		if err := json.Unmarshal(line, &in); err != nil {
			return err
		}
		return writeJSON(conversations.mask(in.Conversation, privacy.Said{Text: in.Text, At: time.Now()}))
	})
}

// spoken is what was said lately, by conversation.
type spoken map[string][]privacy.Said

// masked is what `mask --json` writes for a line.
type masked struct {
	Text string `json:"text"`
	// Earlier are texts of the conversation that this line shows to hold a part
	// of a secret: by how many of its lines ago, 1 for the last.
	Earlier map[int]string `json:"earlier,omitempty"`
}

// mask masks a message after those of its conversation. Without a conversation
// it stands alone.
func (s spoken) mask(conversation string, now privacy.Said) masked {
	if conversation == "" {
		text, _ := privacy.Mask(now.Text, supportbot.Question{})
		return masked{Text: text}
	}
	said := s[conversation]
	for len(said) > 0 && now.At.Sub(said[0].At) > privacy.SplitLimit {
		said = said[1:]
	}
	text, _, changed := privacy.MaskAfter(said, now, supportbot.Question{})
	out := masked{Text: text}
	for i, text := range changed {
		if out.Earlier == nil {
			out.Earlier = map[int]string{}
		}
		out.Earlier[len(said)-i] = text
		said[i].Text = text
	}
	s[conversation] = append(said, privacy.Said{Text: text, At: now.At})
	return out
}
