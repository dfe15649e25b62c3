package dialog

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"supportbot"
	"supportbot/internal/authoring"
)

// Patterns is the file of the flows that repair and steer: those built in, or
// the content's own.
const Patterns = "patterns.yaml"

//go:embed patterns.yaml
var patterns []byte

// Load reads flows/*.yaml of a content folder and proves them. The error is of
// type Problems, and holds all that is wrong, with file and line.
func Load(content fs.FS, guide Guide) (*Book, error) {
	var problems Problems
	b := &Book{guide: guide, flows: map[string]*Flow{}, byTopic: map[string]*Flow{}, begins: map[string][]supportbot.Slot{}, was: map[string]string{}}

	defaults := &parser{file: Patterns, problems: &problems}
	for _, f := range defaults.parse(patterns) {
		b.flows[f.Name] = f
	}
	if data, err := fs.ReadFile(content, Patterns); err == nil {
		for _, f := range defaults.parse(data) {
			b.flows[f.Name] = f
		}
	}
	files, err := flowFiles(content, &problems)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		data, err := fs.ReadFile(content, file)
		if err != nil {
			return nil, fmt.Errorf("dialog: read flows: %w", err)
		}
		p := &parser{file: file, problems: &problems}
		for _, f := range p.parse(data) {
			b.add(f, &problems)
		}
	}
	b.names = slices.Sorted(maps.Keys(b.flows))
	if len(problems) == 0 { // a flow may be missing because its file cannot be read
		b.requireFlows(&problems)
	}
	if len(problems) == 0 {
		b.resolve(&problems)
		for _, name := range b.names {
			check(b, b.flows[name], &problems)
		}
		b.requireQueue(&problems)
		b.rename(&problems)
		b.checkCalls(&problems)
	}
	if len(problems) > 0 {
		return nil, problems.sorted()
	}
	b.prove(&problems)
	if len(problems) > 0 {
		return nil, problems.sorted()
	}
	b.Version, err = Version(content)
	return b, err
}

// flowFiles lists the files of flows. A file that would not be read is refused,
// unless it is only left behind by an editor.
func flowFiles(content fs.FS, problems *Problems) ([]string, error) {
	entries, err := fs.ReadDir(content, "flows")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("dialog: list flows: %w", err)
	}
	var files []string
	for _, e := range entries {
		file := path.Join("flows", e.Name())
		switch ext := path.Ext(file); {
		case authoring.Litter(file):
		case e.IsDir():
			problems.add(pos{file, 1}, "folders in flows are not read; put the flows into flows itself")
		case ext == ".yaml":
			files = append(files, file)
		case ext == ".yml":
			problems.add(pos{file, 1}, "this file is not read; rename it to %s.yaml", strings.TrimSuffix(e.Name(), ext))
		default:
			problems.add(pos{file, 1}, "this file is not read; names here end in .yaml")
		}
	}
	return files, nil
}

// add puts a flow of the content into the book; one of the patterns' names
// replaces the pattern.
func (b *Book) add(f *Flow, problems *Problems) {
	if other := b.flows[f.Name]; other != nil && path.Dir(other.file) == "flows" {
		problems.add(f.pos, "flow %s is also in %s:%d; keep one", f.Name, other.file, other.line)
		return
	}
	b.flows[f.Name] = f
}

func (b *Book) requireFlows(problems *Problems) {
	for _, name := range required {
		if b.flows[name] == nil {
			problems.add(pos{"flows", 1}, "there is no flow %s, and the engine starts it by itself; add flows/%s.yaml", name, name)
		}
	}
}

// requireQueue refuses a talk-to-agent that only calls others: whoever waits for
// an agent while the content changes goes on waiting there.
func (b *Book) requireQueue(problems *Problems) {
	f := b.flows[flowAgent]
	if !slices.ContainsFunc(f.Steps, func(s *step) bool { _, ok := s.do.(*handoff); return ok }) {
		problems.add(f.pos, "flow %s has no handoff of its own; give it one", flowAgent)
	}
}

// resolve ties flows to topics, articles, hotlines and the menu.
func (b *Book) resolve(problems *Problems) {
	keys := map[string]string{}
	for _, name := range b.names {
		f := b.flows[name]
		for _, topic := range f.Topics {
			b.resolveTopic(f, topic, problems)
		}
		if f.MenuKey != "" {
			if other, taken := keys[f.MenuKey]; taken {
				problems.add(f.pos, "menu key %s of flow %s is taken by flow %s", f.MenuKey, name, other)
			}
			if len(f.MenuKey) != 1 || f.MenuKey < "1" || f.MenuKey > "8" {
				problems.add(f.pos, "menu key %q of flow %s; keys are 1 to 8 (0 is the agent, 9 repeats)", f.MenuKey, name)
			}
			keys[f.MenuKey] = name
			b.menu = append(b.menu, f)
		}
		for _, s := range f.Steps {
			b.resolveStep(s, problems)
		}
	}
	slices.SortFunc(b.menu, func(x, y *Flow) int { return cmp.Compare(x.MenuKey, y.MenuKey) })
}

func (b *Book) resolveTopic(f *Flow, topic string, problems *Problems) {
	if _, ok := b.guide.Topics[topic]; !ok {
		problems.add(f.pos, "topic %q of flow %s is unknown%s", topic, f.Name, didYouMean(topic, slices.Collect(maps.Keys(b.guide.Topics))))
		return
	}
	if other := b.byTopic[topic]; other != nil {
		problems.add(f.pos, "topic %q starts flow %s already; a topic starts one flow", topic, other.Name)
		return
	}
	b.byTopic[topic] = f
	for _, name := range slices.Sorted(maps.Keys(f.Slots)) {
		if slot := f.Slots[name]; len(slot.Early) > 0 {
			early := slot.Slot
			early.Options = slices.DeleteFunc(slices.Clone(slot.Options), func(o supportbot.Option) bool { return !slices.Contains(slot.Early, o.Value) })
			b.begins[topic] = append(b.begins[topic], early)
		}
	}
}

// resolveStep fills in the article that a step says, and the hotlines.
func (b *Book) resolveStep(s *step, problems *Problems) {
	if say, ok := s.do.(*say); ok && say.article != "" {
		article, ok := b.guide.Articles[say.article]
		if !ok {
			problems.add(s.pos, "there is no article %q%s", say.article, didYouMean(say.article, slices.Collect(maps.Keys(b.guide.Articles))))
		}
		say.text = article
	}
	for _, text := range allTexts(s) {
		for _, form := range []map[supportbot.Language]string{text.Written, text.Spoken} {
			for lang, words := range form {
				for name, number := range b.guide.Hotlines {
					words = strings.ReplaceAll(words, "{hotline."+name+"}", number)
				}
				form[lang] = words
			}
		}
	}
}

// allTexts lists all that a step may say, its exits' words included.
func allTexts(s *step) []supportbot.Text {
	texts := s.do.texts()
	for _, x := range s.do.exits() {
		if !x.Say.IsZero() {
			texts = append(texts, x.Say)
		}
	}
	return texts
}
