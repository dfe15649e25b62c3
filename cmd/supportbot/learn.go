package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"supportbot"
	"supportbot/internal/learn"
	"supportbot/kb"
)

type learnCmd struct {
	JSON   bool   `help:"One group a line, with all its messages." name:"json"`
	Export string `help:"Add what people have told the meaning of to the files LANG/LABEL.txt of a folder, such as a copy of kb-content/phrases. Read every line before you use them." placeholder:"DIR"`
}

// group is a line of --json.
type group struct {
	Count    int                 `json:"count"`
	Label    string              `json:"label"`  // what they seem to mean, "" if nothing tells
	Chosen   bool                `json:"chosen"` // persons have told so; else it is the reader's guess
	Messages []supportbot.Missed `json:"messages"`
}

// Run lists what was not understood, or makes phrases of it.
func (cmd *learnCmd) Run(ctx context.Context, c *cli) error {
	content, _, err := c.open()
	if err != nil {
		return err
	}
	s, err := c.openExisting(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	lessons := learn.Lessons{Store: s, Reader: func() *kb.Reader { return content.Reader.(*kb.Reader) }}
	groups, err := lessons.Groups(ctx)
	if err != nil {
		return err
	}
	if cmd.Export != "" {
		return exportPhrases(ctx, lessons, groups, cmd.Export)
	}
	if len(groups) == 0 && !cmd.JSON {
		fmt.Println("nothing to learn: every message was understood, or has been dealt with")
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for _, g := range groups {
		if cmd.JSON {
			err = out.Encode(group{len(g.Messages), g.Label, g.Chosen, g.Messages})
		} else {
			_, err = fmt.Printf("%4d × %s%s\n", len(g.Messages), g.Messages[0].Text, meaning(g))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func meaning(g supportbot.Alike) string {
	switch {
	case g.Chosen:
		return "  (people meant " + g.Label + ")"
	case g.Label != "":
		return "  (guessed " + g.Label + ")"
	}
	return ""
}

// exportPhrases adds the groups of which persons have told the meaning to the files
// of a folder.
func exportPhrases(ctx context.Context, lessons learn.Lessons, groups []supportbot.Alike, dir string) error {
	chosen := map[string][]supportbot.MissedID{}
	for _, g := range groups {
		if g.Chosen {
			for _, m := range g.Messages {
				chosen[g.Label] = append(chosen[g.Label], m.ID)
			}
		}
	}
	if len(chosen) == 0 {
		return errors.New("learn: nobody has told what was meant yet; see the groups without --export, or on the console")
	}
	for _, label := range lessons.Labels() {
		if len(chosen[label]) == 0 {
			continue
		}
		files, err := lessons.Export(ctx, label, chosen[label], "")
		if err != nil {
			return err
		}
		for _, f := range files {
			path := filepath.Join(dir, string(f.Language), f.Label+".txt")
			added, err := addLines(path, f.Lines)
			if err != nil {
				return fmt.Errorf("learn: %w", err)
			}
			fmt.Printf("%s: %d lines added\n", path, added)
		}
	}
	return nil
}

// addLines adds lines to the end of a file, which it makes if need be, and returns
// how many were not there yet.
func addLines(path string, lines []string) (added int, err error) {
	have, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	var more strings.Builder
	if len(have) > 0 && !bytes.HasSuffix(have, []byte("\n")) {
		more.WriteByte('\n')
	}
	there := strings.Split(string(have), "\n")
	for _, line := range lines {
		if !slices.Contains(there, line) {
			added++
			more.WriteString(line + "\n")
		}
	}
	if added == 0 {
		return 0, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return 0, err
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return 0, err
	}
	_, err = file.WriteString(more.String())
	return added, errors.Join(err, file.Close())
}
