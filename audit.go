package supportbot

import "time"

// Action names what was done, in the audit log.
type Action string

// The actions. Their subject is an agent, a case, a token, a version of the content
// or what else a line says.
const (
	LoggedIn        Action = "login"
	LoginRefused    Action = "login-refused" // the subject is "" where there is no such agent; "more" is how many others there were since "since"
	LoggedOut       Action = "logout"
	AgentAdded      Action = "agent-added"
	AgentRemoved    Action = "agent-removed"
	AgentDisabled   Action = "agent-disabled"
	AgentEnabled    Action = "agent-enabled"
	TeamAdded       Action = "team-added" // the subject is its name
	TeamRenamed     Action = "team-renamed"
	TeamRemoved     Action = "team-removed"
	PasswordChanged Action = "password-changed"
	RoleChanged     Action = "role-changed"
	ProfileChanged  Action = "profile-changed" // what an agent can do
	EmailChanged    Action = "email-changed"   // by which an agent may come first by the company's log-in
	IdentityBound   Action = "identity-bound"  // the agent has come by it
	PhoneChanged    Action = "phone-changed"
	HoursChanged    Action = "hours-changed" // when agents work
	SecondFactorSet Action = "second-factor-set"
	SecondFactorNew Action = "second-factor-replaced"
	SecondFactorOff Action = "second-factor-off"
	RecoveryUsed    Action = "recovery-used"
	TokenMade       Action = "token-made"
	TokenRevoked    Action = "token-revoked"
	CaseRead        Action = "case-read" // by who does not own it; told once an hour
	CaseClaimed     Action = "case-claimed"
	CaseJudged      Action = "case-judged"
	CaseReleased    Action = "case-released"
	CasePassedOn    Action = "case-passed-on" // to the agent or team in the details
	CaseTakenOver   Action = "case-taken-over"
	CaseReassigned  Action = "case-reassigned" // to the agent or team in the details
	CaseRanked      Action = "case-priority"   // which is in the details
	CaseCalledOff   Action = "case-cancelled"
	CaseEnded       Action = "case-closed"
	ItemChecked     Action = "item-checked"  // which item and whether it matched is in the details
	HookCalled      Action = "hook-called"   // another program, for somebody who is verified
	HookAnswered    Action = "hook-answered" // the result is in the details: done, refused, unsure
	CodeSent        Action = "code-sent"     // to the number on file; the item is in the details
	CaseApproved    Action = "case-approved" // by another agent than its owner
	CaseWrappedUp   Action = "case-wrapped-up"
	ReportExported  Action = "report-exported" // the subject is the first and the last day
	SlotRevealed    Action = "slot-revealed"
	Erased          Action = "conversation-erased" // the subject is its number
	Exported        Action = "conversation-exported"
	Replayed        Action = "conversations-replayed" // the subject is a number, or which of them
	KeyPrepared     Action = "key-prepared"
	KeyRotated      Action = "key-rotated"
	BackedUp        Action = "backed-up" // the subject is the name of the file
	Restored        Action = "restored"  // the same
	Moved           Action = "moved"     // the subject is the kind of database that it was
	Published       Action = "content-published"
	RolledBack      Action = "content-rolled-back"
	Retired         Action = "content-retired"
	MissedExported  Action = "missed-exported"  // the subject is the label
	MissedDismissed Action = "missed-dismissed" // the subject is how many
	CutByAge        Action = "cut-by-age"       // the subject is a kind of data; how many rows is in the details
)

// Audited is an act that the audit log keeps. Nothing in it is secret, and
// nothing was written by people but the names of agents.
type Audited struct {
	Actor   string            `json:"actor"` // an agent; "operator:" and a user of the machine; "" if nobody is known
	Action  Action            `json:"action"`
	Subject string            `json:"subject"`
	Details map[string]string `json:"details,omitempty"`
}

// AuditRow is an act as it stands in the audit log.
type AuditRow struct {
	Seq int64     `json:"seq"` // 1, 2, 3 …
	At  time.Time `json:"at"`
	Audited
}

// AuditState is what came of looking at the audit log.
type AuditState struct {
	Rows   int64  // the last row up to which all is as it was written
	Hash   []byte // of that row, all 0 if there is none
	Cut    int64  // the last row that was deleted by age, 0 if none was
	Broken string // what is wrong with what comes next, "" if all is well
}
