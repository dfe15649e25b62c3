package twilio

import (
	"strings"

	"supportbot"
)

// wish is what a person says about being written to at all.
type wish int

const (
	noWish wish = iota
	stop        // hear nothing more
	start       // hear from us again
)

// stops and starts are the keywords of SMS that Twilio itself obeys and answers,
// so that we must not differ:
// https://help.twilio.com/articles/223134027. What it does not know is Chinese.
var (
	stops    = map[string]bool{"STOP": true, "STOPALL": true, "UNSUBSCRIBE": true, "CANCEL": true, "END": true, "QUIT": true, "REVOKE": true, "OPTOUT": true}
	starts   = map[string]bool{"START": true, "UNSTOP": true, "YES": true}
	ourStop  = map[string]bool{"退订": true, "退訂": true, "TD": true}
	ourStart = map[string]bool{"取消退订": true, "取消退訂": true, "恢复": true, "恢復": true}
)

// wordEnds is what people put around a word that stands alone.
const wordEnds = " \t\r\n.。!！\"“”"

// wishOf reads the wish of a message. answered tells that Twilio answers it. A
// word that means something else in a conversation, such as YES, is a wish only of
// somebody who has stopped; and on WhatsApp, where Twilio obeys no keywords,
// CANCEL and the like never are.
func wishOf(c supportbot.Channel, text string, stopped bool) (w wish, answered bool) {
	word := strings.ToUpper(strings.Trim(text, wordEnds))
	switch {
	case ourStop[word]:
		return stop, false
	case ourStart[word]:
		return start, false
	case c == supportbot.WhatsApp && (word == "STOP" || word == "STOPALL" || word == "UNSUBSCRIBE"):
		return stop, false
	case c == supportbot.WhatsApp && (word == "START" || word == "UNSTOP"):
		return start, false
	case c == supportbot.WhatsApp:
		return noWish, false
	case stops[word]:
		return stop, true
	case word == "START", word == "UNSTOP", starts[word] && stopped:
		return start, true
	}
	return noWish, false
}
