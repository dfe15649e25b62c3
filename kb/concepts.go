package kb

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
)

//go:embed concepts.txt
var conceptsFile string

// concepts maps the hash of a sequence of stems, or of syllables, to the
// concept that it names.
var concepts = sync.OnceValue(func() map[uint64]string {
	byHash := map[uint64]string{}
	for line := range strings.Lines(conceptsFile) {
		name, words, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(name, "#") {
			continue
		}
		for word := range strings.SplitSeq(words, ",") {
			stems := stems(units(normalise(word)))
			byHash[hashAll(stems)] = name
			if sounds := readAloud(stems, false); len(sounds) > 1 {
				if h := hashAll(sounds); byHash[h] == "" {
					byHash[h] = name
				}
			}
		}
	}
	return byHash
})

func hashAll(words []string) uint64 {
	h := uint64(fnvOffset)
	for _, w := range words {
		h = mix(h, w)
	}
	return h
}

// maxMeanings bounds the concepts of a text, since every pair of them counts.
const maxMeanings = 20

// meanings lists the concepts in a text, the longest match first: as written
// or, failing that, as it sounds.
func meanings(units []string) []string {
	var list []string
	stems, sounds := stems(units), readAloud(units, false)
	for i := 0; i < len(stems) && len(list) < maxMeanings; {
		concept, n := longest(stems[i:])
		if c, m := longest(sounds[i:]); m > max(n, 1) {
			concept, n = c, m
		}
		if concept == "" {
			concept, n = inPinyin(units[i:])
		}
		if concept != "" {
			list = append(list, concept)
		}
		i += max(n, 1)
	}
	return list
}

// inPinyin returns the concept that the first words spell in pinyin, wholly and
// in more than one syllable: mima, "xie xie".
func inPinyin(words []string) (concept string, length int) {
	var spelt []string
	for n, w := range words[:min(len(words), 4)] {
		s := spell(w)
		if s == nil {
			break
		}
		spelt = append(spelt, s...)
		if c, m := longest(spelt); len(spelt) > 1 && m == len(spelt) {
			concept, length = c, n+1
		}
	}
	return concept, length
}

// longest returns the concept that the most of the first words name, and how
// many words those are.
func longest(words []string) (concept string, length int) {
	h := uint64(fnvOffset)
	for n, w := range words[:min(len(words), 7)] {
		h = mix(h, w)
		if c, ok := concepts()[h]; ok {
			concept, length = c, n+1
		}
	}
	return concept, length
}

// stems cuts English words down to their stems and leaves the rest.
func stems(units []string) []string {
	list := make([]string, len(units))
	for i, u := range units {
		if list[i] = u; u != "" && u[0] < utf8.RuneSelf && !isDigit(rune(u[0])) {
			list[i] = english.Stem(u, false)
		}
	}
	return list
}
