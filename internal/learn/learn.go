// Package learn shows those who write the content what people said that was not
// understood, and makes phrases of it. Nothing is taught by itself: a person looks
// at every phrase before it becomes content.
package learn

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"supportbot"
	"supportbot/internal/privacy"
	"supportbot/kb"
)

// Store keeps what was not understood; see internal/store/storetest.
type Store interface {
	Missed(ctx context.Context, limit int) ([]supportbot.Missed, error)
	Dismiss(ctx context.Context, all []supportbot.MissedID, by string) error
	Audit(ctx context.Context, act supportbot.Audited) error
}

// Lessons is what there is to learn.
type Lessons struct {
	Store  Store
	Reader func() *kb.Reader // of the content in force
}

const (
	// maxRead is how many messages are looked at, the newest.
	maxRead = 5000
	// maxCompared is how many characters of each are compared: a phrase is shorter,
	// and thousands of long ones, which anybody can send, would take minutes.
	maxCompared = 100
)

// Labels lists what a phrase can be an example of: the label of what is out of
// scope, then topics, then controls.
func (l Lessons) Labels() []string { return l.Reader().Labels() }

// Groups lists messages that say much the same, the largest group first. What the
// content in force has as a phrase by now is left out.
func (l Lessons) Groups(ctx context.Context) ([]supportbot.Alike, error) {
	missed, err := l.Store.Missed(ctx, maxRead)
	if err != nil {
		return nil, err
	}
	reader := l.Reader()
	var texts []string
	for i := range missed {
		missed[i].Text = phrase(missed[i].Text)
	}
	missed = slices.DeleteFunc(missed, func(m supportbot.Missed) bool { return m.Text == "" || reader.Knows(m.Text) })
	for _, m := range missed {
		texts = append(texts, beginning(m.Text))
	}
	labels := reader.Labels()
	groups := []supportbot.Alike{}
	for _, places := range kb.Alike(texts) {
		var g supportbot.Alike
		for _, i := range places {
			g.Messages = append(g.Messages, missed[i])
		}
		g.Label, g.Chosen = suggest(g.Messages, labels)
		groups = append(groups, g)
	}
	return groups, nil
}

// phrase is a text as it can stand in a file of phrases: on one line that is no
// comment, without what stands in the place of a secret, and without what nobody
// sees who looks at it, such as marks that turn the line around.
func phrase(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, privacy.WithoutMasks(text))
	return strings.TrimLeft(strings.Join(strings.Fields(text), " "), "# ")
}

// beginning is what is compared of a text.
func beginning(text string) string {
	n := 0
	for i := range text {
		if n == maxCompared {
			return text[:i]
		}
		n++
	}
	return text
}

// suggest is the label that most persons chose in the end or, if none has, that
// the reader guessed most.
func suggest(messages []supportbot.Missed, labels []string) (label string, chosen bool) {
	meant, guessed := map[string]int{}, map[string]int{}
	for _, m := range messages {
		meant[m.Meant]++
		if len(m.Guesses) > 0 {
			guessed[m.Guesses[0].Topic]++
		}
	}
	most := func(count map[string]int) (best string) {
		for _, l := range labels { // the first of those that are as many
			if count[l] > count[best] {
				best = l
			}
		}
		return best
	}
	delete(meant, "")
	if label = most(meant); label != "" {
		return label, true
	}
	return most(guessed), false
}

// Dismiss takes messages out of the groups for good, in the name of by;
// supportbot.ErrInvalid if there are none.
func (l Lessons) Dismiss(ctx context.Context, all []supportbot.MissedID, by string) error {
	if len(all) == 0 {
		return fmt.Errorf("%w: no message was chosen", supportbot.ErrInvalid)
	}
	return l.Store.Dismiss(ctx, all, by)
}

// Export makes phrases of messages, a file a language, and puts that into the audit
// log in the name of by. Messages that are gone are passed over; a label that the
// content does not have, or nothing to export, is supportbot.ErrInvalid.
func (l Lessons) Export(ctx context.Context, label string, chosen []supportbot.MissedID, by string) ([]supportbot.Phrases, error) {
	if !slices.Contains(l.Labels(), label) {
		return nil, fmt.Errorf("%w: there is no label %q in the content", supportbot.ErrInvalid, label)
	}
	groups, err := l.Groups(ctx)
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, g := range groups {
		for _, m := range g.Messages {
			if slices.Contains(chosen, m.ID) {
				texts = append(texts, m.Text)
			}
		}
	}
	if len(texts) == 0 {
		return nil, fmt.Errorf("%w: no message was chosen that is still there", supportbot.ErrInvalid)
	}
	files := Files(label, texts)
	details := map[string]string{}
	for _, f := range files {
		details[string(f.Language)] = strconv.Itoa(len(f.Lines))
	}
	return files, l.Store.Audit(ctx, supportbot.Audited{Actor: by, Action: supportbot.MissedExported, Subject: label, Details: details})
}

// Files sorts texts into the files of a label, each text once.
func Files(label string, texts []string) (files []supportbot.Phrases) {
	by := map[supportbot.Language][]string{}
	for _, text := range texts {
		lang := supportbot.English // also of what is in no language, such as the name of a model
		if kb.Language(text) == supportbot.Chinese {
			lang = supportbot.Chinese
		}
		if !slices.Contains(by[lang], text) {
			by[lang] = append(by[lang], text)
		}
	}
	for _, lang := range supportbot.Languages {
		if lines := by[lang]; len(lines) > 0 {
			slices.SortStableFunc(lines, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
			files = append(files, supportbot.Phrases{Label: label, Language: lang, Lines: lines})
		}
	}
	return files
}
