package twilio

import (
	"regexp"
	"strings"
	"unicode"

	"supportbot"
	"supportbot/channels"
)

// speech is how a language is spoken and heard: by a voice of Amazon Polly that
// <Say> offers, and by the recogniser of <Gather>, which calls Mandarin
// otherwise than <Say> does.
// https://www.twilio.com/docs/voice/twiml/say/text-speech,
// https://www.twilio.com/docs/voice/twiml/gather#languagetags
type speech struct{ say, voice, gather string }

var speeches = map[supportbot.Language]speech{
	supportbot.Chinese: {"zh-CN", "Polly.Zhiyu-Neural", "cmn-Hans-CN"},
	supportbot.English: {"en-US", "Polly.Joanna-Neural", "en-US"},
}

// say speaks a text in a language, or in the other one if it is written in that:
// an agent may answer in either.
func say(l supportbot.Language, text string) element {
	s := speeches[languageOf(text, l)]
	return verb("Say", "language", s.say, "voice", s.voice).with(digitByDigit(text)...)
}

// languageOf tells the language of a text by its letters, l if it has none.
func languageOf(text string, l supportbot.Language) supportbot.Language {
	switch {
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }):
		return supportbot.Chinese
	case strings.ContainsFunc(text, unicode.IsLetter):
		return supportbot.English
	}
	return l
}

// figures finds years and amounts, which are read as such, and in its group
// what else has three digits or more.
var figures = regexp.MustCompile(`\b(?:in|since) (?:19|20)[0-9]{2}\b|[0-9]+(?:[.,][0-9]+| ?(?:年|元|块|万|千|笔|天|个|家|%|yuan|percent|days|years|dollars))|([0-9]{3,})`)

// digitByDigit has telephone numbers and the like read one digit after the
// other, so that they can be written down.
func digitByDigit(text string) []element {
	var spoken []element
	from := 0
	for _, at := range figures.FindAllStringSubmatchIndex(text, -1) {
		number, end := at[2], at[3]
		if number < 0 {
			continue
		}
		if number > from {
			spoken = append(spoken, words(text[from:number]))
		}
		spoken = append(spoken, verb("say-as", "interpret-as", "digits").with(words(text[number:end])))
		from = end
	}
	if from < len(text) {
		spoken = append(spoken, words(text[from:]))
	}
	return spoken
}

// spoken is what is said of a message on the phone.
func spoken(m supportbot.Message) string {
	if m.Spoken != "" {
		return m.Spoken
	}
	return channels.PlainText(m.Text)
}
