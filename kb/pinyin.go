package kb

import (
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
)

// syllable returns how a Chinese character is read, without its tone; "" if
// that is not known.
func syllable(r rune) string {
	reading, _, _ := strings.Cut(pinyin.PinyinDict[int(r)], ",")
	return toneless.Replace(reading)
}

var toneless = strings.NewReplacer(
	"ā", "a", "á", "a", "ǎ", "a", "à", "a", "ē", "e", "é", "e", "ě", "e", "è", "e", "ī", "i", "í", "i", "ǐ", "i", "ì", "i",
	"ō", "o", "ó", "o", "ǒ", "o", "ò", "o", "ū", "u", "ú", "u", "ǔ", "u", "ù", "u", "ü", "v", "ǖ", "v", "ǘ", "v", "ǚ", "v", "ǜ", "v",
)

// syllables is every reading of the common characters.
var syllables = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for r := rune(0x4e00); r <= 0x9fa5; r++ {
		if s := syllable(r); strings.ContainsAny(s, "aeiouv") {
			set[s] = true
		}
	}
	return set
})

// maxSpelling is the length in bytes up to which a word may be pinyin; trying
// every cut of a longer one would take long.
const maxSpelling = 24

// spell cuts a word in Latin letters into pinyin syllables, the longest first;
// nil if it is not made of them.
func spell(word string) []string {
	if len(word) > maxSpelling {
		return nil
	}
	if word == "" {
		return []string{}
	}
	for n := min(6, len(word)); n > 0; n-- {
		if syllables()[word[:n]] {
			if rest := spell(word[n:]); rest != nil {
				return append([]string{word[:n]}, rest...)
			}
		}
	}
	return nil
}

// readAloud gives the syllables of units: of Chinese characters their readings,
// of words in pinyin their syllables, of anything else the unit itself.
func readAloud(units []string, pinyin bool) []string {
	list := make([]string, 0, len(units))
	for _, u := range units {
		r, size := utf8.DecodeRuneInString(u)
		switch {
		case isHan(r) && size == len(u):
			list = append(list, syllable(r))
		case pinyin && spell(u) != nil:
			list = append(list, spell(u)...)
		default:
			list = append(list, u)
		}
	}
	return list
}
