package lint

import (
	"supportbot/dialog"
	"supportbot/kb"
)

// flows refuses topics of which topics.yaml and the flows tell different things.
func (c *checker) flows() {
	for _, t := range c.base.Topics {
		switch starts := c.book.Starts(t.ID); {
		case t.Flow && !starts:
			c.add("topics.yaml", t.Line, "topic %s has flow: true, and no flow starts on it; write start: {topics: [%s]} in a file of flows, or take flow: true out", t.ID, t.ID)
		case starts && !t.Flow:
			c.add("topics.yaml", t.Line, "flow %s starts on topic %s; write flow: true in this line, or take the topic out of the flow's start", startedBy(c.book, t.ID), t.ID)
		}
	}
}

// Unseen lists the topics whose article nobody gets to see, because a flow starts
// instead and does not say it. That is allowed, and may surprise a writer.
func Unseen(base *kb.Base, book *dialog.Book) []string {
	shown := shown(base, book)
	var topics []string
	for _, t := range base.Topics {
		if _, ok := base.Article(t.ID); ok && !shown[t.ID] {
			topics = append(topics, t.ID)
		}
	}
	return topics
}
