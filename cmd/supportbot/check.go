package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"supportbot/dialog"
	"supportbot/kb"
)

type checkCmd struct {
	Dir      string `arg:"" optional:"" help:"The content folder; the content built in if none is given." type:"path"`
	Coverage bool   `help:"List which fact is taught where."`
	Graph    string `help:"Draw a flow in the language of mermaid.js." placeholder:"FLOW"`
}

// Run checks a content folder.
func (cmd *checkCmd) Run(c *cli) error {
	if cmd.Dir != "" {
		c.Content = cmd.Dir
	}
	content, base, err := c.open()
	if err != nil {
		return fmt.Errorf("the content cannot be used:\n%w", err)
	}
	switch {
	case cmd.Graph != "":
		graph, err := content.Book.Mermaid(cmd.Graph)
		if err != nil {
			return err
		}
		fmt.Print(graph)
	case cmd.Coverage:
		printCoverage(content.Book, base)
	default:
		fmt.Printf("ok: %d flows, %d topics, %d phrases, version %s\n",
			len(content.Book.Flows()), len(base.Topics), len(base.Phrases), content.Book.Version)
	}
	return nil
}

// printCoverage lists every fact that is taught, and the parts of the guide
// that a topic names and nothing teaches.
func printCoverage(book *dialog.Book, base *kb.Base) {
	taught := book.Taught()
	for _, t := range base.Topics {
		if a, ok := base.Article(t.ID); ok {
			for _, fact := range a.Teaches {
				taught[fact] = append(taught[fact], "articles/"+t.ID)
			}
		}
	}
	facts := slices.Sorted(maps.Keys(taught))
	for _, fact := range facts {
		fmt.Printf("%-6s %s\n", fact, strings.Join(taught[fact], ", "))
	}
	for _, t := range base.Topics {
		for _, part := range t.Facts {
			covered := func(fact string) bool { return strings.HasPrefix(fact, part) }
			if !slices.ContainsFunc(facts, covered) {
				fmt.Printf("%-6s (taught nowhere; topic %s names it)\n", part, t.ID)
			}
		}
	}
}
