package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"supportbot"
	"supportbot/internal/turn"
)

type askCmd struct {
	JSON  bool   `help:"Write one JSON object a line."`
	Batch bool   `help:"Read JSON lines {\"text\",\"lang\"?} from standard input."`
	Text  string `arg:"" optional:"" help:"The message."`
}

// asked is one line of a batch.
type asked struct {
	Text     string              `json:"text"`
	Language supportbot.Language `json:"lang"`
}

// understood is one line of the answer.
type understood struct {
	Text string `json:"text"`
	supportbot.Reading
}

// Run understands one message or a batch.
func (cmd *askCmd) Run(c *cli) error {
	if cmd.Text == "" && !cmd.Batch {
		return errors.New("ask: give a text, or --batch and JSON lines on standard input")
	}
	content, _, err := c.open()
	if err != nil {
		return err
	}
	if !cmd.Batch {
		return cmd.answer(content.Reader, asked{Text: cmd.Text})
	}
	return eachLine(os.Stdin, func(line []byte) error {
		var a asked
		if err := json.Unmarshal(line, &a); err != nil {
			return err
		}
		return cmd.answer(content.Reader, a)
	})
}

func (cmd *askCmd) answer(r turn.Reader, a asked) error {
	reading := r.Read(a.Text, supportbot.Question{Language: a.Language})
	if reading.Language == "" {
		reading.Language = a.Language
	}
	if reading.Candidates == nil {
		reading.Candidates = []supportbot.Candidate{}
	}
	if cmd.JSON || cmd.Batch {
		reading.Commands = nil
		return writeJSON(understood{a.Text, reading})
	}
	fmt.Printf("%s %s\n", reading.Decision, reading.Topic)
	for _, candidate := range reading.Candidates {
		fmt.Printf("  %.2f  %s\n", candidate.Score, candidate.Topic)
	}
	return nil
}

// maxLine bounds one line of standard input.
const maxLine = 1 << 20

// eachLine calls f for every line that is not empty; an error names the line.
func eachLine(r io.Reader, f func(line []byte) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		if err := f(lines.Bytes()); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return lines.Err()
}

// writeJSON writes one line to standard output, unbuffered.
func writeJSON(v any) error {
	e := json.NewEncoder(os.Stdout)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
