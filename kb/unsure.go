package kb

import "supportbot"

// Unsure tells whether a reader understood nothing of a message, or would ask back,
// so that another may be asked about it. What is typed as an answer, such as a
// telephone number, is nobody else's business.
func Unsure(first supportbot.Reading, q supportbot.Question) bool {
	switch q.Slot.Type {
	case supportbot.SlotText, supportbot.SlotDigits, supportbot.SlotPhone:
		return false
	}
	if q.Queued || first.Decision == supportbot.Control {
		return false
	}
	return len(first.Commands) == 0 || len(first.Commands) == 1 && first.Commands[0].Kind == supportbot.CmdClarify
}
