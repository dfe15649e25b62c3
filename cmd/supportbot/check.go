package main

import (
	"fmt"
	"strings"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/lint"
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
	content, base, err := proveContent(files)
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
	if err := lint.Check(files, base, content.Book, time.Now()); err != nil {
		return fmt.Errorf("the content cannot be used:\n%w", err)
	}
	if !cmd.Coverage {
		fmt.Printf("ok: %d flows, %d topics, %d phrases, version %s\n",
			len(content.Book.Flows()), len(base.Topics), len(base.Phrases), content.Book.Version)
	}
	return nil
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
