package turn

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"slices"

	"supportbot"
	"supportbot/internal/privacy"
	"supportbot/internal/telemetry"
)

// message is one on its way.
type message struct {
	supportbot.Inbound        // as it came, but for clean
	digest             []byte // by which a repeat is told from another body
	clean              bool   // it holds nothing that any question would have masked
}

// mask looks for secrets with no regard to what was asked, which most messages
// have none of.
func (p *Path) mask(ctx context.Context, in supportbot.Inbound, raw []byte) message {
	_, stage := telemetry.Begin(ctx, telemetry.Mask, in.Channel)
	defer stage.End(nil)
	in.Masked = nil
	masked := Mask(in, privacy.Strictest)
	if len(masked.Masked) == 0 {
		return message{masked, p.digest(raw), true}
	}
	return message{in, p.digest(withoutSecrets(masked)), false}
}

func (p *Path) digest(body []byte) []byte {
	mac := hmac.New(sha256.New, p.key)
	mac.Write(body)
	return mac.Sum(nil)
}

// withoutSecrets is what defines a message that may hold a secret, in place of
// its body: a digest of that could be searched for. It does not depend on the open
// question, which is another one when a message is repeated.
func withoutSecrets(masked supportbot.Inbound) []byte {
	var act supportbot.AgentAct
	if masked.Agent != nil {
		act = *masked.Agent
		act.Fence = 0 // a repeat under another fence is a repeat
	}
	return fmt.Appendf(nil, "%q %q %q %q %q", masked.Kind, masked.Text, masked.Choice, masked.Digits, []string{
		act.Case, string(act.Kind), act.Text, string(act.Verdict), act.Note,
	})
}

// Mask removes secrets from all that a person or an agent wrote.
func Mask(in supportbot.Inbound, q supportbot.Question) supportbot.Inbound {
	hide := func(text string) string {
		text, kinds := privacy.Mask(text, q)
		in.Masked = append(in.Masked, kinds...)
		return text
	}
	in.Text, in.Choice, in.Digits = hide(in.Text), hide(in.Choice), hide(in.Digits)
	if in.Agent != nil {
		act := *in.Agent
		act.Text, act.Note = hide(act.Text), hide(act.Note)
		in.Agent = &act
	}
	return in
}

// checkPeer refuses an address that holds a card or identity number. Where it is
// the provider who says who writes, it is let be: one telephone number in a
// hundred passes for that of a card.
func checkPeer(at supportbot.Address) error {
	switch at.Channel {
	case supportbot.Telegram, supportbot.SMS, supportbot.WhatsApp, supportbot.Voice:
		return nil
	default:
		return checkID("conversation", at.Peer)
	}
}

// checkID refuses an id that holds a card or identity number: it is kept as it is.
func checkID(what, id string) error {
	if len(id) < shortestNumber {
		return nil
	}
	// A number by itself would be taken for a card at the least suspicion.
	_, kinds := privacy.Mask("for "+id, supportbot.Question{})
	if slices.Contains(kinds, "card") || slices.Contains(kinds, "id-number") {
		return fmt.Errorf("%w: the %s looks like the number of a card or an identity document; choose another, such as one with letters", supportbot.ErrInvalid, what)
	}
	return nil
}

// shortestNumber is how many bytes the shortest number of a card takes.
const shortestNumber = 12
