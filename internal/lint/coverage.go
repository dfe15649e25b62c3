package lint

import (
	"maps"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"supportbot"
	"supportbot/dialog"
	"supportbot/kb"
)

// Taught is a fact and the places that teach it.
type Taught struct {
	kb.Fact
	Places []string // "articles/TOPIC" and "flows/FLOW/STEP"; none if nothing teaches it
}

// Coverage lists every fact of facts.yaml in its order, then the facts that only
// articles and flows name. An article that nobody gets to see teaches nothing:
// that of a topic which starts a flow, unless a flow says it.
func Coverage(base *kb.Base, book *dialog.Book) []Taught {
	shown := shown(base, book)
	places := map[string][]string{}
	for _, t := range base.Topics {
		if a, ok := base.Article(t.ID); ok && shown[t.ID] {
			for _, fact := range a.Teaches {
				places[fact] = append(places[fact], "articles/"+t.ID)
			}
		}
	}
	for fact, steps := range book.Taught() {
		for _, step := range steps {
			places[fact] = append(places[fact], "flows/"+step)
		}
	}
	var list []Taught
	for _, f := range base.Facts {
		list = append(list, Taught{f, places[f.ID]})
		delete(places, f.ID)
	}
	for _, id := range slices.Sorted(maps.Keys(places)) {
		list = append(list, Taught{kb.Fact{ID: id}, places[id]})
	}
	return list
}

// shown tells of which topics people get to see the article: of those that start
// no flow, and of those whose article a flow says.
func shown(base *kb.Base, book *dialog.Book) map[string]bool {
	topics := map[string]bool{}
	for _, t := range base.Topics {
		topics[t.ID] = !book.Starts(t.ID)
	}
	for _, s := range book.Sayings() {
		topics[s.Article] = true
	}
	return topics
}

// Told lists the facts that were told in conversations which ran these steps
// ("FLOW/STEP") and gave these articles ("articles/TOPIC").
func Told(base *kb.Base, book *dialog.Book, visited map[string]bool) []kb.Fact {
	given := map[string]bool{}
	for _, s := range book.Sayings() {
		if s.Article != "" && visited[s.Flow+"/"+s.Step] {
			given["articles/"+s.Article] = true
		}
	}
	var told []kb.Fact
	for _, f := range Coverage(base, book) {
		for _, place := range f.Places {
			step := strings.TrimPrefix(place, "flows/")
			if given[place] || visited[place] || visited[step] {
				told = append(told, f.Fact)
				break
			}
		}
	}
	return told
}

// coverage refuses facts that nothing teaches, what names facts that there are
// not, and articles that leave out a fact of their topic. Without facts.yaml
// there is nothing to hold content against.
func (c *checker) coverage() {
	if len(c.base.Facts) == 0 {
		return
	}
	for _, f := range Coverage(c.base, c.book) {
		if len(f.Places) == 0 {
			c.add("facts.yaml", f.Line, "fact %s (%s) is taught nowhere that people get to; teach it in a step of a flow, or in an article whose topic starts no flow, and name it there under teaches", f.ID, f.Text[supportbot.Chinese])
		}
	}
	known := make([]string, len(c.base.Facts))
	for i, f := range c.base.Facts {
		known[i] = f.ID
	}
	for _, t := range c.base.Topics {
		c.topicFacts(t, known)
	}
	for fact, steps := range c.book.Taught() {
		for _, at := range steps {
			if !slices.Contains(known, fact) {
				flow, step, _ := strings.Cut(at, "/")
				file, line := c.book.Place(flow, step)
				c.add(file, line, "step %s of flow %s teaches %q, which facts.yaml does not know%s", step, flow, fact, nearest(fact, known))
			}
		}
	}
}

// topicFacts holds a topic's article, or its flow if it has no article, against
// the facts that belong to the topic.
func (c *checker) topicFacts(t kb.Topic, known []string) {
	a, ok := c.base.Article(t.ID)
	if !ok {
		flow, taught := startedBy(c.book, t.ID), c.book.Taught()
		for _, f := range c.own(t) {
			if !slices.ContainsFunc(taught[f.ID], func(at string) bool { return strings.HasPrefix(at, flow+"/") }) {
				c.add("topics.yaml", t.Line, "topic %s covers fact %s (%s), and no step of its flow %s teaches it", t.ID, f.ID, f.Text[supportbot.Chinese], flow)
			}
		}
		return
	}
	for _, l := range supportbot.Languages {
		for _, fact := range a.Teaches {
			if !slices.Contains(known, fact) {
				c.add(a.Source[l].File, a.Source[l].Teaches[fact], "teaches %q, which facts.yaml does not know%s", fact, nearest(fact, known))
			}
		}
		for _, f := range c.own(t) {
			if !slices.Contains(a.Teaches, f.ID) {
				c.add(a.Source[l].File, 1, "the article does not teach fact %s of its topic: %s; write it, and add %s to teaches", f.ID, f.Text[l], f.ID)
			}
		}
	}
}

// own lists the facts that a topic must teach: those of the sections that it
// names, but for what a topic with a narrower section teaches. So one that names
// "B" as a whole leads to those that name "B1" and "B2".
func (c *checker) own(t kb.Topic) []kb.Fact {
	var list []kb.Fact
	for _, section := range t.Facts {
		for _, f := range c.base.FactsIn(section) {
			if !slices.ContainsFunc(c.base.Topics, func(other kb.Topic) bool { return narrower(f, section, other) }) {
				list = append(list, f)
			}
		}
	}
	return list
}

func narrower(f kb.Fact, section string, t kb.Topic) bool {
	return slices.ContainsFunc(t.Facts, func(s string) bool { return len(s) > len(section) && f.In(s) })
}

// nearest suggests what was probably meant: a fact of the same section, or the
// one whose id is most like it.
func nearest(fact string, known []string) string {
	section, _, _ := strings.Cut(fact, ".")
	var same []string
	best, least := "", 3
	for _, id := range known {
		if strings.HasPrefix(id, section+".") {
			same = append(same, id)
		}
		if d := levenshtein.ComputeDistance(strings.ToUpper(fact), id); d < least {
			best, least = id, d
		}
	}
	switch {
	case len(same) == 1:
		return ` (did you mean "` + same[0] + `"?)`
	case len(same) > 0:
		return " (did you mean one of " + strings.Join(same, ", ") + "?)"
	case best != "":
		return ` (did you mean "` + best + `"?)`
	}
	return ""
}
