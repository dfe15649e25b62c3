package dialog

import (
	"cmp"
	"slices"

	"supportbot"
)

// Article is what the guide says about a topic.
type Article struct {
	Topic string
	Name  supportbot.Text
	Text  supportbot.Text
}

// Articles lists the articles that come with the flows, by topic.
func (b *Book) Articles() []Article {
	var all []Article
	for topic, text := range b.guide.Articles {
		all = append(all, Article{Topic: topic, Name: b.guide.Topics[topic], Text: text})
	}
	slices.SortFunc(all, func(a, b Article) int { return cmp.Compare(a.Topic, b.Topic) })
	return all
}
