// Package storetest is the suite that every store passes.
package storetest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"supportbot"
	"supportbot/channels"
	"supportbot/channels/email"
	"supportbot/channels/pictures"
	"supportbot/handoff"
	"supportbot/internal/delivery"
	"supportbot/internal/replay"
	"supportbot/internal/telemetry"
	"supportbot/internal/turn"
)

// Store is what the program asks of a store.
type Store interface {
	turn.Store
	GivenUp(ctx context.Context, limit int) ([]turn.GivenUp, error)

	delivery.Store
	Undeliverable(ctx context.Context, limit int) ([]delivery.Undeliverable, error)
	Resend(ctx context.Context, id supportbot.ThreadID, seq int64) error
	Drop(ctx context.Context, id supportbot.ThreadID, seq int64) error
	CutOutbox(ctx context.Context, age time.Duration, limit int) (int, error)

	Reach(ctx context.Context, at supportbot.Address) (channels.Reach, error)
	Receipts(ctx context.Context, id supportbot.ThreadID) ([]channels.Receipt, error)
	Consent(ctx context.Context, at supportbot.Address, id string, stopped bool) error
	Spend(ctx context.Context, segments, limit int) (within bool, err error)
	Letter(ctx context.Context, at supportbot.Address, first int64) (email.Letter, error)
	Mailed(ctx context.Context, at supportbot.Address, last int64) error
	Seen(ctx context.Context, at supportbot.Address, last int64) error
	Receipt(ctx context.Context, at supportbot.Address, message int64, stage, code int) (kept bool, err error)
	Uninvited(ctx context.Context, at supportbot.Address, message int64) error
	Wake(ctx context.Context, at supportbot.Address) error
	GoOn(ctx context.Context, m channels.Move, most int) (kept bool, err error)
	GoesOn(ctx context.Context, call supportbot.Address) (channels.Move, error)
	Moved(ctx context.Context, to supportbot.Address, agreed bool) (channels.Move, error)
	Agree(ctx context.Context, call supportbot.Address) error

	pictures.Store
	Pictures(ctx context.Context, id supportbot.ThreadID) ([]pictures.Picture, error)
	Picture(ctx context.Context, thread supportbot.ThreadID, id string) (jpeg []byte, err error)

	SetEmail(ctx context.Context, name, email, by string) error
	AgentByIdentity(ctx context.Context, who handoff.Identity) (handoff.Agent, error)
	SetProfile(ctx context.Context, agent string, p handoff.Profile, by string) error
	AddLine(ctx context.Context, l handoff.Line) (first bool, err error)
	PutLine(ctx context.Context, l handoff.Line) error
	Line(ctx context.Context, id handoff.LineID) (handoff.Line, error)
	LastLine(ctx context.Context, caseID string) (handoff.Line, error)
	LiveLines(ctx context.Context, limit int) ([]handoff.Line, error)
	SetPhone(ctx context.Context, name, number, by string) error
	Phone(ctx context.Context, name string) (string, error)

	AddAgent(ctx context.Context, a handoff.Agent) error
	Agent(ctx context.Context, name string) (handoff.Agent, error)
	Agents(ctx context.Context) ([]handoff.Agent, error)
	SetPassword(ctx context.Context, name, phc, by string) error
	SetRole(ctx context.Context, name string, role handoff.Role, by string) error
	SetDisabled(ctx context.Context, name string, disabled bool, by string) error
	RemoveAgent(ctx context.Context, name, by string) error
	Roster(ctx context.Context) ([]handoff.Account, error)
	Teams(ctx context.Context) ([]string, error)
	AddTeam(ctx context.Context, name, by string) error
	RenameTeam(ctx context.Context, name, to, by string) error
	RemoveTeam(ctx context.Context, name, by string) error
	SetTOTP(ctx context.Context, name, key string, step int64, recovery [][32]byte) error
	ResetTOTP(ctx context.Context, name string) error
	UseTOTP(ctx context.Context, name string, step int64) (first bool, err error)
	UseRecovery(ctx context.Context, name string, sum [32]byte) (there bool, err error)
	AddToken(ctx context.Context, name string, sum [32]byte, ends time.Time) error
	AgentByToken(ctx context.Context, sum [32]byte) (handoff.Agent, error)
	Tokens(ctx context.Context, agent string) ([]handoff.Token, error)
	RevokeToken(ctx context.Context, id string) error
	Audit(ctx context.Context, act supportbot.Audited) error
	AuditRows(ctx context.Context, after int64, limit int) ([]supportbot.AuditRow, error)
	VerifyAudit(ctx context.Context, seen *supportbot.AuditState) (supportbot.AuditState, error)
	AuditKey(key []byte)
	Secret(ctx context.Context, name string) ([]byte, error)
	Sessions() scs.CtxStore
	CutSessions(ctx context.Context, limit int) (int, error)

	AddContent(ctx context.Context, v supportbot.ContentVersion, archive []byte) (added bool, err error)
	SeenContent(ctx context.Context, source, version string, at time.Time) (before, lastSource string, err error)
	ContentFiles(ctx context.Context, id string) ([]byte, error)
	ContentVersions(ctx context.Context) ([]supportbot.ContentVersion, error)
	PublishContent(ctx context.Context, id, by string, at time.Time) error
	RetireContent(ctx context.Context, id, by string) error
	ContentState(ctx context.Context) (current string, retired []string, err error)
	OpenSessions(ctx context.Context, version string) ([]json.RawMessage, error)

	Conversations(ctx context.Context, before supportbot.ThreadID, limit int) ([]supportbot.ThreadID, error)
	Log(ctx context.Context, id supportbot.ThreadID) (replay.Log, error)

	Missed(ctx context.Context, limit int) ([]supportbot.Missed, error)
	Dismiss(ctx context.Context, all []supportbot.MissedID, by string) error
	DropMissed(ctx context.Context, before time.Time, limit int) (dropped int, err error)

	Ended(ctx context.Context, from, to time.Time, limit int) ([]supportbot.Ended, error)
	WrapUp(ctx context.Context, id, agent string, code supportbot.Wrapup) error
	Draft(ctx context.Context, caseID, agent string) (supportbot.Draft, error)
	SetDraft(ctx context.Context, caseID, agent string, d supportbot.Draft) error
	Sit(ctx context.Context, caseID, agent string) error
	Seats(ctx context.Context, caseID string) ([]supportbot.Seat, error)
	CutSeats(ctx context.Context, limit int) (int, error)

	ReserveTokens(ctx context.Context, from supportbot.Address, most supportbot.ModelSpend, limits supportbot.ModelLimits) (day int64, within bool, err error)
	SettleTokens(ctx context.Context, day int64, from supportbot.Address, unused supportbot.ModelSpend) error
	CutModelSpending(ctx context.Context, limit int) (int, error)

	Figures(ctx context.Context) (telemetry.Figures, error)

	Close() error
}

// Run runs the suite. open gives every test an empty store of its own; a test
// that calls it again gets the same data, as another process would. What is
// still open at the end of the test, open closes. feed is what another desk is told
// of such a store.
func Run(t *testing.T, open func(t *testing.T) Store, feed func(Store) Feed) {
	for _, c := range []struct {
		name string
		test func(t *testing.T, s Store)
	}{
		{"Inbox/Accept", testAccept},
		{"Inbox/Repeat", testRepeat},
		{"Inbox/SameIDAtOnce", testSameIDAtOnce},
		{"Inbox/ManyAtOnce", testManyAtOnce},
		{"Inbox/Order", testOrder},
		{"Inbox/Backlog", testBacklog},
		{"Inbox/NoID", testNoID},
		{"Commit/Whole", testWhole},
		{"Commit/Fenced", testFenced},
		{"Commit/AtOnce", testCommitAtOnce},
		{"Take", testTake},
		{"Take/First", testTakeFirst},
		{"Take/FirstAtOnce", testTakeFirstAtOnce},
		{"Commit/DenseMessages", testDenseMessages},
		{"Messages", testMessages},
		{"GiveUp", testGiveUp},
		{"Commit/Unfit", testUnfit},
		{"Outbox/Order", testOutboxOrder},
		{"Outbox/WithTurn", testOutboxWithTurn},
		{"Outbox/Undelivered", testOutboxUndelivered},
		{"Outbox/Lease", testOutboxLease},
		{"Outbox/AtOnce", testOutboxAtOnce},
		{"Outbox/Parked", testOutboxParked},
		{"Outbox/Gone", testOutboxGone},
		{"Outbox/Drop", testOutboxDrop},
		{"Outbox/Cut", testOutboxCut},
		{"Outbox/Receipt", testReceipt},
		{"Outbox/Wake", testWake},
		{"Hours", testHours},
		{"Queue", testQueue},
		{"Reach", testReach},
		{"Reach/Counts", testReachCounts},
		{"GoOn", testGoOn},
		{"Pictures", testPictures},
		{"Pictures/Many", testManyPictures},
		{"Spend", testSpend},
		{"Drafts", testDrafts},
		{"Timers", testTimers},
		{"Cases/OneLive", testOneLiveCase},
		{"Cases/Latest", testLatestCase},
		{"Cases/List", testCases},
		{"Cases/Leases", testLeases},
		{"Cases/Mark", testCasesMark},
		{"Cases/Mine", testMine},
		{"Desk/Capacity", testCapacity},
		{"Desk/CapacityAtOnce", testCapacityAtOnce},
		{"Desk/Offers", testOffers},
		{"Desk/Misses", testMisses},
		{"Desk/Profile", testProfile},
		{"Lines", testLines},
		{"Agents/Phone", testPhone},
		{"Outbox/Letter", testLetter},
		{"Agents/Identity", testIdentity},
		{"Log", testLog},
		{"Lately", testLately},
		{"Remask", testRemask},
		{"Ended", testEnded},
		{"Ended/WrapUp", testWrapUp},
		{"ModelSpending", testModelSpending},
		{"ModelSpending/AtOnce", testModelSpendingAtOnce},
		{"Missed", testMissed},
		{"Missed/Drop", testDropMissed},
		{"Conversations", testConversations},
		{"Context", testContext},
		{"Agents", testAgents},
		{"Tokens", testTokens},
		{"TokensEnd", testTokensEnd},
		{"Agents/Sessions", testStamp},
		{"Agents/Remove", testRemoveAgent},
		{"Agents/LastAdmin", testLastAdmin},
		{"Agents/Disabled", testDisabled},
		{"Agents/Teams", testTeams},
		{"Agents/TeamsAtOnce", testTeamAndProfileAtOnce},
		{"SecondFactor", testSecondFactor},
		{"Audit", testAudit},
		{"Audit/Turn", testAuditOfTurns},
		{"Secret", testSecret},
		{"Sessions", testSessions},
		{"Content", testContent},
		{"Content/Open", testOpenOnContent},
		{"Figures", testFigures},
		{"Content/Sources", testContentSources},
		{"Content/Drafts", testContentDrafts},
		{"Model", testModel},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
	for name, test := range map[string]func(*testing.T, Store, Feed){
		"Order": testFeedOrder, "Lease": testFeedLease, "AtOnce": testFeedAtOnce, "Parked": testFeedParked, "Cut": testFeedCut,
	} {
		t.Run("Feed/"+name, func(t *testing.T) {
			s := open(t)
			test(t, s, feed(s))
		})
	}
	t.Run("Restart", func(t *testing.T) { testRestart(t, open) })
	t.Run("Audit/AtOnce", func(t *testing.T) { testAuditAtOnce(t, open) })
	t.Run("ModelSpending/Restart", func(t *testing.T) { testModelSpendingRestart(t, open) })
	t.Run("Nodes", func(t *testing.T) { testNodes(t, open) })
}

// noon is the time at which the tests play, with microseconds to lose.
var noon = time.Date(2026, 3, 4, 12, 0, 0, 123456000, time.UTC)

// says is a message of a person on the web.
func says(peer, id, text string) supportbot.Inbound {
	return supportbot.Inbound{
		Address: supportbot.Address{Channel: supportbot.Web, Peer: peer},
		ID:      id, Kind: supportbot.InText, Text: text, At: noon,
	}
}

// digest stands for the hash of a raw body.
func digest(in supportbot.Inbound) []byte {
	sum := sha256.Sum256([]byte(in.Text))
	return sum[:]
}

func accept(t *testing.T, s Store, in supportbot.Inbound) turn.Receipt {
	t.Helper()
	r, err := s.Accept(t.Context(), in, digest(in))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// answer makes the turn of the next inbox row: what was said and a reply.
func answer(t *testing.T, s Store, id supportbot.ThreadID) supportbot.Commit {
	t.Helper()
	thread, row, err := s.Next(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	said := supportbot.Message{
		Seq: thread.LastSeq + 1, From: supportbot.FromUser, Text: row.Inbound.Text, ReplyTo: row.Inbound.ID, At: noon,
	}
	reply := supportbot.Message{
		Seq: thread.LastSeq + 2, From: supportbot.FromBot, Text: "answer to " + row.Inbound.Text, Spoken: "answer", At: noon,
		Choices: []supportbot.Choice{{Label: "Yes", Value: "yes", Key: "1"}},
	}
	return supportbot.Commit{
		Thread: id, Seq: row.Seq, Version: thread.Version,
		Session:  json.RawMessage(fmt.Sprintf(`{"turn": %d}`, row.Seq)),
		Events:   []supportbot.LogEvent{{Type: "said", Payload: json.RawMessage(`{}`)}, {Type: "answered"}},
		Messages: []supportbot.Message{said, reply},
		Outcome:  supportbot.Outcome{Seq: said.Seq, Replies: []supportbot.Message{reply}, Flow: "bind", Step: "light"},
	}
}

func commit(t *testing.T, s Store, c supportbot.Commit) {
	t.Helper()
	if err := s.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

// play accepts a message in the conversation of peer and commits its turn after
// change has had its way with it.
func play(t *testing.T, s Store, peer string, change func(c *supportbot.Commit)) supportbot.ThreadID {
	t.Helper()
	r := accept(t, s, says(peer, rand.Text(), "hello"))
	c := answer(t, s, r.Thread)
	change(&c)
	commit(t, s, c)
	return r.Thread
}

func threadOf(t *testing.T, s Store, peer string) supportbot.Thread {
	t.Helper()
	thread, err := s.Thread(t.Context(), supportbot.Address{Channel: supportbot.Web, Peer: peer})
	if err != nil {
		t.Fatal(err)
	}
	return thread
}
