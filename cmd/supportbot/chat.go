package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"supportbot"
	"supportbot/internal/transcript"
)

type chatCmd struct {
	JSON    bool   `help:"Read {\"text\"}, {\"choice\"}, {\"digits\"} or {\"event\"} and write one JSON object a line."`
	Channel string `help:"The channel to speak as." enum:"web,telegram,sms,voice" default:"web"`
	Lang    string `help:"The language to begin in." enum:"zh,en" default:"zh"`
	Peer    string `help:"Who speaks, with --data: the same conversation goes on under the same name." default:"terminal"`
	Save    string `help:"Save the conversation as a transcript when it ends (not with --data)." placeholder:"FILE" type:"path"`
	Force   bool   `help:"Let --save replace a file that is there."`
}

// conversation is what the chat speaks to: one in memory or one in the store.
type conversation interface {
	play(t transcript.Turn) (answer, error)
}

// answer is one line that the chat writes.
type answer struct {
	Replies []reply             `json:"replies"`
	Flow    string              `json:"flow"`
	Step    string              `json:"step"`
	Topic   string              `json:"topic"`
	Case    *supportbot.CaseRef `json:"case"`
	Ended   bool                `json:"ended"`
}

type reply struct {
	Text    string              `json:"text"`
	Spoken  string              `json:"spoken,omitempty"`
	Choices []supportbot.Choice `json:"choices,omitempty"`
}

// Run holds the conversation.
func (cmd *chatCmd) Run(ctx context.Context, c *cli) error {
	if c.stored() {
		if cmd.Save != "" {
			return errors.New("chat: --save keeps a conversation in memory; leave out --data")
		}
		stored, err := openStored(ctx, c, cmd)
		if err != nil {
			return err
		}
		defer stored.close()
		return cmd.talk(stored)
	}
	if _, err := os.Stat(cmd.Save); cmd.Save != "" && err == nil && !cmd.Force {
		return fmt.Errorf("chat: %s is there already; choose another name, or replace it with --force", cmd.Save)
	}
	content, _, err := c.open()
	if err != nil {
		return err
	}
	r := &rehearsal{
		player: transcript.NewPlayer(content, supportbot.Channel(cmd.Channel), supportbot.Language(cmd.Lang)),
		saved:  transcript.Transcript{Shows: "saved from the terminal", Channel: supportbot.Channel(cmd.Channel), Language: supportbot.Language(cmd.Lang)},
	}
	if err := cmd.talk(r); err != nil {
		return err
	}
	if cmd.Save != "" {
		_, err = r.saved.Save(cmd.Save)
	}
	return err
}

func (cmd *chatCmd) talk(conv conversation) error {
	greeting, err := conv.play(transcript.Turn{Event: "open"})
	if err != nil {
		return err
	}
	if cmd.JSON {
		return talkJSON(conv, greeting)
	}
	return cmd.talkPlain(conv, greeting)
}

// talkJSON writes exactly one line per input line; the greeting joins the first.
func talkJSON(conv conversation, greeting answer) error {
	return eachLine(os.Stdin, func(line []byte) error {
		var in struct{ Text, Choice, Digits, Event string }
		if err := json.Unmarshal(line, &in); err != nil {
			return fmt.Errorf("not a JSON object: %w", err)
		}
		a, err := conv.play(transcript.Turn{User: in.Text, Choice: in.Choice, Digits: in.Digits, Event: in.Event})
		if err != nil {
			return err
		}
		a.Replies = append(greeting.Replies, a.Replies...)
		greeting.Replies = nil
		if a.Replies == nil {
			a.Replies = []reply{}
		}
		return writeJSON(a)
	})
}

const chatHelp = `Type what the merchant says; a number chooses a button, or on voice presses keys. Also:
  /silence  /hangup  /wait 20m
  /agent claim | message TEXT | outcome verified|failed|inconclusive|refused | release | close
Ctrl-D ends.`

func (cmd *chatCmd) talkPlain(conv conversation, greeting answer) error {
	fmt.Println(chatHelp)
	voice := supportbot.Channel(cmd.Channel).IsVoice()
	greeting.print(voice)
	in := bufio.NewScanner(os.Stdin)
	for fmt.Print("\n> "); in.Scan(); fmt.Print("\n> ") {
		turn, ok := typed(strings.TrimSpace(in.Text()), voice)
		if !ok {
			continue
		}
		a, err := conv.play(turn)
		if err != nil {
			fmt.Println("!", err)
			continue
		}
		a.print(voice)
	}
	fmt.Println()
	return in.Err()
}

// typed reads one line of the terminal.
func typed(line string, voice bool) (transcript.Turn, bool) {
	command, rest, _ := strings.Cut(line, " ")
	switch command {
	case "":
		return transcript.Turn{}, false
	case "/silence", "/hangup":
		return transcript.Turn{Event: command[1:]}, true
	case "/wait":
		return transcript.Turn{Wait: rest}, true
	case "/agent":
		return transcript.Turn{Agent: rest}, true
	}
	if voice && strings.Trim(line, "0123456789*#") == "" {
		return transcript.Turn{Digits: line}, true
	}
	return transcript.Turn{User: line}, true
}

// print writes an answer for a person: as the channel would say it.
func (a answer) print(voice bool) {
	for _, r := range a.Replies {
		if voice && r.Spoken != "" {
			fmt.Printf("\n%s\n", r.Spoken)
			continue
		}
		fmt.Printf("\n%s\n", r.Text)
		for _, c := range r.Choices {
			fmt.Printf("  %s  %s\n", c.Key, c.Label)
		}
	}
	if a.Case != nil {
		fmt.Printf("\n[case %s: %s, %s, %s]\n", a.Case.ID, a.Case.Reason, a.Case.Priority, a.Case.State)
	}
}

// rehearsal is a conversation in memory.
type rehearsal struct {
	player *transcript.Player
	saved  transcript.Transcript
}

func (r *rehearsal) play(t transcript.Turn) (answer, error) {
	result, out, err := r.player.PlayOutcome(t)
	if err != nil {
		return answer{}, err
	}
	r.saved.Turns = append(r.saved.Turns, result)
	return answerOf(out), nil
}

// answerOf puts an outcome into the chat's own shape.
func answerOf(out supportbot.Outcome) answer {
	a := answer{Flow: out.Flow, Step: out.Step, Topic: out.Topic, Case: out.Case, Ended: out.Ended}
	for _, m := range out.Replies {
		a.Replies = append(a.Replies, reply{m.Text, m.Spoken, m.Choices})
	}
	return a
}
