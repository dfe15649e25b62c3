package kb

import (
	"errors"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"supportbot"
	"supportbot/internal/authoring"
)

type frontMatter struct {
	Title    word   `yaml:"title"`
	Teaches  []word `yaml:"teaches"`
	Spoken   word   `yaml:"spoken"`
	Related  []word `yaml:"related"`
	Reviewed word   `yaml:"reviewed"`
}

// page is an article in one language.
type page struct {
	frontMatter
	file   string
	body   string
	start  int  // the line where body begins
	broken bool // it is there and cannot be read; what it lacks is not known
}

func (l *loader) articles() {
	pages := map[supportbot.Language]map[string]page{}
	for _, lang := range supportbot.Languages {
		pages[lang] = map[string]page{}
		for _, id := range l.list("articles/"+string(lang), ".md", l.topicIDs()) {
			pages[lang][id] = l.page("articles/" + string(lang) + "/" + id + ".md")
		}
	}
	for _, lang := range supportbot.Languages {
		for _, id := range slices.Sorted(maps.Keys(pages[lang])) {
			for _, other := range supportbot.Languages {
				if _, ok := pages[other][id]; !ok {
					l.add(pages[lang][id].file, 0, "article stands in %s only; write articles/%s/%s.md too", lang, other, id)
				}
			}
		}
	}
	for _, t := range l.base.Topics {
		l.article(t.ID, pages)
	}
}

// list returns the names, without their ending, of the files in a folder, and
// notes those that belong to no known id.
func (l *loader) list(folder, ending string, known []string) []string {
	entries, err := fs.ReadDir(l.content, folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		l.add(folder, 0, "%v", err)
	}
	var ids []string
	for _, e := range entries {
		id, ok := strings.CutSuffix(e.Name(), ending)
		switch file := path.Join(folder, e.Name()); {
		case authoring.Litter(file):
		case !ok:
			l.add(file, 0, "unexpected file; names here end in %s", ending)
		case !slices.Contains(known, id):
			l.add(file, 0, "unknown id %q%s; ids are in topics.yaml", id, authoring.Suggest(id, known))
		default:
			ids = append(ids, id)
		}
	}
	return ids
}

// page reads one article file: front matter between two lines of ---, then a
// body in Markdown.
func (l *loader) page(file string) page {
	p := page{file: file, broken: true}
	text, ok := l.read(file)
	if !ok {
		return p
	}
	rest, ok := strings.CutPrefix(text, "---\n")
	front, body, closed := strings.Cut(rest, "\n---\n")
	if !ok || !closed {
		l.add(file, 1, "front matter is missing; begin with title and spoken between two lines of ---")
		return p
	}
	if !l.decode(file, front, 1, &p.frontMatter) {
		return p
	}
	p.broken = false
	l.names(file, 1, p.Teaches)
	l.names(file, 1, p.Related)
	if p.Title.text == "" {
		l.add(file, 2, "title is missing; add title: to the front matter")
	}
	if p.Spoken.text == "" {
		l.add(file, 2, "spoken is missing; add spoken: with what the phone should say")
	}
	for _, r := range p.Related {
		if !slices.Contains(l.topicIDs(), r.text) && !authoring.Joined(r.text) {
			l.add(file, 1+r.line, "unknown related topic %q%s", r.text, authoring.Suggest(r.text, l.topicIDs()))
		}
	}
	if r := p.Reviewed; r.text != "" {
		if _, err := time.Parse(time.DateOnly, r.text); err != nil {
			l.add(file, 1+r.line, "reviewed is %q; write a date as YYYY-MM-DD, such as 2026-01-31", r.text)
		}
	}
	p.Title.text = l.fillHotlines(file, front, 1, p.Title.text)
	p.Spoken.text = l.fillHotlines(file, front, 1, p.Spoken.text)
	above := 2 + strings.Count(front, "\n") + 1
	blank := len(body) - len(strings.TrimLeft(body, "\n"))
	p.start = above + blank + 1
	p.body = l.fillHotlines(file, body, above, strings.TrimSpace(body))
	if p.body == "" {
		l.add(file, 0, "body is empty; write the article below the front matter")
	}
	return p
}

var hotline = regexp.MustCompile(`\{hotline\.([^{}]*)\}`)

// fillHotlines puts the numbers into text. Source is where text comes from and
// offset the number of lines before it, to name the line of an unknown one.
func (l *loader) fillHotlines(file, source string, offset int, text string) string {
	return hotline.ReplaceAllStringFunc(text, func(placeholder string) string {
		name := hotline.FindStringSubmatch(placeholder)[1]
		number, ok := l.base.Hotlines[name]
		if !ok {
			before, _, _ := strings.Cut(source, placeholder)
			l.add(file, offset+1+strings.Count(before, "\n"), "unknown hotline %s%s; numbers are in hotlines.yaml",
				placeholder, authoring.Suggest(name, slices.Sorted(maps.Keys(l.base.Hotlines))))
		}
		return number
	})
}

// article joins the pages about a topic, once every language has one.
func (l *loader) article(id string, pages map[supportbot.Language]map[string]page) {
	zh, ok := pages[supportbot.Chinese][id]
	en, both := pages[supportbot.English][id]
	if !ok || !both {
		return
	}
	if zh.broken || en.broken {
		l.base.articles[id] = Article{} // it is there for those that refer to it
		return
	}
	l.sameFacts(zh, en, supportbot.English)
	l.sameFacts(en, zh, supportbot.Chinese)
	if !slices.Equal(texts(zh.Related), texts(en.Related)) {
		l.add(en.file, lineOf(en.Related), "related is %v, but %v in zh; offer the same in both, in the same order", texts(en.Related), texts(zh.Related))
	}
	l.base.articles[id] = Article{
		Title: map[supportbot.Language]string{supportbot.Chinese: zh.Title.text, supportbot.English: en.Title.text},
		Text: supportbot.Text{
			Written: map[supportbot.Language]string{supportbot.Chinese: zh.body, supportbot.English: en.body},
			Spoken:  map[supportbot.Language]string{supportbot.Chinese: zh.Spoken.text, supportbot.English: en.Spoken.text},
		},
		Teaches:  texts(zh.Teaches),
		Related:  texts(zh.Related),
		Reviewed: min(zh.Reviewed.text, en.Reviewed.text),
		Source:   map[supportbot.Language]Source{supportbot.Chinese: zh.source(), supportbot.English: en.source()},
	}
}

// source names the lines of a page's parts; the front matter begins below the
// first line of its file.
func (p page) source() Source {
	teaches := map[string]int{}
	for _, fact := range p.Teaches {
		teaches[fact.text] = 1 + fact.line
	}
	return Source{
		File:     p.file,
		Title:    1 + p.Title.line,
		Spoken:   1 + p.Spoken.line,
		Related:  lineOf(p.Related),
		Reviewed: 1 + p.Reviewed.line,
		Body:     p.start,
		Teaches:  teaches,
		Day:      p.Reviewed.text,
	}
}

// lineOf is where a list of the front matter begins.
func lineOf(words []word) int {
	if len(words) == 0 {
		return 1
	}
	return 1 + words[0].line
}

func (l *loader) sameFacts(p, other page, lang supportbot.Language) {
	for _, fact := range p.Teaches {
		if !slices.Contains(texts(other.Teaches), fact.text) {
			l.add(p.file, 1+fact.line, "teaches %s, but the %s article does not; teach it in both", fact.text, lang)
		}
	}
}

func texts(words []word) []string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = w.text
	}
	return list
}
