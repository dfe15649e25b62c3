package kb

import (
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"supportbot"
)

// chosen tells whether a message names one of the options of a slot by itself:
// by number, value, label or other words.
func chosen(bareText string, options []supportbot.Option) (string, bool) {
	if i, ok := ordinal(bareText, options); ok {
		return options[i].Value, true
	}
	if value, ok := called(bareText, options); ok {
		return value, true
	}
	if bareText != "" && noneOfThese.MatchString(bareText) && slices.ContainsFunc(options, func(o supportbot.Option) bool { return o.Value == "none" }) {
		return "none", true
	}
	return "", false
}

// called tells which option a text calls by its value, label or other words.
func called(bareText string, options []supportbot.Option) (string, bool) {
	for _, o := range options {
		for w := range wordsFor(o) {
			if optionWord(w).bare == bareText {
				return o.Value, true
			}
		}
	}
	return "", false
}

// nearly tells which option's label a clause says with up to three words more:
// 我自己打个电话 for 我自己打电话. A short label is met by chance, and a "not"
// makes it the opposite.
func nearly(clause string, options []supportbot.Option) (string, bool) {
	us := stems(units(clause))
	for _, o := range options {
		for _, label := range o.Label {
			words := optionWord(label).stems
			if len(words) < 4 || denies(words) {
				continue
			}
			for start := range us {
				if n := within(words, us[start:]); n > 0 && n <= len(words)+3 && !denies(us[max(0, start-3):start+n]) {
					return o.Value, true
				}
			}
		}
	}
	return "", false
}

// within returns how far one must read in a text that begins with the first of
// some words to find them all, in their order; 0 if they are not there.
func within(words, text []string) int {
	found := 0
	for i, u := range text {
		if u == words[found] {
			if found++; found == len(words) {
				return i + 1
			}
		} else if i == 0 {
			return 0
		}
	}
	return 0
}

var noneOfThese = regexp.MustCompile(`^(以上|这些|这几个)?(都|全)?(不是|没有|不对)(这些|的)?$|^(none|neither)( of (these|them|those|the above))?$|^(something|anything) else$|^no$`)

// spelt is a word of an option as texts are compared with it.
type spelt struct {
	bare  string
	stems []string
}

// spellings keeps those of the words of content, which are asked for with every
// message. There are as many as content has.
var spellings sync.Map

func optionWord(word string) spelt {
	if kept, ok := spellings.Load(word); ok {
		return kept.(spelt)
	}
	normal := normalise(word)
	s := spelt{bare: bare(normal), stems: stems(units(normal))}
	spellings.Store(word, s)
	return s
}

// wordsFor yields all that an option is called.
func wordsFor(o supportbot.Option) iter.Seq[string] {
	return func(yield func(string) bool) {
		told := func(w string) bool { return strings.TrimSpace(w) == "" || yield(w) }
		if !told(o.Value) {
			return
		}
		for _, lang := range supportbot.Languages {
			if !told(o.Label[lang]) || slices.ContainsFunc(o.Also[lang], func(w string) bool { return !told(w) }) {
				return
			}
		}
	}
}

var (
	zhOrdinal = regexp.MustCompile(`^(?:我|就|那|还是|想|要|选|选择|按|输入|用|是)*(第)?([0-9零一二两三四五六七八九十]{1,3})(?:个|项|号|种|条|款|步)?(?:吧|的|那个)?$`)
	enOrdinal = regexp.MustCompile(`^(?:i|i'll|i'd|want|choose|pick|select|take|would|like|go|with|press|it's|is|option|number|choice|no|the|#| )*?(?:(\d{1,2})|([a-z]+)|(\d{1,2})(?:st|nd|rd|th))(?: one| option| choice| please)*$`)
	enNumbers = map[string]int{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
		"first": -1, "second": -2, "third": -3, "fourth": -4, "fifth": -5, "sixth": -6, "seventh": -7, "eighth": -8}
	lastOne = regexp.MustCompile(`^(我?选?)?最后(一个|一项|一种|那个)?$|^(the )?last( one| option)?$`)
)

// ordinal reads a choice by number. A bare number is the key beside an option
// where options have keys, and its place otherwise; "the second" is a place.
func ordinal(text string, options []supportbot.Option) (int, bool) {
	if len(options) == 0 {
		return 0, false
	}
	if lastOne.MatchString(text) {
		return len(options) - 1, true
	}
	n, place := 0, false
	if m := zhOrdinal.FindStringSubmatch(text); m != nil {
		var ok bool
		if n, ok = count(m[2]); !ok {
			return 0, false
		}
		place = m[1] != "" || strings.ContainsAny(text, "个项种条款")
	} else if m := enOrdinal.FindStringSubmatch(text); m != nil {
		switch {
		case m[1] != "":
			n, _ = count(m[1])
		case m[3] != "":
			n, _ = count(m[3])
			place = true
		default:
			n = enNumbers[m[2]]
			if n < 0 {
				n, place = -n, true
			}
		}
	}
	if !place {
		for i, o := range options {
			if o.Key == strconv.Itoa(n) {
				return i, true
			}
		}
	}
	return n - 1, n >= 1 && n <= len(options) && (place || options[n-1].Key == "")
}

// mention is where the words of an option stand in a clause.
type mention struct {
	option     int
	start, end int
	denied     bool
}

// mentions finds the options that a clause names. Of two that overlap the
// longer one stands.
func mentions(clause string, options []supportbot.Option) []mention {
	us := stems(units(clause))
	var found []mention
	for i, o := range options {
		for w := range wordsFor(o) {
			words := optionWord(w).stems
			if len(words) == 0 || len(words) == 1 && len(words[0]) < 3 {
				continue // a letter, a digit or two letters say too little inside a sentence
			}
			for at := 0; at+len(words) <= len(us); at++ {
				if slices.Equal(us[at:at+len(words)], words) {
					found = append(found, mention{i, at, at + len(words), denies(us[max(0, at-3):at])})
				}
			}
		}
	}
	var longest []mention
	for _, m := range found {
		if !slices.ContainsFunc(found, func(o mention) bool {
			return o.end-o.start > m.end-m.start && o.start < m.end && m.start < o.end
		}) {
			longest = append(longest, m)
		}
	}
	return longest
}

// without returns a normal text less the words of options.
func without(options []supportbot.Option, normal string) string {
	us := units(normal)
	for _, m := range mentions(normal, options) {
		for i := m.start; i < m.end; i++ {
			us[i] = ""
		}
	}
	return tighten(strings.Join(us, " "))
}

// denies tells whether words turn what follows into its opposite.
func denies(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool {
		return strings.HasSuffix(w, "n't") || slices.Contains([]string{"不", "没", "非", "别", "not", "no", "never"}, w)
	})
}

// named returns the one option that the clauses name and do not deny, and the
// clauses that do not name it.
func named(clauses []string, options []supportbot.Option) (value string, left []string, ok bool) {
	for _, c := range clauses {
		used := false
		for _, m := range mentions(c, options) {
			used = true
			if m.denied {
				continue
			}
			if v := options[m.option].Value; !ok {
				value, ok = v, true
			} else if v != value {
				return "", nil, false
			}
		}
		if !used {
			left = append(left, c)
		}
	}
	return value, left, ok
}
