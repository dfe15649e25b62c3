package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"supportbot/dialog"
	"supportbot/internal/lint"
	"supportbot/internal/transcript"
	"supportbot/kb"
)

type testCmd struct {
	Dir    string `arg:"" optional:"" help:"Folder of transcripts (kb-content/transcripts, or transcripts in the --content folder)." type:"path"`
	Update bool   `help:"Write the answers that were given into the transcripts, to be reviewed as a diff."`
}

// Run plays all transcripts of a folder.
func (cmd *testCmd) Run(c *cli) error {
	content, base, err := c.open()
	if err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(cmd.dir(c), "*.yaml"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("test: no transcripts (*.yaml) in %s", cmd.dir(c))
	}
	failed := 0
	visited := map[string]bool{}
	for _, file := range files {
		want, err := transcript.Load(file)
		if err != nil {
			return err
		}
		result := transcript.Run(content, want)
		for step := range result.Visited {
			visited[step] = true
		}
		if cmd.Update && len(result.Got.Turns) == len(want.Turns) {
			if err := writeTranscript(file, result.Got); err != nil {
				return err
			}
			continue
		}
		if len(result.Faults) > 0 {
			failed++
			fmt.Printf("FAIL %s: %s\n", file, want.Shows)
			for _, fault := range result.Faults {
				fmt.Printf("  %s\n", fault)
			}
		}
	}
	printCovered("steps", stepsOf(content.Book), func(step string) bool { return visited[step] })
	facts := map[string]bool{}
	for _, fact := range lint.Told(base, content.Book, visited) {
		facts[fact.ID] = true
	}
	printCovered("facts", factsOf(base), func(fact string) bool { return facts[fact] })
	fmt.Printf("%d passed, %d failed\n", len(files)-failed, failed)
	if failed > 0 {
		return fmt.Errorf("test: %d transcripts failed; if the new answers are right, run again with --update", failed)
	}
	return nil
}

func stepsOf(book *dialog.Book) []string {
	var steps []string
	for _, flow := range book.Flows() {
		for _, step := range book.Steps(flow) {
			steps = append(steps, flow+"/"+step)
		}
	}
	return steps
}

func factsOf(base *kb.Base) []string {
	var ids []string
	for _, fact := range base.Facts {
		ids = append(ids, fact.ID)
	}
	return ids
}

// printCovered names what no transcript shows, and the share that some do.
func printCovered(what string, all []string, covered func(string) bool) {
	n := 0
	for _, one := range all {
		if covered(one) {
			n++
		} else {
			fmt.Printf("not covered: %s\n", one)
		}
	}
	fmt.Printf("%s covered: %d of %d (%d%%)\n", what, n, len(all), 100*n/max(len(all), 1))
}

func (cmd *testCmd) dir(c *cli) string {
	switch {
	case cmd.Dir != "":
		return cmd.Dir
	case c.Content != "":
		return filepath.Join(c.Content, "transcripts")
	}
	return filepath.Join("kb-content", "transcripts")
}

func writeTranscript(file string, t transcript.Transcript) error {
	var out bytes.Buffer
	if err := t.Write(&out); err != nil {
		return err
	}
	return os.WriteFile(file, out.Bytes(), 0o644)
}
