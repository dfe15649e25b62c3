package kb

import (
	"slices"
	"unicode/utf8"

	"supportbot"
)

// The groups of features. Each is brought to a length of its own, so that the
// many features of one group do not drown the few of another.
const (
	byCharacter = iota // Chinese characters, 1 to 3
	bySound            // pinyin syllables, 2 to 3: homophones survive
	byWord             // English stems
	byOrder            // pairs of stems that follow each other
	byCompany          // pairs of stems that stand close together, in either order
	bySpelling         // letters within English words, 2 to 4: typos survive
	byMeaning          // concepts and pairs of them, in either language
	groups
)

// edge stands before the first and after the last unit, so that a word that is
// the whole message differs from the same word inside a sentence.
const edge = "\x00"

// feature is a hashed n-gram of a group.
type feature struct {
	hash  uint64
	group uint8
}

// features lists the n-grams of a normal text, with repetitions.
func features(normal string) []feature {
	us := units(normal)
	for i, u := range us {
		if len(u) > 5 && isDigit(rune(u[0])) {
			us[i] = "#" // an account or an amount says only that it is there
		}
	}
	list := make([]feature, 0, 8*len(us))
	list = pairs(list, meanings(us))
	lang := languageOf(us)
	han := slices.ContainsFunc(us, startsHan)
	if lang == supportbot.Chinese || han && lang == "" {
		if han {
			list = grams(list, byCharacter, us, 1, 3)
		}
		return grams(list, bySound, readAloud(us, isPinyin(us)), 2, 3)
	}
	words := stems(us)
	list = grams(list, byWord, words, 1, 1)
	list = grams(list, byOrder, words, 2, 2)
	list = company(list, words)
	for _, u := range us {
		list = letters(list, u)
	}
	return list
}

func startsHan(unit string) bool {
	r, _ := utf8.DecodeRuneInString(unit)
	return isHan(r)
}

// FNV-1a, 64 bits, from RFC 9923.
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

func mix(h uint64, s string) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return (h ^ 0xff) * fnvPrime
}

// grams adds the n-grams of units, n from low to high; those of two or more
// may begin or end at the edge of the text.
func grams(list []feature, group uint8, units []string, low, high int) []feature {
	at := func(i int) string {
		if i < 0 || i >= len(units) {
			return edge
		}
		return units[i]
	}
	for i := -1; i < len(units); i++ {
		h := mix(fnvOffset, string(rune('a'+group)))
		for n := 1; n <= high && i+n <= len(units)+1; n++ {
			h = mix(h, at(i+n-1))
			if n < low || n == 1 && i < 0 || n > 2 && (i < 0 || i+n > len(units)) {
				continue
			}
			list = append(list, feature{h, group})
		}
	}
	return list
}

// near is how far apart two words may stand that keep company.
const near = 4

// company adds the pairs of words that stand near each other: "card was
// declined" and "declined my card" have one in common.
func company(list []feature, words []string) []feature {
	for i, a := range words {
		for _, b := range words[i+1 : min(i+1+near, len(words))] {
			h := mix(mix(fnvOffset, "c"), min(a, b))
			list = append(list, feature{mix(h, max(a, b)), byCompany})
		}
	}
	return list
}

// letters adds the 2- to 4-grams of a word between spaces.
func letters(list []feature, word string) []feature {
	padded := []rune(" " + word + " ")
	for i := range padded {
		for n := 2; n <= 4 && i+n <= len(padded); n++ {
			list = append(list, feature{mix(fnvOffset, string(padded[i:i+n])), bySpelling})
		}
	}
	return list
}

// pairs adds concepts and every pair of them, in the order of their names.
func pairs(list []feature, concepts []string) []feature {
	for i, a := range concepts {
		h := mix(mix(fnvOffset, "m"), a)
		list = append(list, feature{h, byMeaning})
		for _, b := range concepts[i+1:] {
			h = mix(mix(fnvOffset, "p"), min(a, b))
			list = append(list, feature{mix(h, max(a, b)), byMeaning})
		}
	}
	return list
}
