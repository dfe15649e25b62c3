package channels

import (
	"strings"
	"time"
	"unicode"

	"supportbot"
)

// How fast a calm voice speaks.
const (
	charactersPerSecond = 4.5 // of Chinese
	wordsPerSecond      = 2.5 // of English
)

// SpeechTime is how long it takes to say a text on the phone.
func SpeechTime(text string, l supportbot.Language) time.Duration {
	rate := wordsPerSecond
	if l == supportbot.Chinese {
		rate = charactersPerSecond
	}
	return time.Duration(float64(Spoken(text, l)) / rate * float64(time.Second))
}

// Spoken counts what is said of a text: characters in Chinese, words in English,
// without punctuation. A number of three digits or more, such as a telephone
// number, is read digit by digit.
func Spoken(text string, l supportbot.Language) int {
	n := 0
	if l == supportbot.Chinese {
		for _, r := range text {
			if voiced(r) {
				n++
			}
		}
		return n
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '/' || r == '–' || r == '—' }) {
		digits := strings.Count(strings.Map(digitsAsOne, word), "1")
		switch {
		case digits > 2:
			n += digits
		case strings.ContainsFunc(word, voiced):
			n++
		}
	}
	return n
}

func voiced(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func digitsAsOne(r rune) rune {
	if unicode.IsDigit(r) {
		return '1'
	}
	return ' '
}
