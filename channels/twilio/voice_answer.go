package twilio

import (
	"slices"
	"strconv"
	"strings"

	"supportbot"
)

// answer is what a caller hears of a turn. It knows nothing but the place of the
// hop and the recorded outcome, so that a repeat is answered with the same bytes.
// While an agent is in it, what is said comes from the transcript instead: agents
// speak between hops.
func answer(p place, out supportbot.Outcome) []element {
	p.n, p.intro, p.tries, p.polls = p.n+1, 0, 0, 0
	if out.Language.Valid() {
		p.lang = out.Language
	}
	if out.Case != nil && out.Case.State.Live() {
		p.queued = true
		return p.to(pathWait, func(*place) {})
	}
	p.queued, p.told, p.heard = false, "", max(p.heard, out.Seq)
	for _, m := range out.Replies {
		p.heard = max(p.heard, m.Seq)
	}
	return speak(p, out.Replies, out.Ended)
}

// speak says messages and listens. What must be heard comes before the listening,
// with all that was said before it, so that no key cuts it short. A call in which
// nothing is open any more ends with the next silence.
func speak(p place, said []supportbot.Message, ended bool) []element {
	must, may := split(said)
	verbs := sayAll(p.lang, must)
	q := questionOf(said)
	prompt := sayAll(p.lang, may)
	if q.keys > 1 {
		prompt = append(prompt, say(p.lang, thenHash[p.lang]))
	}
	if p.texts && abridged(said) {
		prompt = append(prompt, say(p.lang, orText[p.lang]))
	}
	if !ended {
		return append(verbs, listen(p, "true", q, prompt...))
	}
	prompt = append(prompt, say(p.lang, anythingElse[p.lang]))
	return append(verbs, listen(p, "false", q, prompt...), say(p.lang, goodbyes[p.lang]), verb("Hangup"))
}

// split returns messages up to the last that must be heard, and the others.
func split(said []supportbot.Message) (must, may []supportbot.Message) {
	for i, m := range slices.Backward(said) {
		if m.Notice {
			return said[:i+1], said[i+1:]
		}
	}
	return nil, said
}

func sayAll(l supportbot.Language, said []supportbot.Message) (verbs []element) {
	agent := false
	for _, m := range said {
		text := spoken(m)
		if strings.TrimSpace(text) == "" { // of marks alone; Twilio takes no empty <Say>
			continue
		}
		if m.From == supportbot.FromAgent && !agent { // the voice is the bot's
			text = agentSays[languageOf(text, l)] + text
		}
		agent = m.From == supportbot.FromAgent
		verbs = append(verbs, say(l, text))
	}
	return verbs
}

// asked is what a <Gather> is told of the open question.
type asked struct {
	hints   string // what is likely to be said
	keys    int    // how many there may be; 0: any number, up to #
	timeout int    // seconds without a sound, or between two keys, after which it ends
}

// How long to wait for an answer, in seconds.
const (
	thinkTime = 8 // for the first word or key: old people look for the key first
	typeTime  = 6 // for the next digit of a number that is read off a slip
)

// questionOf is the question that messages end with. Whatever else is said, one
// key steers: 0 is the agent, 9 repeats, the star changes the language.
func questionOf(said []supportbot.Message) asked {
	q := asked{keys: 1, timeout: thinkTime}
	if len(said) == 0 {
		return q
	}
	last := said[len(said)-1]
	if last.Keys > 1 {
		q.keys, q.timeout = last.Keys, typeTime
	}
	var labels []string
	for _, c := range last.Choices {
		labels = append(labels, strings.ReplaceAll(c.Label, ",", " "))
	}
	q.hints = strings.Join(labels, ",")
	return q
}

// listen takes keys or words, and brings them to the next hop. empty tells whether
// silence comes there too; else the call goes on behind it.
func listen(p place, empty string, q asked, prompt ...element) element {
	return listenAt(pathTurn, p, empty, q, prompt...)
}

// listenAt is listen for a hop of another path.
func listenAt(path string, p place, empty string, q asked, prompt ...element) element {
	attributes := []string{
		"input", "dtmf speech", "action", p.url(path), "method", "POST", "language", speeches[p.lang].gather,
		"speechTimeout", "auto", "actionOnEmptyResult", empty,
	}
	if q.timeout > 0 {
		attributes = append(attributes, "timeout", strconv.Itoa(q.timeout))
	}
	if q.hints != "" {
		attributes = append(attributes, "hints", q.hints)
	}
	switch {
	case q.keys == 1:
		attributes = append(attributes, "numDigits", "1", "finishOnKey", "") // # and * are keys as well
	case q.keys > 1:
		attributes = append(attributes, "numDigits", strconv.Itoa(q.keys), "finishOnKey", "#")
	}
	return verb("Gather", attributes...).with(prompt...)
}
