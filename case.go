package supportbot

import "time"

// CaseState is the state of a handoff. Transitions are in package handoff.
type CaseState string

// The states. Done, Closed, Abandoned, Expired and Cancelled are terminal.
const (
	CaseDeferred CaseState = "deferred" // the desk is closed: in the queue from Until on
	CaseWaiting  CaseState = "waiting"  // in the queue
	CaseCallback CaseState = "callback" // the person is called at Until; the place in the queue is kept
	CaseOffered  CaseState = "offered"  // in the queue, and Asked may take it until Until
	CaseRinging  CaseState = "claimed"  // the owner's telephone rings, and must be answered by Until
	CaseActive   CaseState = "active"   // an agent owns the conversation; the bot is silent
	CaseTransfer CaseState = "transfer" // active, and Asked may take it over until Until
	CaseConsult  CaseState = "consult"  // active, and Asked reads along; until Until if nothing is heard of Asked
	CaseGrace    CaseState = "grace"    // the owner is not heard of, and may come back until Until

	CaseDone      CaseState = "done"      // ended with an outcome, and the flow went on
	CaseClosed    CaseState = "closed"    // ended by the agent without an outcome
	CaseAbandoned CaseState = "abandoned" // the person went back to the bot or hung up
	CaseExpired   CaseState = "expired"   // nobody came in time
	CaseCancelled CaseState = "cancelled" // an admin took it off the desk
)

// LiveStates are the states of cases that wait or are worked on.
var LiveStates = []CaseState{
	CaseDeferred, CaseWaiting, CaseCallback, CaseOffered, CaseRinging, CaseActive, CaseTransfer, CaseConsult, CaseGrace,
}

// Live tells whether the case still waits or is worked on.
func (s CaseState) Live() bool { return s.Queued() || s.Owned() }

// Queued tells whether the case has no owner yet and may be taken by any agent.
func (s CaseState) Queued() bool {
	return s == CaseWaiting || s == CaseOffered || s == CaseCallback || s == CaseDeferred
}

// Owned tells whether an agent owns the case.
func (s CaseState) Owned() bool { return s.Worked() || s == CaseRinging || s == CaseGrace }

// Worked tells whether the owner is there, and may write to the person.
func (s CaseState) Worked() bool {
	return s == CaseActive || s == CaseTransfer || s == CaseConsult
}

// Priority orders the queue.
type Priority string

// The priorities, most urgent first.
const (
	Urgent Priority = "urgent" // money is being lost
	High   Priority = "high"
	Normal Priority = "normal"
)

// Rank is 0 for the most urgent.
func (p Priority) Rank() int {
	switch p {
	case Urgent:
		return 0
	case High:
		return 1
	default:
		return 2
	}
}

// Verdict is how a handoff ended. The first four are an agent's to give, once,
// under the current fence; a flow branches on them.
type Verdict string

// The verdicts.
const (
	Verified     Verdict = "verified"     // the person is who they say
	Failed       Verdict = "failed"       // the person is not, or could not show it
	Inconclusive Verdict = "inconclusive" // not enough to tell
	Refused      Verdict = "refused"      // the person did not want to be verified
	Unavailable  Verdict = "unavailable"  // no agent: closed hours, full queue, expiry
	WentBack     Verdict = "left"         // the person went back to the bot before there was a verdict
	Handled      Verdict = "handled"      // of a handoff that verifies nothing: the agent has dealt with it
)

// AgentVerdicts are the verdicts that an agent may give.
var AgentVerdicts = []Verdict{Verified, Failed, Inconclusive, Refused}

// Case is a conversation that a human was asked to take over.
type Case struct {
	ID       string    `json:"id"` // thread and ordinal: "17-1"
	Thread   ThreadID  `json:"-"`
	State    CaseState `json:"state"`
	Reason   string    `json:"reason"` // the flow that asked
	Priority Priority  `json:"priority"`
	Channel  Channel   `json:"channel"`
	Language Language  `json:"language"`
	QueuedAt time.Time `json:"queued_at"`
	Owner    string    `json:"owner"` // the agent's name; "" while in the queue
	Fence    int64     `json:"fence"` // grows with every change of owner; a write with another fence is refused
	Verdict  Verdict   `json:"outcome,omitempty"`
	Note     string    `json:"note,omitempty"`

	ClaimedAt time.Time `json:"claimed_at,omitzero"` // for the first time, and so is RepliedAt
	RepliedAt time.Time `json:"replied_at,omitzero"`
	EndedAt   time.Time `json:"ended_at,omitzero"`
	Code      Wrapup    `json:"code,omitempty"` // given with the end, "" if none was; a later one stands in Ended

	Packet Packet `json:"packet"`

	Asked  string     `json:"asked,omitempty"`  // the agent who may take it: of an offer, a transfer or a consultation
	Until  time.Time  `json:"until,omitzero"`   // when the state ends by itself; zero if it does not
	Team   string     `json:"team,omitempty"`   // to which it was transferred
	Passed []string   `json:"passed,omitempty"` // agents who declined it since it was last owned
	Since  time.Time  `json:"since,omitzero"`   // when it was last put back into the queue, after a time in which nobody was to come
	Cut    bool       `json:"cut,omitempty"`    // of grace: the owner's telephone was cut off, so a word from the console does not end it
	Calls  int        `json:"calls,omitempty"`  // attempts to call the person back
	Called []CallTry  `json:"called,omitempty"` // how each of them went, in order
	Notes  []CaseNote `json:"notes,omitempty"`  // among agents, in order

	Checks     *Checks   `json:"checks,omitempty"`     // nil if content has no checklist for the reason
	Method     []string  `json:"method,omitempty"`     // of Verified: the items that matched
	ValidUntil time.Time `json:"valid_until,omitzero"` // of Verified: when the proof expires
}

// WaitsSince is since when somebody may come to the case.
func (c Case) WaitsSince() time.Time {
	if c.Since.After(c.QueuedAt) {
		return c.Since
	}
	return c.QueuedAt
}

// CallTry is an attempt to call the person back that came to nothing.
type CallTry struct {
	At  time.Time `json:"at"`
	How string    `json:"how,omitempty"` // "busy", "no-answer" or "failed"; "" if that is not known
}

// CaseNote is what an agent wrote for other agents alone.
type CaseNote struct {
	Agent string    `json:"agent"`
	At    time.Time `json:"at"`
	Text  string    `json:"text"`
}

// Packet is what the agent is given with a case, made by the engine from the
// flow alone.
type Packet struct {
	Goal     string             `json:"goal"`               // what the person wants, in their language
	Flow     string             `json:"flow"`               //
	Step     string             `json:"step"`               //
	Verifies string             `json:"verifies,omitempty"` // what is to be verified: "identity"
	Slots    []PacketSlot       `json:"slots"`              // what was collected
	Tried    []string           `json:"tried"`              // what was answered with yes or no, in order
	Contact  string             `json:"contact,omitempty"`  // where the person can be called
	Email    string             `json:"email,omitempty"`    // where the person can be written to, if they left an address
	Next     map[Verdict]string `json:"next"`               // what the person is told after each verdict
}

// PacketSlot is one collected answer.
type PacketSlot struct {
	Name  string `json:"name"`
	Title string `json:"title"` // what the flow calls it for people
	Label string `json:"label"` // the value as the person saw it
	Value string `json:"value"`
}

// CaseRef is what a person's channel is told of a case.
type CaseRef struct {
	ID       string    `json:"id"`
	Reason   string    `json:"reason"`
	Priority Priority  `json:"priority"`
	State    CaseState `json:"state"`
}

// Ref returns what a person's channel is told of c, nil for nil.
func (c *Case) Ref() *CaseRef {
	if c == nil {
		return nil
	}
	return &CaseRef{ID: c.ID, Reason: c.Reason, Priority: c.Priority, State: c.State}
}

// ActKind tells what is done to a case.
type ActKind string

// What can be done to a case: first by its owner or who becomes it, then by who
// is asked, by an admin, by supervisors, and by the person, timers and the router.
const (
	ActClaim     ActKind = "claim"
	ActConnected ActKind = "connected" // the owner has answered the telephone
	ActMessage   ActKind = "message"
	ActNote      ActKind = "note" // by the owner or by who is consulted
	ActOutcome   ActKind = "outcome"
	ActRelease   ActKind = "release"  // back to the queue with the original waiting time
	ActTransfer  ActKind = "transfer" // to the agent Asked, who must accept, or into the queue for Team
	ActConsult   ActKind = "consult"  // Asked reads along
	ActResume    ActKind = "resume"   // alone again: the transfer or consultation is taken back
	ActCallback  ActKind = "callback" // not reached, or asked to be called at Until; by nobody: while it waits
	ActClose     ActKind = "close"

	ActCheck   ActKind = "check"   // an item of the checklist was checked
	ActApprove ActKind = "approve" // a second agent approves what has matched
	ActCode    ActKind = "code"    // a one-time code is about to be sent
	ActTyped   ActKind = "typed"   // the person typed a code

	ActAccept  ActKind = "accept"
	ActDecline ActKind = "decline"

	ActCancel ActKind = "cancel"

	ActTakeOver ActKind = "takeover" // a supervisor takes a live case, whoever has it
	ActReassign ActKind = "reassign" // a supervisor gives it to Asked, or leaves it to Team
	ActPriority ActKind = "priority" // a supervisor says how urgent it is

	ActLeave   ActKind = "leave"   // the person goes back to the bot
	ActContact ActKind = "contact" // the person left a contact
	ActLapse   ActKind = "lapse"   // the owner's lease ended, or the telephone of the owner is not answered or was cut off
	ActTimeout ActKind = "timeout" // Until has come
	ActExpire  ActKind = "expire"  // nobody came in time
	ActOffer   ActKind = "offer"   // to Asked
	ActDefer   ActKind = "defer"   // the desk is closed until Until
)

// AgentAct is one action on a case.
type AgentAct struct {
	ID      string  `json:"id,omitempty"` // chosen by the agent's client, so that a repeat is told from a second act; "" if it has none
	Case    string  `json:"case"`
	Kind    ActKind `json:"kind"`
	Agent   string  `json:"agent,omitempty"`
	Fence   int64   `json:"fence,omitempty"`
	Text    string  `json:"text,omitempty"` // a message, or a contact
	Verdict Verdict `json:"outcome,omitempty"`
	Note    string  `json:"note,omitempty"`
	Wrapup  Wrapup  `json:"wrapup,omitempty"` // with an outcome or a close, "" for none

	Priority Priority  `json:"priority,omitempty"`
	Asked    string    `json:"asked,omitempty"` // of an offer, a transfer, a reassignment or a consultation
	Team     string    `json:"team,omitempty"`  // of a transfer or a reassignment
	Until    time.Time `json:"until,omitzero"`  // of a callback or while the desk is closed
	Rings    bool      `json:"rings,omitempty"` // of a claim, an acceptance or a return: active only once the agent's telephone is answered; of a lapse: that telephone is lost
	How      string    `json:"how,omitempty"`   // of a callback: see CallTry
	Gone     bool      `json:"gone,omitempty"`  // of a lapse: the owner is no agent any more, and cannot come back

	Item    string `json:"item,omitempty"`    // of ActCheck
	Match   bool   `json:"match,omitempty"`   // of ActCheck: what came of it
	Subject string `json:"subject,omitempty"` // of ActCheck: keyed hash of the merchant, where data were compared
	// Of ActOutcome and ActApprove: there are reference data, so that a checklist holds
	// the agent to it that holds only then.
	Reference bool `json:"reference,omitempty"`

	Code string `json:"code,omitempty"` // of ActCode and ActTyped: keyed hash of the code

	At time.Time `json:"-"` // when it is done; the turn sets it
}

// AgentResult is what became of an agent's action.
type AgentResult struct {
	Refused bool   `json:"refused,omitempty"` // stale fence, not the owner, or already claimed: nothing changed
	Full    bool   `json:"full,omitempty"`    // refused because the agent, or who is asked, has as many cases as may be
	Owner   string `json:"owner,omitempty"`   // who owns the case now
	Fence   int64  `json:"fence,omitempty"`   // the fence now, to its owner only

	Problem CheckProblem `json:"problem,omitempty"` // why the checklist refused what owner and fence would permit
	Missing string       `json:"missing,omitempty"` // of UncheckedProblem: items and "approval", with commas between
}

// CheckProblem is why a checklist refuses an act.
type CheckProblem string

// Why a checklist refuses.
const (
	UncheckedProblem CheckProblem = "unchecked" // not enough has matched
	AttemptsProblem  CheckProblem = "attempts"  // none are left
	NoItemProblem    CheckProblem = "no-item"   // there is no such item, or no checklist
	SendsProblem     CheckProblem = "sends"     // so many codes were sent within the hour
	OwnProblem       CheckProblem = "own"       // who owns the case cannot approve it
)
