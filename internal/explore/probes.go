package explore

import (
	"bytes"
	"fmt"
	"strings"

	"supportbot"
	"supportbot/internal/transcript"
)

// probes try what must be possible from everywhere, each on a copy of the
// conversation. They return where that came to, and a breach without a name if it
// was not possible.
var probes = []struct {
	name string
	run  func(*Explorer, *conversation) (*conversation, *breach)
}{
	{"whoever only mumbles is led to an end or an agent", mumbles},
	{"whoever is only silent is led to an end or an agent", isSilent},
	{"whoever wants an agent gets one", getsAgent},
	{"every choice that is offered can be taken", choices},
}

const (
	maxMumbles = 30 // turns; several flows may be open, and each asks a few times
	maxWishes  = 3
)

// probe runs all probes (name ""), or only the one of that name.
func (e *Explorer) probe(c *conversation, name string) *Finding {
	for _, p := range probes {
		if name != "" && name != p.name {
			continue
		}
		fork, b := p.run(e, c)
		switch {
		case b == nil:
		case b.invariant == "":
			return fork.finding(breach{p.name, b.saw}, len(c.turns))
		default: // on the way something else went wrong
			return fork.finding(*b, len(fork.turns))
		}
	}
	return nil
}

func mumbles(e *Explorer, c *conversation) (*conversation, *breach) {
	return e.until(c, maxMumbles, settled, func(f *conversation) transcript.Turn { return says(mumble[f.session.Language]) })
}

func isSilent(e *Explorer, c *conversation) (*conversation, *breach) {
	return e.until(c, maxMumbles, settled, func(f *conversation) transcript.Turn {
		if f.channel.IsVoice() {
			return happens("silence")
		}
		return waits("25h")
	})
}

func getsAgent(e *Explorer, c *conversation) (*conversation, *breach) {
	live := func(f *conversation) bool { return f.session.Case != nil }
	return e.until(c, maxWishes, live, func(f *conversation) transcript.Turn { return says(wantsAgent[f.session.Language]) })
}

func settled(c *conversation) bool { return c.session.Case != nil || len(c.session.Stack) == 0 }

// until plays turns until the conversation is where it should come to.
func (e *Explorer) until(c *conversation, limit int, done func(*conversation) bool, next func(*conversation) transcript.Turn) (*conversation, *breach) {
	f := c.fork()
	for range limit {
		if done(f) {
			return f, nil
		}
		if _, b := e.take(f, next(f)); b != nil {
			return f, b
		}
	}
	if done(f) {
		return f, nil
	}
	return f, &breach{saw: fmt.Sprintf("still at %s after %d turns", f.place(), limit)}
}

// choices presses every button of the last reply. One that is understood does
// something else than one that was never shown; its key and its label do the
// same.
func choices(e *Explorer, c *conversation) (*conversation, *breach) {
	if c.session.Case != nil && c.session.Case.Agent != "" {
		return c, nil
	}
	stranger, now := e.after(c, taps("no-such-button")), len(c.player.Transcript)
	for _, choice := range c.choices {
		if len(c.session.Stack) == 0 && choice.Value == "control:menu" {
			continue // what a stranger leads to as well
		}
		if len(c.session.Stack) == 0 && strings.Contains(choice.Value, "=") {
			continue // an answer to what was given up in the same wait
		}
		pressed := e.after(c, taps(choice.Value))
		if stranger.same(pressed, now) {
			return pressed, &breach{saw: fmt.Sprintf("the button %s (%q) is not understood", choice.Value, choice.Label)}
		}
		if !offers(c.asks.Slot, choice.Value) {
			continue
		}
		for _, input := range c.otherWays(choice) {
			if other := e.after(c, input); !other.same(pressed, now) {
				return other, &breach{saw: fmt.Sprintf("%s%s is not taken for the choice %s", input.User, input.Digits, choice.Value)}
			}
		}
	}
	return c, nil
}

// otherWays are how an answer can be given beside its button.
func (c *conversation) otherWays(choice supportbot.Choice) []transcript.Turn {
	var inputs []transcript.Turn
	if c.choicesIn == c.session.Language {
		inputs = append(inputs, says(choice.Label))
	}
	switch {
	case choice.Key == "":
	case c.channel.IsVoice():
		inputs = append(inputs, presses(choice.Key))
	case c.channel == supportbot.SMS && closed(c.asks.Slot):
		inputs = append(inputs, says(choice.Key))
	}
	return inputs
}

// after is the conversation one turn further.
func (e *Explorer) after(c *conversation, t transcript.Turn) *conversation {
	f := c.fork()
	e.take(f, t) // a breach is found again when the walk comes here
	return f
}

// same tells whether two conversations that parted after so many messages are
// and say the same.
func (c *conversation) same(other *conversation, parted int) bool {
	return bytes.Equal(c.player.Thread.Session, other.player.Thread.Session) && c.said(parted) == other.said(parted)
}

// said is what the bot has said since so many messages.
func (c *conversation) said(since int) string {
	var said []string
	for _, m := range c.player.Transcript[since:] {
		if m.From == supportbot.FromBot {
			said = append(said, text(m))
		}
	}
	return strings.Join(said, "\n")
}

// closed tells whether a slot takes nothing but its options.
func closed(s supportbot.Slot) bool {
	return s.Type == supportbot.SlotEnum || s.Type == supportbot.SlotBool || s.Type == supportbot.SlotPick
}
