package dialog

import (
	"time"

	"supportbot"
)

// move has a caller go on by SMS, where what was said last is said again, as it is
// written. Whoever holds that telephone is not proven to be who was on the line:
// what requires an identity has it verified anew.
func (t *turn) move() {
	if !t.s.Channel.IsVoice() {
		t.advance()
		return
	}
	t.s.Channel = supportbot.SMS
	proven := false
	for _, f := range t.s.Stack {
		if f.Proof != nil {
			f.Proof.Until = time.Time{}
			proven = true
		}
	}
	switch {
	case t.s.Case != nil:
		t.tell(patternMoved)
	case len(t.s.Stack) == 0 && t.s.Topic == "":
		t.greet(patternMoved)
	default:
		t.pattern(patternMoved, nil)
		if proven || !t.repeat() { // what only a proof has opened is not said again
			t.advance()
		}
	}
}
