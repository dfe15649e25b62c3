package dialog

import (
	"cmp"
	"slices"
	"time"

	"go.yaml.in/yaml/v4"

	"supportbot"
)

// handoff asks for a human and freezes the stack until there is a verdict.
type handoff struct {
	priority supportbot.Priority
	verifies bool          // the human verifies the person's identity
	validFor time.Duration // how long a verified identity holds
	pass     []string      // the slots that the agent is given, if they are filled
	text     supportbot.Text
	waiting  supportbot.Text // said from time to time while nobody has come; else the pattern's words
	outcomes map[supportbot.Verdict]Exit
}

// defaultValidity is how long a verified identity holds unless the step says
// otherwise: long enough for one errand, short enough that a phone left on the
// counter proves nothing.
const defaultValidity = 30 * time.Minute

// The outcomes that a handoff must branch on; WentBack may stand beside them.
var (
	verifyingOutcomes = []supportbot.Verdict{supportbot.Verified, supportbot.Failed, supportbot.Inconclusive, supportbot.Refused, supportbot.Unavailable}
	helpingOutcomes   = []supportbot.Verdict{supportbot.Handled, supportbot.Unavailable}
)

func parseHandoff(p *parser, o object) action {
	spec := p.object(o.fields["handoff"], "handoff", "priority", "verifies", "valid_for", "pass")
	h := &handoff{
		priority: supportbot.Priority(p.str(spec.fields["priority"], "priority")),
		validFor: p.duration(spec.fields["valid_for"], "valid_for"),
		pass:     p.strs(spec.fields["pass"], "pass"),
		text:     p.text(o.fields["say"], "say"),
		waiting:  p.text(o.fields["waiting"], "waiting"),
		outcomes: map[supportbot.Verdict]Exit{},
	}
	switch h.priority {
	case "":
		h.priority = supportbot.Normal
	case supportbot.Urgent, supportbot.High, supportbot.Normal:
	default:
		p.fail(spec.fields["priority"], "priority %q is not known; known: urgent, high, normal", h.priority)
	}
	if h.validFor == 0 {
		h.validFor = defaultValidity
	}
	if v := p.str(spec.fields["verifies"], "verifies"); v == identity {
		h.verifies = true
	} else if v != "" {
		p.fail(spec.fields["verifies"], "verifies: %s is not known; the only proof is identity", v)
	}
	if h.text.IsZero() {
		p.fail(o.node, "a handoff that says nothing; tell the person that an agent is coming: say: {zh: …, en: …}")
	}
	p.outcomes(h, o)
	return h
}

func (p *parser) outcomes(h *handoff, o object) {
	must := helpingOutcomes
	if h.verifies {
		must = verifyingOutcomes
	}
	p.pairs(o.fields["outcomes"], "outcomes", func(key, value *yaml.Node) {
		v := supportbot.Verdict(key.Value)
		if !slices.Contains(must, v) && v != supportbot.WentBack {
			p.fail(key, "outcome %q cannot come of this handoff; its outcomes are %v", v, must)
			return
		}
		h.outcomes[v] = p.exit(value, "the outcome "+key.Value)
	})
	for _, v := range must {
		if _, ok := h.outcomes[v]; !ok {
			p.fail(o.node, "a handoff without the outcome %s; say what happens then: its outcomes are %v", v, must)
		}
	}
}

// proves tells whether passing s can leave a proof of identity.
func proves(s *step) bool {
	switch do := s.do.(type) {
	case *handoff:
		return do.verifies
	case *call:
		return true
	}
	return false
}

func (h *handoff) run(t *turn, s *step) result {
	f, flow := t.top()
	if exit, ok := h.outcomes[supportbot.Verdict(f.Done[s.ID])]; ok && t.replays(f, s) {
		exit.Say = supportbot.Text{}
		t.seal()
		return t.leave(exit)
	}
	t.arrived()
	t.s.Cases++
	t.s.Rating.Due = time.Time{} // of an earlier one
	t.s.Case = &Frozen{Frame: len(t.s.Stack) - 1, Verifies: h.verifies}
	away := t.away(h.priority)
	t.s.Case.Away = away
	if t.e.Desk != nil && t.e.Desk.Mail && t.s.Channel == supportbot.Web {
		t.s.Case.Mail, t.out.Desk = true, true
	}
	t.out.Open = &Handover{
		Deferred: away,
		Ordinal:  t.s.Cases,
		Reason:   t.reason(),
		Priority: h.priority,
		Packet:   t.packet(h, flow, s),
	}
	t.queued(h)
	return wait
}

// judged resumes the step with the verdict. A handoff that verifies nothing
// takes any verdict of an agent as "handled": it proves nothing. Neither does the
// verdict of an agent who was not asked to verify, before the content changed.
func (h *handoff) judged(t *turn, s *step, asked bool, verdict supportbot.Verdict) {
	if h.verifies && !asked && verdict == supportbot.Verified {
		verdict = supportbot.Inconclusive
	}
	if _, ok := h.outcomes[verdict]; !ok || verdict == supportbot.WentBack {
		verdict = supportbot.Handled
		if h.verifies {
			verdict = supportbot.Inconclusive
		}
	}
	f, _ := t.top()
	f.done(s.ID, string(verdict))
	t.seal()
	if h.verifies {
		f.Proof = nil
		if verdict == supportbot.Verified {
			t.out.ValidUntil = t.e.At.Add(cmp.Or(t.e.ValidFor, h.validFor))
			f.Proof = &Proof{Step: s.ID, Until: t.out.ValidUntil}
		}
	}
	exit := h.outcomes[verdict]
	if t.e.Last { // it is not that nobody came
		exit.Say = supportbot.Text{}
	}
	t.leave(exit)
}

func (h *handoff) exits() []Exit {
	var exits []Exit
	for _, v := range append(verifyingOutcomes, supportbot.Handled, supportbot.WentBack) {
		if exit, ok := h.outcomes[v]; ok {
			exits = append(exits, exit)
		}
	}
	return exits
}

func (h *handoff) passes() bool             { return false }
func (h *handoff) texts() []supportbot.Text { return []supportbot.Text{h.text, h.waiting} }
