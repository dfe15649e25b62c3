package console

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"supportbot"
	"supportbot/handoff"
)

// number is a merchant number, a telephone number or the like, which an agent
// needs whole only now and then. Amounts and dates are shorter.
var number = regexp.MustCompile(`\+?\d(?:[ -]?\d){6,}`)

// shorten leaves the last four digits of each number.
func shorten(text string) string {
	return number.ReplaceAllStringFunc(text, func(n string) string { return "•••" + n[len(n)-4:] })
}

// shownPacket is a packet as it is shown: with its numbers shortened.
type shownPacket struct {
	supportbot.Packet
	Slots         []shownSlot `json:"slots"`
	ContactSealed bool        `json:"contact_sealed,omitempty"`
}

type shownSlot struct {
	supportbot.PacketSlot
	Sealed bool `json:"sealed,omitempty"` // it is shown whole only by a call to reveal it
}

func sealed(p supportbot.Packet) shownPacket {
	shown := shownPacket{Packet: p, Slots: []shownSlot{}}
	for _, slot := range p.Slots {
		s := shownSlot{PacketSlot: slot}
		s.Label, s.Value = shorten(slot.Label), shorten(slot.Value)
		s.Sealed = s.Label != slot.Label || s.Value != slot.Value
		shown.Slots = append(shown.Slots, s)
	}
	shown.Contact = shorten(p.Contact)
	shown.ContactSealed = shown.Contact != p.Contact
	shown.Email = supportbot.HideEmails(p.Email)
	return shown
}

// whole returns a slot, the contact or the e-mail address, as it was collected.
func whole(p supportbot.Packet, name string) (value string, found bool) {
	if name == "contact" && p.Contact != "" {
		return p.Contact, true
	}
	if name == "email" && p.Email != "" {
		return p.Email, true
	}
	i := slices.IndexFunc(p.Slots, func(s supportbot.PacketSlot) bool { return s.Name == name })
	if i < 0 {
		return "", false
	}
	return p.Slots[i].Value, true
}

// minReason and maxReason bound a reason, in characters.
const minReason, maxReason = 10, 200

var digits = regexp.MustCompile(`\p{Nd}`)

// reveal shows a slot whole to the owner of the case, for a reason that goes into
// the audit log first. The log is never erased, so no digit of the reason is kept.
func (c *Console) reveal(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	var body struct {
		Slot   string `json:"slot"`
		Reason string `json:"reason"`
	}
	if !readJSON(w, r, &body) {
		return
	}
	reason := strings.TrimSpace(body.Reason)
	if n := utf8.RuneCountInString(reason); n < minReason || n > maxReason {
		answerError(w, http.StatusBadRequest, "reason must say in 10 to 200 characters what the number is needed for")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	one, ok := c.caseHeld(ctx, w, r, agent, "shown")
	if !ok {
		return
	}
	value, found := whole(one.Packet, body.Slot)
	if !found {
		answerError(w, http.StatusBadRequest, "slot must name a slot of the packet, or contact")
		return
	}
	act := supportbot.Audited{
		Actor: agent.Name, Action: supportbot.SlotRevealed, Subject: one.ID,
		Details: map[string]string{"slot": body.Slot, "reason": digits.ReplaceAllString(reason, "#")},
	}
	if err := c.accounts.Audit(ctx, act); err != nil {
		c.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, map[string]string{"value": value})
}
