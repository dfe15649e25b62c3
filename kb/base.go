// Package kb knows the guide and understands what people write about it: it
// loads topics, articles and example phrases, and its Reader, which is trained
// on them, turns a message into commands. It does no I/O beyond the fs.FS that
// it is given.
package kb

import "supportbot"

// Base is a loaded and checked knowledge base. It is never changed after Load.
type Base struct {
	Topics   []Topic           // in the order of topics.yaml
	Controls []Topic           // steering words: greet, back, affirm …
	None     string            // the label of phrases that are out of scope
	Hotlines map[string]string // telephone numbers by name, for {hotline.NAME}
	Phrases  []Phrase          // by topic, then control, then None; zh before en; in file order
	Facts    []Fact            // what the guide must teach; none without facts.yaml
	Glossary []Term            // words that are the same everywhere; none without glossary.yaml

	// Validation is phrases in the same order that nothing is learnt from: what
	// the reader makes of them shows how far its guesses can be trusted. There may
	// be none.
	Validation []Phrase

	articles map[string]Article
}

// Topic is a subject of the guide, or a control.
type Topic struct {
	ID    string
	Name  map[supportbot.Language]string
	Facts []string // the parts of the guide that it covers
	Flow  bool     // whether it owns a guided flow
	Line  int      // of topics.yaml
}

// Article is what the guide says about a topic, in every language, with
// hotlines filled in.
type Article struct {
	Title    map[supportbot.Language]string
	Text     supportbot.Text
	Teaches  []string // ids of facts, the same in every language
	Related  []string // ids of topics
	Reviewed string   // the date of the last review, YYYY-MM-DD
	Source   map[supportbot.Language]Source
}

// Source is where an article stands in one language: its file, the lines of its
// parts, and when that file was reviewed.
type Source struct {
	File                                   string
	Title, Spoken, Related, Reviewed, Body int
	Teaches                                map[string]int // by fact
	Day                                    string         // of the review, YYYY-MM-DD
}

// Phrase is an example of what people write. Label is the id of a topic or a
// control, or Base.None.
type Phrase struct {
	Label    string
	Language supportbot.Language
	Text     string
}

// Topic returns the topic with that id.
func (b *Base) Topic(id string) (Topic, bool) {
	for _, t := range b.Topics {
		if t.ID == id {
			return t, true
		}
	}
	return Topic{}, false
}

// Article returns the article about a topic.
func (b *Base) Article(topic string) (Article, bool) {
	a, ok := b.articles[topic]
	return a, ok
}
