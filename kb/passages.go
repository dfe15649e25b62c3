package kb

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"

	"supportbot"
)

// sentences finds sentences of articles by the words of a question.
type sentences struct {
	titles map[string]map[supportbot.Language]string // by topic
	all    map[supportbot.Language][]sentence
	rarity map[supportbot.Language]map[string]float64 // of a word, by how few articles have it
	unseen map[supportbot.Language]float64            // of a word that none has
}

type sentence struct {
	supportbot.Passage
	words map[string]bool // of the sentence and of the title above it
}

func newSentences(b *Base) *sentences {
	g := &sentences{
		titles: map[string]map[supportbot.Language]string{},
		all:    map[supportbot.Language][]sentence{},
		rarity: map[supportbot.Language]map[string]float64{},
		unseen: map[supportbot.Language]float64{},
	}
	for _, t := range b.Topics {
		g.titles[t.ID] = t.Name
		if a, ok := b.articles[t.ID]; ok && a.Title != nil {
			g.titles[t.ID] = a.Title
		}
	}
	for _, lang := range supportbot.Languages {
		in := map[string]int{}
		for _, t := range b.Topics {
			article := map[string]bool{}
			for _, text := range Sentences(b.articles[t.ID].Text.Written[lang]) {
				s := sentence{Passage: supportbot.Passage{Topic: t.ID, Text: text}, words: wordsOf(text + "\n" + g.titles[t.ID][lang])}
				g.all[lang] = append(g.all[lang], s)
				for w := range s.words {
					article[w] = true
				}
			}
			for w := range article {
				in[w]++
			}
		}
		rarity := func(n int) float64 { return math.Log(1 + float64(len(b.Topics))/float64(1+n)) }
		g.rarity[lang], g.unseen[lang] = map[string]float64{}, rarity(0)
		for w, n := range in {
			g.rarity[lang][w] = rarity(n)
		}
	}
	return g
}

var (
	listMark    = regexp.MustCompile(`(?m)^\s*(\d+\.|[-*])\s+`)
	emphasis    = regexp.MustCompile(`\*\*|__`)
	link        = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
	sentenceEnd = regexp.MustCompile(`[。！？!?]+[”」"]?|\.(\s|$)|\n+`)
)

// Sentences cuts an article into its sentences, without Markdown.
func Sentences(markdown string) []string {
	text := link.ReplaceAllString(emphasis.ReplaceAllString(listMark.ReplaceAllString(markdown, ""), ""), "$1")
	var list []string
	start := 0
	for _, end := range append(sentenceEnd.FindAllStringIndex(text, -1), []int{len(text), len(text)}) {
		if s := strings.TrimSpace(text[start:end[1]]); s != "" {
			list = append(list, s)
		}
		start = end[1]
	}
	return list
}

// wordsOf are the words of a text that can stand in a question about it: stems, and
// pairs of Chinese characters.
func wordsOf(text string) map[string]bool {
	us := stems(units(asked.ReplaceAllString(normalise(text), ",")))
	words := map[string]bool{}
	for i, u := range us {
		switch {
		case empty[u], common[u]:
		case !startsHan(u):
			words[u] = true
		case i > 0 && startsHan(us[i-1]) && !empty[us[i-1]]:
			words[us[i-1]+u] = true
		}
	}
	return words
}

var (
	// asked are the words that make a question, and tell nothing of what it is about.
	asked  = regexp.MustCompile(`怎么样|怎么办|怎么|怎样|如何|什么时候|什么|为什么|为啥|哪里|哪个|哪些|多少|多久|能不能|可不可以|可以|是不是|要不要|有没有|请问|需要|我想|知道|[吗呢吧啊的了我你您]`)
	common = set("i you we my your me it is are be do doe did can could will would should what how when where which who why to of in on at for and or if with not no have has ha get there this that from by as so")
)

const (
	// maxFrom is from how many articles passages are taken.
	maxFrom = 3
	// covers is how much of the weight of a question's words the articles must have
	// between them before they can be thought to answer it.
	covers = 0.45
)

// Passages lists the sentences of the articles that have the most of a question's
// words, or come closest to its vector if there is one (nil: none), in the order of
// the guide; none if they have too few of them and none is close, or if nothing is
// asked.
func (r *Reader) Passages(text string, vector []float32, l supportbot.Language) []supportbot.Passage {
	normal := first(normalise(first(text)))
	if label, exact := r.exact[bare(normal)]; !isQuestion(normal) || exact && r.kind[label] == isNone {
		return nil // what is known to be out of scope is not looked up
	}
	topics := r.sentences.covering(normal, l)
	if s := r.sense.Load(); s != nil && len(vector) == len(s.space.middle) {
		topics = append(topics[:min(len(topics), maxFrom-1)], r.near(s, vector, l)...)
	}
	topics = topics[:min(maxFrom, len(topics))]
	var list []supportbot.Passage
	for _, s := range r.sentences.all[l] {
		if slices.Contains(topics, s.Topic) {
			list = append(list, s.Passage)
		}
	}
	return list
}

// near lists the topics of the articles whose sentences come close to a vector, the
// closest first.
func (r *Reader) near(s *sense, vector []float32, l supportbot.Language) (topics []string) {
	d, best := s.space.direction(vector), map[string]float64{}
	for i, one := range r.sentences.all[l] {
		if c := cosine(d, s.sentences[l][i]); c >= s.close {
			if best[one.Topic] == 0 {
				topics = append(topics, one.Topic)
			}
			best[one.Topic] = max(best[one.Topic], c)
		}
	}
	slices.SortStableFunc(topics, func(a, b string) int { return cmp.Compare(best[b], best[a]) })
	return topics
}

// covering lists the topics of the articles that have the most of a question's words.
func (g *sentences) covering(normal string, l supportbot.Language) (topics []string) {
	words := wordsOf(normal)
	weight := func(w string) float64 {
		if known, ok := g.rarity[l][w]; ok {
			return known
		}
		return g.unseen[l]
	}
	var all float64
	for w := range words {
		all += weight(w)
	}
	found := map[string]map[string]bool{} // words by topic
	for _, s := range g.all[l] {
		for w := range words {
			if s.words[w] {
				if found[s.Topic] == nil {
					found[s.Topic] = map[string]bool{}
				}
				found[s.Topic][w] = true
			}
		}
	}
	type hit struct {
		topic string
		sum   float64
	}
	var hits []hit
	for topic, has := range found {
		h := hit{topic: topic}
		for w := range has {
			h.sum += weight(w)
		}
		hits = append(hits, h)
	}
	slices.SortFunc(hits, func(a, b hit) int { return cmp.Or(cmp.Compare(b.sum, a.sum), cmp.Compare(a.topic, b.topic)) })
	if len(hits) == 0 || hits[0].sum < covers*all {
		return nil
	}
	for _, h := range hits[:min(maxFrom, len(hits))] {
		topics = append(topics, h.topic)
	}
	return topics
}

// Title is what the article about a topic is called, or else the topic.
func (r *Reader) Title(topic string, l supportbot.Language) string {
	return r.sentences.titles[topic][l]
}

// delicate are words of what must be said exactly: fraud, money, and what opens an
// account.
var delicate = regexp.MustCompile(`密码|口令|验证码|钱|资金|款|费|金额|限额|额度|账户|账号|元|盗|骗|冻结|挂失|` +
	`\b(passwords?|pin|codes?|money|funds?|fees?|charge[sd]?|costs?|prices?|pay(ment|s|ing)?|paid|refunds?|transfers?|limits?|accounts?|yuan|frozen|freeze|scams?|fraud\w*|stolen|steal)\b`)

// Delicate tells whether a text is about fraud, money or what opens an account, so
// that it is said in the words of the guide or not at all.
func Delicate(text string) bool {
	normal := normalise(text)
	return delicate.MatchString(normal) || fraudWords.MatchString(normal)
}

// Urgent tells whether a topic must not be lost sight of for another one.
func Urgent(topic string) bool { return topic == topicFraud }
