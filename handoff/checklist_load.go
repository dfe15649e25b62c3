package handoff

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"supportbot"
	"supportbot/internal/authoring"
)

// folder is where content keeps its checklists.
const folder = "checks"

// LoadChecklists reads and proves checks/*.yaml of a content folder, none if there is
// none. flows are those that may hand over. The error holds all that is wrong, a line
// each, with file and line.
func LoadChecklists(content fs.FS, flows []string) (Checklists, error) {
	entries, err := fs.ReadDir(content, folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("handoff: list checks: %w", err)
	}
	l := loader{flows: flows, lists: Checklists{}, from: map[string]string{}}
	for _, e := range entries {
		l.file = path.Join(folder, e.Name())
		switch {
		case authoring.Litter(l.file):
		case e.IsDir() || path.Ext(l.file) != ".yaml":
			l.fail(1, "this is not read; checklists are files here that end in .yaml")
		default:
			data, err := fs.ReadFile(content, l.file)
			if err != nil {
				return nil, fmt.Errorf("handoff: read checks: %w", err)
			}
			l.read(string(data))
		}
	}
	return l.lists, errors.Join(l.problems...)
}

// loader reads all files, and goes on after a mistake.
type loader struct {
	flows    []string
	lists    Checklists
	from     map[string]string // the file of each reason
	file     string
	root     *yaml.Node // of the file
	problems []error
}

func (l *loader) fail(line int, format string, args ...any) {
	l.problems = append(l.problems, fmt.Errorf("%s:%d: %s", l.file, line, fmt.Sprintf(format, args...)))
}

func (l *loader) read(text string) {
	var in list
	before := len(l.problems)
	if !l.decode(text, &in) {
		return
	}
	l.check(in)
	if len(l.problems) > before {
		return
	}
	reasons := in.Reasons
	if len(reasons) == 0 {
		reasons = []string{""}
	}
	for _, reason := range reasons {
		l.lists[reason] = in.rule()
	}
}

// decode reads the file into a struct, and keeps its nodes for line. It tells whether
// there is something to go on with.
func (l *loader) decode(text string, in any) bool {
	faults, readable := authoring.Decode(text, in)
	for _, f := range faults {
		l.fail(f.Line, "%s", f.Text)
	}
	var doc yaml.Node
	if !readable || yaml.Load([]byte(text), &doc, authoring.Limits) != nil || len(doc.Content) == 0 {
		if len(faults) == 0 {
			l.fail(1, "this file is empty; fill it or take it out")
		}
		return false
	}
	l.root = doc.Content[0]
	return true
}

var (
	idPattern    = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	fieldPattern = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
)

// check refuses what cannot work, and what could never be fulfilled.
func (l *loader) check(in list) {
	if in.Checks == "" {
		l.fail(1, "the checklist has no name; write checks: NAME")
	}
	l.reasons(in.Reasons)
	if len(in.Items) == 0 {
		l.fail(1, "the checklist has no items")
	}
	must := 0
	seen := map[string]bool{}
	for i, item := range in.Items {
		l.item(i, item)
		if seen[item.ID] {
			l.fail(l.line("items", i, "id"), "item %s stands here a second time; keep one", item.ID)
		}
		seen[item.ID] = true
		if item.Must {
			must++
		}
	}
	if in.Need < 0 || in.Need > len(in.Items) {
		l.fail(l.line("need"), "need is %d, and there are %d items; write how many must match, 0 if the list is advice", in.Need, len(in.Items))
	}
	if in.Need > 0 && must > in.Need {
		l.fail(l.line("need"), "%d items must match, and need is %d; raise need, or take must away", must, in.Need)
	}
	if in.Need == 0 && (in.Approval || must > 0 || in.Kinds > 0 || in.OnlyWithReference) {
		l.fail(l.line("need"), "must, kinds, approval and only_with_reference hold nobody to anything while need is 0; write need")
	}
	if have := in.kinds(); in.Kinds < 0 || in.Kinds > len(have) || in.Kinds > max(in.Need, 0) {
		l.fail(l.line("kinds"), "kinds is %d, need is %d, and the items are of %d kinds (%s); write a number that can be reached", in.Kinds, in.Need, len(have), strings.Join(have, ", "))
	}
	if in.Attempts < 0 || in.Attempts > 0 && in.Attempts < in.Need {
		l.fail(l.line("attempts"), "attempts is %d, and %d items must match; allow as many at least", in.Attempts, in.Need)
	}
	if d, err := time.ParseDuration(in.ValidFor); in.ValidFor != "" && (err != nil || d < time.Minute || d > maxHold) {
		l.fail(l.line("valid_for"), "valid_for must be a time from 1m to %s, such as 30m, not %q", maxHold, in.ValidFor)
	}
}

func (l *loader) reasons(reasons []string) {
	keys := reasons
	if len(keys) == 0 {
		keys = []string{""}
	}
	for i, reason := range keys {
		line := l.line("reasons", i)
		if reason != "" && !slices.Contains(l.flows, reason) {
			l.fail(line, "there is no flow %q%s", reason, authoring.Suggest(reason, l.flows))
		}
		if other, taken := l.from[reason]; taken {
			l.fail(line, "%s is also in %s; keep one", reasonName(reason), other)
		}
		l.from[reason] = l.file
	}
}

func reasonName(reason string) string {
	if reason == "" {
		return "a checklist without reasons, which is for all others,"
	}
	return "the reason " + reason
}

func (l *loader) item(i int, in item) {
	line := func(key string) int { return l.line("items", i, key) }
	if !idPattern.MatchString(in.ID) {
		l.fail(line("id"), "id %q must be small letters, digits and -", in.ID)
	}
	for lang, text := range map[supportbot.Language]string{supportbot.Chinese: in.Title.Zh, supportbot.English: in.Title.En} {
		if strings.TrimSpace(text) == "" {
			l.fail(line("title"), "title has no %s; write it in zh and en", lang)
		}
	}
	named, known := means[in.Means]
	switch {
	case !known:
		l.fail(line("means"), "means %q is not known%s", in.Means, authoring.Suggest(string(in.Means), meansNames()))
	case named && !fieldPattern.MatchString(in.Field):
		l.fail(line("field"), "field %q must name a column of the reference data: small letters, digits and _", in.Field)
	case !named && in.Field != "":
		l.fail(line("field"), "%s compares nothing; take field away", in.Means)
	case secretField.MatchString(in.Field):
		l.fail(line("field"), "field %s is a secret; passwords, PINs, codes and full card numbers are never asked for", in.Field)
	}
	if in.Attempts < 0 || in.Attempts > maxAttempts {
		l.fail(line("attempts"), "attempts must be from 1 to %d", maxAttempts)
	}
}

// secretField is a name of what nobody may be asked for.
var secretField = regexp.MustCompile(`passw|pin$|^pin|cvv|cvc|otp|sms_?code|card_?(no|number)|secret`)

// line is where a value stands, or what is nearest around it.
func (l *loader) line(path ...any) int {
	at := l.root
	for _, step := range path {
		next := below(at, step)
		if next == nil {
			break
		}
		at = next
	}
	return at.Line
}

func below(n *yaml.Node, step any) *yaml.Node {
	switch step := step.(type) {
	case int:
		if n.Kind == yaml.SequenceNode && step < len(n.Content) {
			return n.Content[step]
		}
	case string:
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == step {
				return n.Content[i+1]
			}
		}
	}
	return nil
}
