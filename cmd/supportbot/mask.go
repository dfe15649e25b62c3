package main

import (
	"encoding/json"
	"fmt"
	"os"

	"supportbot"
	"supportbot/internal/privacy"
)

type maskCmd struct {
	JSON bool `help:"Read {\"text\"} and write {\"text\"}, one JSON object a line."`
}

// Run masks every line of standard input.
func (cmd *maskCmd) Run() error {
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
		text, _ := privacy.Mask(in.Text, supportbot.Question{})
		return writeJSON(map[string]string{"text": text})
	})
}
