package kb

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"

	"supportbot"
)

// neutral words are used in both languages, so they do not tell which.
var neutral = set(`ok okay pos app apps sim wifi atm qr nfc sms id pin cvv vip vpn usb pc ic ems gprs bot ai
	lakala shengpay shengfutong ruiyinxin unionpay alipay wechat visa mastercard newland pax verifone ingenico
	apple android iphone huawei xiaomi`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// Language tells in which language a text is written: by Chinese characters,
// unless as many or more English words stand around them (a Chinese brand name
// in an English sentence); then by English words; then, if all words are clearly
// pinyin, Chinese. It is "" when the words do not tell: names, models, numbers.
func Language(text string) supportbot.Language {
	return languageOf(units(normalise(text)))
}

func languageOf(units []string) supportbot.Language {
	han, words := 0, 0
	for i, u := range units {
		r, _ := utf8.DecodeRuneInString(u)
		switch {
		case isHan(r):
			han++
		case unicode.Is(unicode.Latin, r) && len(u) > 1 && !neutral[u] && !beside(units, i):
			words++
		}
	}
	switch {
	case han > words:
		return supportbot.Chinese
	case isPinyin(units):
		return supportbot.Chinese
	case words > 0:
		return supportbot.English
	default:
		return ""
	}
}

// beside tells whether a word belongs to a model such as MF919 or A8 pro.
func beside(units []string, i int) bool {
	digits := func(j int) bool { return j >= 0 && j < len(units) && isDigit(rune(units[j][0])) }
	return len(units[i]) <= 3 && (digits(i-1) || digits(i+1))
}

// isPinyin tells whether a text is surely pinyin: four syllables or more, or
// three with one that English cannot begin with, and no English function word.
func isPinyin(units []string) bool {
	n, telling := 0, false
	for _, u := range units {
		if neutral[u] || isDigit(rune(u[0])) {
			continue
		}
		s := spell(u)
		if s == nil || english.IsStopWord(u) || concepts()[hashAll(stems([]string{u}))] != "" {
			return false // "change machine" could be cut into syllables too
		}
		n += len(s)
		for _, syllable := range s {
			telling = telling || strings.HasPrefix(syllable, "zh") || syllable[0] == 'x' || syllable[0] == 'q'
		}
	}
	return n > 3 || n == 3 && telling
}
