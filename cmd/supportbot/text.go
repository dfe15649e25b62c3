package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/term"

	"supportbot/internal/telephone"
)

type textCmd struct {
	From     string `help:"The telephone's number." default:"+8613800138000"`
	WhatsApp bool   `help:"Write on WhatsApp, until a message comes by SMS." name:"whatsapp"`
	JSON     bool   `help:"Write one JSON object a message." name:"json"`
}

const textHelp = `Type what you would write; the answers come here. Also:
  picture FILE [WORDS]  send a picture
  until WORDS           only read until the words come, for a minute at most
  quit                  as Ctrl-D does`

// untilLimit is how long words are waited for.
const untilLimit = time.Minute

// Run writes and reads messages until its input ends. What is written goes the way in
// which the last message came.
func (cmd *textCmd) Run(ctx context.Context, c *cli) error {
	at, err := readTestPhone(c.dataDir())
	if err != nil {
		return fmt.Errorf("text: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	phone := telephone.Handset{Server: strings.TrimSuffix(at.URL, "/"), Token: at.Token, From: cmd.From}
	_, begin, err := phone.Read(ctx, -1)
	if err != nil {
		return fmt.Errorf("text: %w", err)
	}
	if term.IsTerminal(int(os.Stdin.Fd())) && !cmd.JSON {
		fmt.Println(textHelp)
	}
	letters, typed, failed := make(chan telephone.Letter), readLines(), make(chan error, 1)
	go func() { failed <- receive(ctx, phone, begin, letters) }()
	over := "sms"
	if cmd.WhatsApp {
		over = "whatsapp"
	}
	lines, until, late := typed, "", (<-chan time.Time)(nil)
	for {
		select {
		case l := <-letters:
			over = l.Over
			if err := cmd.show(l); err != nil {
				return err
			}
			if until != "" && strings.Contains(l.Text, until) {
				lines, until, late = typed, "", nil
			}
		case <-late:
			return fmt.Errorf("text: %q did not come within %s", until, untilLimit)
		case line, more := <-lines:
			if !more || line == "quit" {
				return nil
			}
			if words, waits := strings.CutPrefix(line, "until "); waits {
				lines, until, late = nil, words, time.After(untilLimit)
				continue
			}
			if err := sendLine(ctx, phone, over, line); err != nil {
				return fmt.Errorf("text: %w", err)
			}
		case err := <-failed:
			return fmt.Errorf("text: %w", err)
		}
	}
}

func (cmd *textCmd) show(l telephone.Letter) error {
	if cmd.JSON {
		return writeJSON(l)
	}
	fmt.Printf("  [%s] %s\n", l.Over, strings.ReplaceAll(l.Text, "\n", "\n  "))
	return nil
}

// receive brings the letters to a telephone, until it fails or ctx ends.
func receive(ctx context.Context, phone telephone.Handset, after int, letters chan<- telephone.Letter) error {
	for {
		mine, next, err := phone.Read(ctx, after)
		if err != nil {
			return err
		}
		after = next
		for _, l := range mine {
			select {
			case letters <- l:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
}

func readLines() <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		for in := bufio.NewScanner(os.Stdin); in.Scan(); {
			lines <- strings.TrimSpace(in.Text())
		}
	}()
	return lines
}

// sendLine sends what was typed.
func sendLine(ctx context.Context, phone telephone.Handset, over, line string) error {
	note := telephone.Note{Over: over, Text: line}
	if rest, ok := strings.CutPrefix(line, "picture "); ok {
		file, words, _ := strings.Cut(strings.TrimSpace(rest), " ")
		data, err := os.ReadFile(filepath.Clean(file))
		if err != nil {
			return err
		}
		note.Picture, note.Kind, note.Text = data, http.DetectContentType(data), words
	}
	if note.Text == "" && note.Picture == nil {
		return nil
	}
	if err := phone.Send(ctx, note); err != nil {
		return errors.Join(errors.New("the message was not taken"), err)
	}
	return nil
}
