package dialog

import (
	"slices"
	"strings"

	"supportbot"
)

// maxQuoted is how many sentences are said, and how many where they are listened to
// or paid for by length.
const (
	maxQuoted      = 3
	maxQuotedAloud = 2
)

// quote says sentences of articles that answer a question about which no topic is,
// and where they come from, and goes on with what was open.
func (t *turn) quote(passages []supportbot.Passage) bool {
	most := maxQuoted
	if !t.s.Channel.HasButtons() {
		most = maxQuotedAloud
	}
	var topics, lines, titles []string
	for _, p := range passages[:min(most, len(passages))] {
		if _, ok := t.book.guide.Articles[p.Topic]; !ok || p.Text == "" {
			return false
		}
		lines = append(lines, p.Text)
		if !slices.Contains(topics, p.Topic) {
			topics = append(topics, p.Topic)
			titles = append(titles, t.book.topicName(p.Topic, t.s.Language))
			t.out.Visited = append(t.out.Visited, "articles/"+p.Topic)
		}
	}
	if len(lines) == 0 {
		return false
	}
	t.dropTransient()
	t.s.Topic = topics[0]
	text := strings.Join(lines, "\n\n")
	reply := supportbot.Reply{Text: text}
	if !t.s.Channel.HasButtons() {
		reply.Spoken = text
	}
	t.emit(reply)
	between := map[supportbot.Language]string{supportbot.Chinese: "》《", supportbot.English: "”, “"}
	t.pattern(patternQuoted, map[string]string{"title": strings.Join(titles, between[t.s.Language])})
	switch {
	case len(t.s.Stack) > 0:
	case t.s.Channel.HasButtons():
		last := &t.out.Replies[len(t.out.Replies)-1]
		for _, topic := range topics {
			last.Choices = append(last.Choices, supportbot.Choice{Label: t.book.topicName(topic, t.s.Language), Value: "topic:" + topic})
		}
		last.Choices = append(last.Choices, supportbot.Choice{Label: ChoiceLabel(t.book, *t.s, "control:agent"), Value: "control:agent"})
	default:
		t.more(topics[0])
		return true
	}
	t.advance()
	return true
}
