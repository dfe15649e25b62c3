package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/lint"
	"supportbot/internal/transcript"
	"supportbot/kb"
)

type checkCmd struct {
	Dir      string `arg:"" optional:"" help:"The content folder; the content built in if none is given." type:"path"`
	Coverage bool   `help:"List which fact is taught where, and how far each topic is from the menu."`
	Graph    string `help:"Draw a flow in the language of mermaid.js." placeholder:"FLOW"`
}

// Run checks a content folder.
func (cmd *checkCmd) Run(c *cli) error {
	if cmd.Dir != "" {
		c.Content = cmd.Dir
	}
	files, err := folder(c.Content)
	if err != nil {
		return err
	}
	content, base, err := proveContent(files, kb.NewReader)
	if err != nil {
		return fmt.Errorf("the content cannot be used:\n%w", err)
	}
	if cmd.Graph != "" {
		graph, err := content.Book.Mermaid(cmd.Graph)
		if err != nil {
			return err
		}
		fmt.Print(graph)
		return nil
	}
	if cmd.Coverage {
		printCoverage(content.Book, base)
	}
	transcripts, err := checkTranscripts(c.Content, content.Book)
	if err := errors.Join(lint.Check(files, base, content.Book, time.Now()), err); err != nil {
		return fmt.Errorf("the content cannot be used:\n%w", err)
	}
	if !cmd.Coverage {
		fmt.Printf("ok: %d flows, %d topics, %d phrases, %sversion %s\n",
			len(content.Book.Flows()), len(base.Topics), len(base.Phrases), transcripts, content.Book.Version)
	}
	for _, note := range lint.Phrases(base) {
		fmt.Println("note: " + note)
	}
	if unseen := lint.Unseen(base, content.Book); len(unseen) > 0 {
		fmt.Printf("note: nobody gets to see the articles of %s: these topics start flows. What an article teaches, its flow must say, or a step of it: say: {article: TOPIC}\n", strings.Join(unseen, ", "))
	}
	return nil
}

// checkTranscripts reads the transcripts of a content folder and says how many
// there are. They are no part of a version, so none need be there.
func checkTranscripts(dir string, book *dialog.Book) (count string, err error) {
	if dir == "" {
		return "", nil
	}
	files, strangers, err := transcript.Files(filepath.Join(dir, "transcripts"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	errs := []error{err}
	for _, file := range strangers {
		errs = append(errs, fmt.Errorf("%s:1: this file is not read; names here end in .yaml", shorter(file)))
	}
	for _, file := range files {
		errs = append(errs, transcript.Check(shorter(file), book))
	}
	return fmt.Sprintf("%d transcripts, ", len(files)), errors.Join(errs...)
}

// printCoverage lists every fact of the guide with the places that teach it, and
// every topic with the number of choices between the menu and it.
func printCoverage(book *dialog.Book, base *kb.Base) {
	facts := lint.Coverage(base, book)
	missing := 0
	for _, f := range facts {
		places := strings.Join(f.Places, ", ")
		if places == "" {
			places = "TAUGHT NOWHERE"
			missing++
		}
		fmt.Printf("%-5s %s → %s\n", f.ID, short(f.Text[supportbot.Chinese]), places)
	}
	fmt.Printf("\n%d facts, %d taught nowhere\n\n", len(facts), missing)

	fmt.Println("Choices from the menu to a topic:")
	distances := lint.Distances(base, book)
	for _, t := range base.Topics {
		if presses, ok := distances[t.ID]; ok {
			fmt.Printf("%d  %s\n", presses, t.ID)
		} else {
			fmt.Printf("-  %s (NO CHOICE LEADS TO IT)\n", t.ID)
		}
	}
}

// short is the beginning of a fact, enough to know it again.
func short(fact string) string {
	if letters := []rune(fact); len(letters) > 24 {
		return string(letters[:24]) + "…"
	}
	return fact
}
