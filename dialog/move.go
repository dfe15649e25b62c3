package dialog

import (
	"cmp"
	"time"

	"supportbot"
)

// move has a caller go on in writing, where what was said last is said again, as it
// is written. Whoever holds that telephone is not proven to be who was on the line:
// what requires an identity has it verified anew. At a number that the caller keyed
// in nothing but an article is said again, which anybody may read, and what was
// answered once for all is forgotten.
func (t *turn) move() {
	if !t.s.Channel.IsVoice() {
		t.advance()
		return
	}
	t.s.Channel = cmp.Or(t.e.To, supportbot.SMS)
	hello, again := patternMoved, true
	if t.e.Keyed {
		hello, t.s.Known = patternMovedTo, nil
		again = len(t.s.Stack) == 0 || t.started() == patternMore
	}
	for _, f := range t.s.Stack {
		if f.Proof != nil {
			f.Proof.Until = time.Time{}
			again = false // what only a proof has opened is not said again
		}
	}
	switch {
	case t.s.Case != nil:
		t.tell(hello)
	case len(t.s.Stack) == 0 && t.s.Topic == "":
		t.greet(hello)
	default:
		t.pattern(hello, nil)
		if !again || !t.repeat() {
			t.advance()
		}
	}
}
