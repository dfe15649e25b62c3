package lint

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/kb"
)

// maxPresses is how many buttons may lie between the first menu and a topic.
const maxPresses = 3

// maxTurns bounds the search where a topic is far away or cannot be reached.
const maxTurns = 5000

// Distances tells for every topic how many buttons a person presses, from the
// first menu of a chat, until the topic's article is said or its flow begins.
// Topics that no button leads to are left out. It presses the buttons that the
// engine offers, so it finds what a person finds; what must be typed ends the
// way.
func Distances(base *kb.Base, book *dialog.Book) map[string]int {
	s := search{book: book, goals: goals(base, book), found: map[string]int{}, seen: map[string]bool{}}
	session, effects := dialog.Step(book, dialog.Session{Channel: supportbot.Web, Language: supportbot.Chinese}, dialog.Event{Kind: dialog.Opened, At: noon})
	s.visit(session, effects, 0)
	for turns := 0; len(s.queue) > 0 && len(s.found) < len(base.Topics) && turns < maxTurns; turns++ {
		p := s.queue[0]
		s.queue = s.queue[1:]
		session, effects := dialog.Step(book, p.session, dialog.Event{Kind: dialog.Chose, Choice: p.button, At: noon})
		s.visit(session, effects, p.presses)
	}
	return s.found
}

// noon is when all of it happens: no time passes between two presses.
var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// goals are what shows that a topic was reached, by flow for topics that start
// one, by "article:TOPIC" for the others.
func goals(base *kb.Base, book *dialog.Book) map[string][]string {
	goals := map[string][]string{}
	for _, t := range base.Topics {
		goal := "article:" + t.ID
		if book.Starts(t.ID) {
			goal = startedBy(book, t.ID)
		}
		goals[goal] = append(goals[goal], t.ID)
	}
	for _, saying := range book.Sayings() {
		if saying.Article != "" {
			at := saying.Flow + "/" + saying.Step
			goals[at] = append(goals[at], saying.Article)
		}
	}
	return goals
}

// startedBy is the flow that a topic starts; there must be one.
func startedBy(book *dialog.Book, topic string) string {
	_, effects := dialog.Step(book, dialog.Session{Channel: supportbot.Web}, dialog.Event{Kind: dialog.Chose, Choice: "topic:" + topic, At: noon})
	flow, _, _ := strings.Cut(effects.Visited[0], "/")
	return flow
}

// search goes through conversations breadth first.
type search struct {
	book  *dialog.Book
	goals map[string][]string // topics by what shows that they were reached
	found map[string]int      // presses by topic
	seen  map[string]bool     // sessions
	queue []press
}

// press is a button that can be pressed.
type press struct {
	session dialog.Session
	button  string
	presses int // with this one
}

// visit notes what a turn has reached, and queues the buttons that it shows.
func (s *search) visit(session dialog.Session, effects dialog.Effects, presses int) {
	reached := func(goal string) {
		for _, topic := range s.goals[goal] {
			if _, ok := s.found[topic]; !ok {
				s.found[topic] = presses
			}
		}
	}
	reached("article:" + session.Topic)
	for _, at := range effects.Visited {
		flow, _, _ := strings.Cut(at, "/")
		reached(flow)
		reached(at)
	}
	key, err := json.Marshal(session)
	if err != nil || s.seen[string(key)] {
		return
	}
	s.seen[string(key)] = true
	for _, reply := range effects.Replies {
		for _, c := range reply.Choices {
			s.queue = append(s.queue, press{session, c.Value, presses + 1})
		}
	}
}

// reach refuses topics that buttons do not lead to soon.
func (c *checker) reach() {
	distances := Distances(c.base, c.book)
	for _, t := range c.base.Topics {
		presses, ok := distances[t.ID]
		switch {
		case ok && presses <= maxPresses:
			continue
		case ok:
			c.add("topics.yaml", t.Line, "topic %s is %d choices away from the menu, the most is %d; %s", t.ID, presses, maxPresses, c.nearer(t, distances))
		default:
			c.add("topics.yaml", t.Line, "topic %s is reached by no choice from the menu; %s", t.ID, c.nearer(t, distances))
		}
	}
}

const maxNamed = 5 // articles, as examples

// nearer says where a button to a topic would help, and where one does not.
func (c *checker) nearer(t kb.Topic, distances map[string]int) string {
	shown := shown(c.base, c.book)
	var near, hidden []string
	for _, other := range c.base.Topics {
		a, ok := c.base.Article(other.ID)
		presses, reached := distances[other.ID]
		switch {
		case !ok || other.ID == t.ID:
		case !shown[other.ID]:
			if slices.Contains(a.Related, t.ID) {
				hidden = append(hidden, other.ID)
			}
		case reached && presses < maxPresses:
			near = append(near, other.ID)
		}
	}
	slices.SortStableFunc(near, func(a, b string) int { return cmp.Compare(distances[a], distances[b]) })
	for i, id := range near {
		near[i] = fmt.Sprintf("%s (%d)", id, distances[id])
	}
	advice := "offer it in a question of a flow (slot type pick, topics: […])"
	if len(near) > 0 {
		advice = fmt.Sprintf("name it under related of an article that is at most %d away, such as %s, or %s", maxPresses-1, strings.Join(near[:min(len(near), maxNamed)], ", "), advice)
	}
	if len(hidden) > 0 {
		advice += fmt.Sprintf("; related of %s counts for nothing, because that topic starts a flow and its article is never shown", strings.Join(hidden, ", "))
	}
	return advice
}
