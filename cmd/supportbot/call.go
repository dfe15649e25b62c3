package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"golang.org/x/term"

	"supportbot/internal/telephone"
)

type callCmd struct {
	URL             string `help:"The server, as Twilio would call it; without it the one that works on --data, on this machine." placeholder:"URL"`
	TwilioAuthToken string `help:"With --url: the token that signs its webhooks." placeholder:"TOKEN" env:"SUPPORTBOT_TWILIO_AUTH_TOKEN"`
	From            string `help:"The caller's number." default:"+8613800138000"`
	To              string `help:"The number that is called." default:"+861080000000"`
	JSON            bool   `help:"Write one JSON object a line." name:"json"`
	Agent           bool   `help:"Be the telephone of every agent, and the exchange that puts callers through: start it first."`
	Wait            bool   `help:"Wait to be called at --from, as who has left that number; beside one with --agent."`
	Say             bool   `help:"Speak through espeak-ng, where it is installed."`
}

const callHelp = `Type keys (1, 0, 9, *) or what you would say; an empty line is silence. Also:
  hangup       hang up, as Ctrl-D does
  until WORDS  only listen until the words are heard, for a minute at most`

// Run holds a call until one side hangs up.
func (cmd *callCmd) Run(ctx context.Context, c *cli) error {
	at := testPhone{URL: cmd.URL, Token: cmd.TwilioAuthToken}
	switch {
	case cmd.URL != "" && cmd.TwilioAuthToken == "":
		return errors.New("call: --url needs the token that signs webhooks, in SUPPORTBOT_TWILIO_AUTH_TOKEN")
	case cmd.URL == "":
		var err error
		if at, err = readTestPhone(c.dataDir()); err != nil {
			return fmt.Errorf("call: %w", err)
		}
	}
	terminal := term.IsTerminal(int(os.Stdin.Fd()))
	t := telephone.Telephone{
		Server: strings.TrimSuffix(at.URL, "/"), Token: at.Token, Exchange: at.Exchange, From: cmd.From, To: cmd.To,
		Hear: heard(cmd.JSON, cmd.Say), Answers: readAnswers(os.Stdin), Patient: terminal,
	}
	if terminal && !cmd.JSON {
		fmt.Println(callHelp)
	}
	switch {
	case cmd.Agent:
		return t.Attend(ctx)
	case cmd.Wait:
		return t.Await(ctx)
	}
	return t.Call(ctx)
}

// readAnswers brings a line each as it comes, and is closed at the end.
func readAnswers(r io.Reader) <-chan telephone.Answer {
	answers := make(chan telephone.Answer)
	go func() {
		defer close(answers)
		in := bufio.NewScanner(r)
		for in.Scan() {
			answers <- readAnswer(strings.TrimSpace(in.Text()))
		}
	}()
	return answers
}

func readAnswer(line string) telephone.Answer {
	words, waits := strings.CutPrefix(line, "until ")
	switch {
	case line == "hangup":
		return telephone.Answer{HangUp: true}
	case waits:
		return telephone.Answer{Until: words}
	case strings.Trim(line, "0123456789*#") == "":
		return telephone.Answer{Keys: line}
	}
	return telephone.Answer{Said: line}
}

// heard returns what prints, and speaks, what happens on the line.
func heard(asJSON, aloud bool) func(telephone.Event) error {
	listening := false
	return func(e telephone.Event) error {
		again := e.Listen && listening
		listening = e.Listen
		if e.Say != "" && aloud {
			speakAloud(e.Language, e.Say)
		}
		switch {
		case asJSON:
			return writeJSON(e)
		case e.Say != "":
			fmt.Println("  " + e.Say)
		case e.Listen && !again: // who waits is listened to again and again
			fmt.Print("> ")
		case e.Note != "":
			fmt.Println("  [" + e.Note + "]")
		case e.Ended:
			fmt.Println("  [the call has ended]")
		}
		return nil
	}
}

// speakAloud does nothing where espeak-ng is not installed.
func speakAloud(language, text string) {
	voice := "en"
	if strings.HasPrefix(language, "zh") {
		voice = "cmn"
	}
	_ = exec.Command("espeak-ng", "-v", voice, "--", text).Run() //nolint:gosec,noctx // no shell reads the text; it ends with its words
}
