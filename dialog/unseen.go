package dialog

import "supportbot"

// sent handles what came without words and cannot be seen: the open question
// stays open.
func (t *turn) sent() {
	if len(t.e.Masked) > 0 {
		t.pattern(patternSecret, nil)
	}
	t.pattern(unseen(t.e.Unseen), nil)
	t.advance()
}

// unseen is the pattern that tells a person what cannot be seen, and what to
// send instead.
func unseen(what supportbot.Unseen) string {
	switch what {
	case supportbot.Picture:
		return patternPicture
	case supportbot.Photo:
		return patternPhoto
	case supportbot.LostPicture:
		return patternNoPicture
	case supportbot.Sound:
		return patternSound
	case supportbot.Edit:
		return patternEdit
	case supportbot.Group:
		return patternGroup
	}
	return patternSomething
}
