package explore

import (
	"hash/fnv"

	"supportbot"
	"supportbot/dialog"
	"supportbot/kb"
)

// wordings are the words that a person of the walks knows. There are few of
// each, so that readings can be remembered.
type wordings struct {
	controls map[string]spoken // by the id of a control
	articles spoken            // questions about topics without a flow
	flows    spoken            // and with one
	topics   []string          // ids of topics
	outside  spoken            // what the guide does not cover
	noise    spoken            // what nobody understands
}

// spoken are wordings by language.
type spoken map[supportbot.Language][]string

// wordingsOfALabel is how many of the content's phrases are used of each label:
// the first, the last and what lies between.
const wordingsOfALabel = 3

func gather(book *dialog.Book, base *kb.Base) wordings {
	w := wordings{
		controls: map[string]spoken{}, articles: spoken{}, flows: spoken{}, outside: spoken{},
		noise: spoken{
			supportbot.Chinese: {"呜哩哇啦", "嗯嗯啊啊", "哦豁", "呃这个那个", "？？？", "齉龘麤"},
			supportbot.English: {"blah blah", "mmh uh", "hrmpf", "???", "xqzt vrrk"},
		},
	}
	phrases := map[string]spoken{}
	for _, p := range base.Phrases {
		if phrases[p.Label] == nil {
			phrases[p.Label] = spoken{}
		}
		phrases[p.Label][p.Language] = append(phrases[p.Label][p.Language], p.Text)
	}
	for _, lang := range supportbot.Languages {
		for _, c := range base.Controls {
			if w.controls[c.ID] == nil {
				w.controls[c.ID] = spoken{}
			}
			w.controls[c.ID][lang] = some(phrases[c.ID][lang], wordingsOfALabel)
		}
		for _, t := range base.Topics {
			into := w.articles
			if book.Starts(t.ID) {
				into = w.flows
			}
			into[lang] = append(into[lang], some(phrases[t.ID][lang], wordingsOfALabel)...)
		}
		w.outside[lang] = some(phrases[base.None][lang], 2*wordingsOfALabel)
	}
	for _, t := range base.Topics {
		w.topics = append(w.topics, t.ID)
	}
	return w
}

// some returns n of a list, evenly spread.
func some(list []string, n int) []string {
	if len(list) <= n {
		return list
	}
	picked := make([]string, n)
	for i := range n {
		picked[i] = list[i*(len(list)-1)/(n-1)]
	}
	return picked
}

// wordingsOfAPlace is how many questions about other subjects are asked at one
// place: enough, as every place has its own, and few enough to remember.
const wordingsOfAPlace = 6

// few returns those of a list that are used at a place.
func few(place string, list []string) []string {
	if len(list) <= wordingsOfAPlace {
		return list
	}
	h := fnv.New32a()
	h.Write([]byte(place))
	first := int(h.Sum32() % uint32(len(list)))
	picked := make([]string, wordingsOfAPlace)
	for i := range picked {
		picked[i] = list[(first+i*len(list)/wordingsOfAPlace)%len(list)]
	}
	return picked
}

// Words that lead out of anything, and some that lead nowhere.
var (
	mumble     = map[supportbot.Language]string{supportbot.Chinese: "呜哩哇啦", supportbot.English: "blah blah"}
	wantsAgent = map[supportbot.Language]string{supportbot.Chinese: "转人工", supportbot.English: "agent please"}
	vague      = spoken{supportbot.Chinese: {"绑定", "机器有问题", "POS机"}, supportbot.English: {"terminal", "binding", "card problem"}}
	takesTime  = spoken{supportbot.Chinese: {"等一下", "我先去试试"}, supportbot.English: {"hold on", "I'll try that"}}
	secrets    = spoken{supportbot.Chinese: {"我的卡号是6222021234567890128"}, supportbot.English: {"my card number is 6222021234567890128"}}
)

// answers are wordings for an option: its label, other words for it, its key.
func answers(o supportbot.Option, lang supportbot.Language) []string {
	list := []string{o.Label[lang]}
	if o.Key != "" {
		list = append(list, o.Key)
	}
	return append(list, some(o.Also[lang], 2)...)
}

// typed are answers to a question that takes more than its options: right ones,
// the longest that fits, and wrong ones.
func typed(s supportbot.Slot, lang supportbot.Language) (right, wrong []string) {
	const digits = "135790246813579"
	switch s.Type {
	case supportbot.SlotPhone:
		return []string{"13800138000", "010-62345678", "+8613800138000"}, []string{"12", "1380013800013800138000"}
	case supportbot.SlotDigits:
		right = []string{digits[:max(1, min(s.Min, len(digits)))], digits[:max(1, min(s.Max, len(digits)))]}
		return right, []string{digits[:max(1, s.Min-1)], digits + "1"}
	case supportbot.SlotText:
		long := s.Max
		if long == 0 {
			long = longestText
		}
		word := map[supportbot.Language]string{supportbot.Chinese: "型号", supportbot.English: "model X "}[lang]
		return []string{"A920", fill(word, long)}, []string{fill(word, long+1)}
	}
	return nil, nil
}

// longestText is how many characters of free words a question takes at most.
const longestText = 200

// fill repeats a word up to n characters.
func fill(word string, n int) string {
	letters := []rune(word)
	text := make([]rune, n)
	for i := range text {
		text[i] = letters[i%len(letters)]
	}
	return string(text)
}
