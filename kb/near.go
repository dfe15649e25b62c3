package kb

import (
	"slices"
	"strings"
)

// Near groups phrases of one language that differ in nothing but marks, order and
// words without a meaning of their own, in the order of their first ones.
func Near(phrases []Phrase) (groups [][]Phrase) {
	type essence struct {
		language string
		words    string
	}
	where := map[essence]int{}
	for _, p := range phrases {
		words := slices.DeleteFunc(stems(units(normalise(p.Text))), func(w string) bool {
			return empty[w] || strings.TrimFunc(w, isMark) == ""
		})
		slices.Sort(words)
		key := essence{string(p.Language), strings.Join(words, " ")}
		if key.words == "" {
			continue
		}
		i, ok := where[key]
		if !ok {
			i = len(groups)
			where[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], p)
	}
	return slices.DeleteFunc(groups, func(g []Phrase) bool { return len(g) < 2 })
}

// empty are words that can be left out of a sentence, or put into it.
var empty = func() map[string]bool {
	words := map[string]bool{"a": true, "an": true, "the": true, "pleas": true, "please": true}
	for _, r := range "的了吗呢啊呀吧嘛哦哈啦噢喔诶呗" {
		words[string(r)] = true
	}
	return words
}()
