package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"supportbot/internal/transcript"
	"supportbot/internal/turn"
	"supportbot/kb"
)

type testCmd struct {
	Paths  []string `arg:"" optional:"" name:"path" help:"Transcripts, folders of them, or content folders (kb-content/transcripts, or transcripts in the --content folder)." type:"path"`
	Update bool     `help:"Write the answers that were given into the transcripts, to be reviewed as a diff."`
}

// Run plays transcripts.
func (cmd *testCmd) Run(c *cli) error {
	paths := cmd.Paths
	if len(paths) == 0 {
		paths = []string{filepath.Join(folderOr(c.Content, "kb-content"), "transcripts")}
	}
	if c.Content == "" && len(cmd.Paths) > 0 {
		c.Content = contentOf(paths[0])
	}
	var r rehearsals
	folders := true
	for _, path := range paths {
		isFolder, err := r.find(path)
		if err != nil {
			return err
		}
		folders = folders && isFolder
	}
	var err error
	if r.content, r.base, err = c.open(); err != nil {
		return err
	}
	for _, file := range r.files {
		r.play(file, cmd.Update)
	}
	if folders {
		r.printCoverage()
	}
	if cmd.Update {
		fmt.Printf("%d files written\n", r.written)
	}
	fmt.Printf("%d passed, %d failed\n", r.passed, r.failed)
	if r.failed > 0 {
		return fmt.Errorf("test: %d transcripts failed; if the new answers are right, run again with --update", r.failed)
	}
	return nil
}

// rehearsals are the transcripts that are played together.
type rehearsals struct {
	content                 turn.Content
	base                    *kb.Base
	files                   []string
	visited                 map[string]bool // steps, "flow/step"
	passed, failed, written int
}

// find adds the transcripts that a path names, and tells whether it is a folder.
// A file there that would not be played has failed.
func (r *rehearsals) find(path string) (folder bool, err error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("test: there is no file or folder %s", path)
	}
	if err != nil {
		return false, fmt.Errorf("test: %w", err)
	}
	if !info.IsDir() {
		r.files = append(r.files, shorter(path))
		return false, nil
	}
	if isContent(path) {
		path = filepath.Join(path, "transcripts")
	}
	files, strangers, err := transcript.Files(path)
	if err != nil {
		return true, fmt.Errorf("test: %w", err)
	}
	if len(files)+len(strangers) == 0 {
		return true, fmt.Errorf("test: no transcripts (*.yaml) in %s", path)
	}
	for _, file := range strangers {
		r.fail(shorter(file), "this file is not read; names here end in .yaml")
	}
	for _, file := range files {
		r.files = append(r.files, shorter(file))
	}
	return true, nil
}

func (r *rehearsals) fail(file, why string) {
	r.failed++
	fmt.Printf("FAIL %s: %s\n", file, why)
}

// play plays one transcript. One that cannot be read fails, and the others are
// played all the same.
func (r *rehearsals) play(file string, update bool) {
	want, err := transcript.Load(file)
	if err != nil {
		r.fail(file, "it cannot be played")
		fmt.Printf("  %v\n", err)
		return
	}
	result := transcript.Run(r.content, want)
	if r.visited == nil {
		r.visited = map[string]bool{}
	}
	for step := range result.Visited {
		r.visited[step] = true
	}
	if update && len(result.Got.Turns) == len(want.Turns) {
		r.update(file, result.Got)
		return
	}
	if len(result.Faults) == 0 {
		r.passed++
		return
	}
	r.fail(file, want.Shows)
	for _, fault := range result.Faults {
		fmt.Printf("  %s\n", fault)
	}
}

func (r *rehearsals) update(file string, got transcript.Transcript) {
	changed, err := got.Save(file)
	if err != nil {
		r.fail(file, err.Error())
		return
	}
	r.passed++
	if changed {
		r.written++
		fmt.Printf("written: %s\n", file)
	}
}

// isContent tells a folder of content.
func isContent(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "topics.yaml"))
	return err == nil
}

// contentOf is the folder of content that a path is or whose transcripts it
// names, "" for none: a transcript is meant to be played on the content beside it.
func contentOf(path string) string {
	if isContent(path) {
		return path
	}
	if filepath.Base(path) != "transcripts" {
		path = filepath.Dir(path)
	}
	if content := filepath.Dir(path); filepath.Base(path) == "transcripts" && isContent(content) {
		return content
	}
	return ""
}

func folderOr(dir, other string) string {
	if dir == "" {
		return other
	}
	return dir
}

// shorter is a file as seen from here, where that is nearer.
func shorter(file string) string {
	here, err := os.Getwd()
	if err != nil {
		return file
	}
	if relative, err := filepath.Rel(here, file); err == nil && len(relative) < len(file) {
		return relative
	}
	return file
}
