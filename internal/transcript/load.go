package transcript

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/authoring"
)

// channels are those that a conversation can be held on.
var channels = append([]supportbot.Channel{supportbot.Terminal}, supportbot.Channels...)

// Load reads a transcript. What is wrong with it is told all at once: an error a
// line, each with file, line and remedy.
func Load(file string) (Transcript, error) {
	var t Transcript
	data, err := os.ReadFile(file)
	if err != nil {
		return t, fmt.Errorf("transcript: %w", err)
	}
	text := string(data)
	faults, ok := authoring.Decode(text, &t)
	if ok && !t.Language.Valid() {
		faults = append(faults, authoring.Fault{Line: lineOf(text, "language"), Text: fmt.Sprintf("language is %q; write zh or en", t.Language)})
	}
	if ok && !slices.Contains(channels, t.Channel) {
		faults = append(faults, authoring.Fault{Line: lineOf(text, "channel"), Text: fmt.Sprintf("channel is %q; write one of %s", t.Channel, strings.ReplaceAll(strings.Trim(fmt.Sprint(channels), "[]"), " ", ", "))})
	}
	return t, joined(file, faults)
}

// gone is what transcripts call a flow or a step that the content once had.
const gone = "gone"

// Check reads a transcript and holds it against flows, without playing it: the
// places that it names must be there, unless it says that they are gone.
func Check(file string, book *dialog.Book) error {
	t, err := Load(file)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("transcript: %w", err)
	}
	var faults []authoring.Fault
	there := func(line int, flow, step string) {
		switch {
		case flow == "" && step == "", flow == gone, step == gone:
		case !slices.Contains(book.Flows(), flow):
			faults = append(faults, authoring.Fault{Line: line, Text: fmt.Sprintf("there is no flow %q%s", flow, authoring.Suggest(flow, book.Flows()))})
		case !slices.Contains(book.Steps(flow), step):
			faults = append(faults, authoring.Fault{Line: line, Text: fmt.Sprintf("flow %s has no step %q%s", flow, step, authoring.Suggest(step, book.Steps(flow)))})
		}
	}
	if t.From != nil {
		there(lineOf(string(data), "from"), t.From.Flow, t.From.Step)
	}
	lines := turnLines(data)
	for i, turn := range t.Turns {
		flow, step, _ := strings.Cut(turn.At, "/")
		there(lines[i], flow, step)
	}
	return joined(file, faults)
}

// Files lists the transcripts of a folder, and what else is there and would not
// be read.
func Files(dir string) (files, strangers []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("transcript: %w", err)
	}
	for _, e := range entries {
		switch name := filepath.Join(dir, e.Name()); {
		case e.IsDir(), authoring.Litter(e.Name()):
		case filepath.Ext(name) == ".yaml":
			files = append(files, name)
		default:
			strangers = append(strangers, name)
		}
	}
	return files, strangers, nil
}

// turnLines are the lines at which the turns begin.
func turnLines(data []byte) []int {
	var file struct {
		Turns []yaml.Node `yaml:"turns"`
	}
	var lines []int
	if yaml.NewDecoder(bytes.NewReader(data)).Decode(&file) == nil {
		for _, turn := range file.Turns {
			lines = append(lines, turn.Line)
		}
	}
	return lines
}

// lineOf is where a key of the file itself stands, 1 if it is missing.
func lineOf(text, key string) int {
	for i, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, key+":") {
			return i + 1
		}
	}
	return 1
}

func joined(file string, faults []authoring.Fault) error {
	var errs []error
	for _, f := range faults {
		errs = append(errs, fmt.Errorf("%s:%d: %s", file, f.Line, f.Text))
	}
	return errors.Join(errs...)
}
