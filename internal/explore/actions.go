package explore

import (
	"math/rand/v2"
	"slices"
	"strings"

	"supportbot"
	"supportbot/internal/transcript"
)

// action is something that can be done at a place, in one of several ways.
type action struct {
	name    string
	turn    func(string) transcript.Turn
	ways    []string
	forward bool // it goes on with what is open: an answer, an agent's act
}

// pick chooses one of the ways.
func (a action) pick(rng *rand.Rand) transcript.Turn { return a.turn(a.ways[rng.IntN(len(a.ways))]) }

// What can happen in a turn.
func says(what string) transcript.Turn    { return transcript.Turn{User: what} }
func taps(what string) transcript.Turn    { return transcript.Turn{Choice: what} }
func presses(what string) transcript.Turn { return transcript.Turn{Digits: what} }
func happens(what string) transcript.Turn { return transcript.Turn{Event: what} }
func acts(what string) transcript.Turn    { return transcript.Turn{Agent: what} }
func waits(what string) transcript.Turn   { return transcript.Turn{Wait: what} }

// actions gathers what can be done.
type actions struct {
	list    []action
	forward bool
}

// add leaves out ways that are empty.
func (l *actions) add(name string, turn func(string) transcript.Turn, ways ...string) {
	ways = slices.DeleteFunc(slices.Clone(ways), func(w string) bool { return w == "" })
	if len(ways) > 0 {
		l.list = append(l.list, action{name, turn, ways, l.forward})
	}
}

// actions lists what the person, an agent and time can do now.
func (e *Explorer) actions(c *conversation) []action {
	l := actions{forward: true}
	answer(&l, c)
	agents(&l, c)
	l.forward = false
	correct(&l, c)
	e.steer(&l, c)
	e.digress(&l, c)
	again(&l, c)
	e.claim(&l, c)
	passes(&l, c)
	return l.list
}

// answer adds the answers to the open question.
func answer(l *actions, c *conversation) {
	lang := c.session.Language
	for _, o := range c.asks.Slot.Options {
		if c.channel.IsVoice() {
			l.add("key "+o.Value, presses, o.Key)
		} else {
			l.add("button "+o.Value, taps, button(c.asks.Slot, o))
		}
		l.add("say "+o.Value, says, answers(o, lang)...)
		l.add("say it in the other language", says, o.Label[other(lang)])
	}
	right, wrong := typed(c.asks.Slot, lang)
	l.add("type", says, right...)
	if c.channel.IsVoice() && c.asks.Slot.Type != supportbot.SlotText {
		l.add("type keys", presses, right...)
	}
	l.add("mistype", says, wrong...)
}

// correct adds corrections of earlier answers.
func correct(l *actions, c *conversation) {
	lang := c.session.Language
	for _, s := range c.asks.Answered {
		cue := map[supportbot.Language]string{supportbot.Chinese: "说错了，应该是", supportbot.English: "sorry, I meant "}[lang]
		var ways []string
		for _, o := range s.Options {
			ways = append(ways, cue+o.Label[lang])
		}
		right, _ := typed(s, lang)
		for _, value := range right {
			ways = append(ways, cue+value)
		}
		l.add("correct", says, ways...)
	}
}

func other(lang supportbot.Language) supportbot.Language {
	if lang == supportbot.Chinese {
		return supportbot.English
	}
	return supportbot.Chinese
}

// steer adds what can be said anywhere.
func (e *Explorer) steer(l *actions, c *conversation) {
	lang := c.session.Language
	for _, id := range []string{"cancel", "back", "repeat", "menu", "greet", "thanks", "goodbye", "talk-to-agent", "affirm", "deny", "change-language"} {
		l.add(id, says, e.words.controls[id][lang]...)
	}
	l.add("talk-to-agent", says, wantsAgent[lang])
	l.add("no-match", says, e.words.noise[lang]...)
	l.add("out of scope", says, e.words.outside[lang]...)
	l.add("take time", says, takesTime[lang]...)
	l.add("secret", says, secrets[lang]...)
	l.add("open", happens, "open")
	l.add("hang up", happens, "hangup")
	if c.channel.IsVoice() {
		l.add("silence", happens, "silence")
		l.add("key 0", presses, "0")
		l.add("key 9", presses, "9")
		l.add("wrong key", presses, "7", "88", "#")
		return
	}
	l.add("silence", waits, "21m", "65m", "25h")
	l.add("button of the language", taps, "language:"+string(other(lang)))
	l.add("button that was never shown", taps, "no-such-button")
}

// digress adds other subjects.
func (e *Explorer) digress(l *actions, c *conversation) {
	lang := c.session.Language
	at := place(c.session)
	l.add("digress to an article", says, few(at, e.words.articles[lang])...)
	l.add("digress to a flow", says, few(at, e.words.flows[lang])...)
	l.add("digress vaguely", says, vague[lang]...)
	l.add("digress in the other language", says, few(at, e.words.articles[other(lang)])...)
	if !c.channel.IsVoice() {
		var topics []string
		for _, id := range e.words.topics {
			topics = append(topics, "topic:"+id)
		}
		l.add("button of a topic", taps, topics...)
	}
}

// again adds what was done before: the same turn, buttons of earlier replies.
func again(l *actions, c *conversation) {
	if n := len(c.turns); n > 0 {
		last := c.turns[n-1]
		for _, way := range []struct {
			turn func(string) transcript.Turn
			what string
		}{{taps, last.Choice}, {presses, last.Digits}, {says, last.User}} {
			l.add("the same again", way.turn, way.what)
		}
	}
	if c.channel.IsVoice() {
		return
	}
	for _, choice := range c.choices {
		kind, _, steers := strings.Cut(choice.Value, ":")
		if steers && !offers(c.asks.Slot, choice.Value) {
			l.add("button "+kind+" below", taps, choice.Value)
		}
	}
	stale := slices.DeleteFunc(slices.Clone(c.offered), func(value string) bool { return offers(c.asks.Slot, value) })
	l.add("stale button", taps, stale...)
}

// button is the value of an option's button.
func button(s supportbot.Slot, o supportbot.Option) string {
	if strings.Contains(o.Value, ":") {
		return o.Value // it starts something by itself
	}
	return s.Name + "=" + o.Value
}

// offers tells whether a button is one of a slot's.
func offers(s supportbot.Slot, pressed string) bool {
	return slices.ContainsFunc(s.Options, func(o supportbot.Option) bool { return button(s, o) == pressed })
}

// agents adds what the agent can do with the case.
func agents(l *actions, c *conversation) {
	k := c.player.Thread.Case
	if k == nil || !k.State.Live() {
		return
	}
	if k.State == supportbot.CaseWaiting {
		l.add("agent claims", acts, "claim")
		return
	}
	l.add("agent writes", acts, "message 您好 / hello")
	l.add("agent releases", acts, "release")
	l.add("agent closes", acts, "close")
	for _, verdict := range supportbot.AgentVerdicts {
		l.add("outcome "+string(verdict), acts, "outcome "+string(verdict))
	}
}

// passes adds time.
func passes(l *actions, c *conversation) {
	l.add("time passes", waits, "1m", "35m")
	if c.session.Case != nil {
		l.add("nobody comes", waits, "4m", "20m", "65m", "25h")
	}
}
