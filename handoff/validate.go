package handoff

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"supportbot"
)

// MaxText is the greatest length of a message, a note or a contact, in
// characters.
const MaxText = 4000

// maxID is the longest id of an act, in bytes.
const maxID = 128

// Validate tells whether act can be right for any case at all: it names a case,
// a known kind, and what that kind needs. Its errors wrap supportbot.ErrInvalid.
func Validate(act supportbot.AgentAct) error {
	if act.Case == "" {
		return invalid("the act names no case")
	}
	if len(act.ID) > maxID {
		return invalid("id has more than %d bytes", maxID)
	}
	switch act.Kind {
	case supportbot.ActClaim, supportbot.ActConnected, supportbot.ActRelease, supportbot.ActResume,
		supportbot.ActAccept, supportbot.ActDecline, supportbot.ActCancel, supportbot.ActApprove, supportbot.ActTakeOver:
		return validateAgent(act)
	case supportbot.ActClose:
		return cmp.Or(validateAgent(act), validateCode(act.Wrapup))
	case supportbot.ActReassign:
		return cmp.Or(validateAgent(act), validateAssigned(act))
	case supportbot.ActPriority:
		return cmp.Or(validateAgent(act), validatePriority(act.Priority))
	case supportbot.ActTransfer:
		return cmp.Or(validateAgent(act), validateTarget(act))
	case supportbot.ActConsult:
		return cmp.Or(validateAgent(act), validateAsked(act))
	case supportbot.ActOffer:
		return validateAsked(act)
	case supportbot.ActMessage, supportbot.ActNote:
		return cmp.Or(validateAgent(act), validateText(act.Text))
	case supportbot.ActOutcome:
		return cmp.Or(validateAgent(act), validateVerdict(act.Verdict), validateLength("note", act.Note), validateCode(act.Wrapup))
	case supportbot.ActCheck, supportbot.ActCode:
		return cmp.Or(validateAgent(act), validateItem(act.Item))
	case supportbot.ActContact:
		return validateText(act.Text)
	case supportbot.ActLeave, supportbot.ActLapse, supportbot.ActTimeout, supportbot.ActExpire,
		supportbot.ActCallback, supportbot.ActDefer, supportbot.ActTyped:
		return nil
	}
	return invalid("there is no act %q", act.Kind)
}

func validateAgent(act supportbot.AgentAct) error {
	if act.Agent == "" {
		return invalid("%s names no agent", act.Kind)
	}
	return nil
}

func validateAsked(act supportbot.AgentAct) error {
	if act.Asked == "" {
		return invalid("%s does not say which agent is asked", act.Kind)
	}
	if act.Asked == act.Agent {
		return invalid("%s asks the agent who does it; name another", act.Kind)
	}
	return nil
}

// validateAssigned wants an agent or a team; a supervisor may be the agent.
func validateAssigned(act supportbot.AgentAct) error {
	if (act.Asked == "") == (act.Team == "") {
		return invalid("reassign must name an agent or a team, and not both")
	}
	return validateLength("team", act.Team)
}

func validatePriority(p supportbot.Priority) error {
	if p != supportbot.Urgent && p != supportbot.High && p != supportbot.Normal {
		return invalid("priority must be urgent, high or normal, not %q", p)
	}
	return nil
}

// validateTarget refuses a transfer to nobody, and to an agent and a team at once.
func validateTarget(act supportbot.AgentAct) error {
	switch {
	case (act.Asked == "") == (act.Team == ""):
		return invalid("transfer must name an agent or a team, and not both")
	case act.Asked != "":
		return validateAsked(act)
	}
	return validateLength("team", act.Team)
}

func validateVerdict(v supportbot.Verdict) error {
	if slices.Contains(supportbot.AgentVerdicts, v) {
		return nil
	}
	names := make([]string, len(supportbot.AgentVerdicts))
	for i, verdict := range supportbot.AgentVerdicts {
		names[i] = string(verdict)
	}
	return invalid("outcome must be one of %s, not %q", strings.Join(names, ", "), v)
}

// validateCode lets "" pass: a code may be given later. Which codes there are the
// content says, and the console knows.
func validateCode(code supportbot.Wrapup) error {
	if code != "" && (len(code) > maxCode || !idPattern.MatchString(string(code))) {
		return invalid("code must be one of the content's, not %q", code)
	}
	return nil
}

func validateItem(item string) error {
	if item == "" || len(item) > maxID {
		return invalid("item must name an item of the checklist")
	}
	return nil
}

// validateText refuses text that is missing, blank or too long.
func validateText(text string) error {
	if strings.TrimSpace(text) == "" {
		return invalid("text must not be empty")
	}
	return validateLength("text", text)
}

func validateLength(field, text string) error {
	if n := utf8.RuneCountInString(text); n > MaxText {
		return invalid("%s has %d characters, the most is %d", field, n, MaxText)
	}
	return nil
}

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", supportbot.ErrInvalid, fmt.Sprintf(format, args...))
}
