package console

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"supportbot"
	"supportbot/channels"
	"supportbot/channels/pictures"
	"supportbot/handoff"
)

// apiTimeout bounds one call of the API.
const apiTimeout = 15 * time.Second

type apiHandler func(w http.ResponseWriter, r *http.Request, agent handoff.Agent)

// api serves a call to those whom its rule lets in; being there renews their
// leases.
func (c *Console) api(serve apiHandler) guarded {
	return func(rule rule) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			agent, err := c.caller(r, rule)
			if errors.Is(err, supportbot.ErrNotFound) {
				w.Header().Set("WWW-Authenticate", "Bearer")
				answerError(w, http.StatusUnauthorized, "log in, or send Authorization: Bearer with a token of `supportbot agent token`")
				return
			}
			if err == nil {
				err = c.admit(r, rule, agent)
			}
			if err != nil {
				c.fail(w, r, err)
				return
			}
			c.renew(r.Context(), agent.Name)
			serve(w, r, agent)
		})
	}
}

// listed is a case as the list shows it: without its packet but for the goal.
type listed struct {
	supportbot.Case
	Packet *struct{} `json:"packet,omitempty"` // always nil, hides that of Case
	Checks *struct{} `json:"checks,omitempty"` // the same
	Goal   string    `json:"goal"`
	Target int       `json:"target_seconds"` // handoff.Target
}

func newListed(one supportbot.Case) listed {
	return listed{Case: one, Goal: one.Packet.Goal, Target: int(handoff.Target(one.Priority).Seconds())}
}

func (c *Console) list(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	var cases []supportbot.Case
	var err error
	switch r.FormValue("state") {
	case "waiting":
		cases, err = c.queue(ctx)
	case "mine":
		cases, err = c.desk.Mine(ctx, agent.Name)
	case "all":
		cases, err = c.visible(ctx, agent)
	case "approval":
		cases, err = c.unapproved(ctx, agent)
	default:
		answerError(w, http.StatusBadRequest, "state must be waiting, mine, approval or all")
		return
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	rows := make([]listed, len(cases))
	for i, one := range cases {
		rows[i] = newListed(one)
	}
	answer(w, http.StatusOK, map[string]any{"cases": rows, "notice": c.desk.Notice()})
}

// shown is a case with its conversation, all of it or what came after ?after=.
type shown struct {
	supportbot.Case
	Packet     shownPacket          `json:"packet"`
	Checks     *struct{}            `json:"checks,omitempty"` // always nil, hides that of Case
	Checklist  *checklist           `json:"checklist,omitempty"`
	Hooks      []Hook               `json:"hooks,omitempty"`
	Transcript []supportbot.Message `json:"transcript"`
	Pictures   []pictures.Picture   `json:"pictures,omitempty"`
	Company    []supportbot.Seat    `json:"company"` // colleagues who look at it too
	Reach      shownReach           `json:"reach"`
	Receipts   []channels.Receipt   `json:"receipts,omitempty"`
}

// shownReach is whether the person may be written to.
type shownReach struct {
	Stopped bool      `json:"stopped,omitempty"` // they want to hear nothing more
	Until   time.Time `json:"until,omitzero"`    // on WhatsApp: until then at once, later when they have written again
}

func (c *Console) reach(ctx context.Context, one supportbot.Case) (shownReach, error) {
	reach, err := c.desk.Reach(ctx, one.ID)
	shown := shownReach{Stopped: reach.Stopped}
	if window := channels.CapabilitiesOf(one.Channel).Window; window > 0 {
		shown.Until = reach.Heard.Add(window)
	}
	return shown, err
}

func (c *Console) show(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	after, err := strconv.ParseInt("0"+r.FormValue("after"), 10, 64)
	if err != nil {
		answerError(w, http.StatusBadRequest, "after must be a sequence number")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	one, ok := c.caseRead(ctx, w, r, agent)
	if !ok {
		return
	}
	transcript, err := c.desk.Transcript(ctx, one.ID, after)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	reach, err := c.reach(ctx, one)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	sent, err := c.picturesOf(ctx, one)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	company, err := c.company(ctx, one.ID, agent, r.FormValue("viewing") != "")
	if err != nil {
		c.fail(w, r, err)
		return
	}
	receipts, err := c.papers.Receipts(ctx, one.Thread)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, shown{
		Receipts: receipts,
		Case:     one, Packet: sealed(one.Packet), Checklist: c.checklist(one), Hooks: c.hooksFor(one, agent), Reach: reach, Company: company,
		Transcript: orEmpty(transcript), Pictures: sent,
	})
}

// orEmpty is [] and not null in JSON.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// act serves one kind of act on a case.
func (c *Console) act(kind supportbot.ActKind) apiHandler {
	return func(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
		// Unknown fields are welcome, and so is an empty body.
		var body struct {
			ID      string             `json:"id"`
			Fence   int64              `json:"fence"`
			Text    string             `json:"text"`
			Outcome supportbot.Verdict `json:"outcome"`
			Note    string             `json:"note"`
			Code    supportbot.Wrapup  `json:"code"`
			Agent   string             `json:"agent"`
			Team    string             `json:"team"`
			Until   time.Time          `json:"until"`

			Priority supportbot.Priority `json:"priority"`
		}
		if !readJSON(w, r, &body) {
			return
		}
		act := supportbot.AgentAct{
			ID: body.ID, Case: r.PathValue("id"), Kind: kind, Agent: agent.Name,
			Fence: body.Fence, Text: body.Text, Verdict: body.Outcome, Note: body.Note, Wrapup: body.Code,
			Asked: body.Agent, Team: body.Team, Priority: body.Priority, Until: body.Until.UTC().Truncate(time.Microsecond),
			Reference: c.reference != nil && (kind == supportbot.ActOutcome || kind == supportbot.ActApprove),
		}
		if err := handoff.Validate(act); err != nil {
			c.fail(w, r, err)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
		defer cancel()
		err := cmp.Or(c.knownCode(act.Wrapup), c.known(ctx, act))
		if err == nil && (kind == supportbot.ActClaim || kind == supportbot.ActAccept) {
			act.Rings, err = c.rings(ctx, act.Case, agent.Name)
		}
		if err != nil {
			c.fail(w, r, err)
			return
		}
		result, err := c.desk.Act(ctx, act)
		switch {
		case err != nil:
			c.fail(w, r, err)
		case result.Full:
			answer(w, http.StatusConflict, map[string]any{"owner": result.Owner, "full": true, "error": full(kind)})
		case result.Refused:
			refuse(w, result)
		case kind == supportbot.ActClaim, kind == supportbot.ActAccept, kind == supportbot.ActResume, kind == supportbot.ActTakeOver:
			answer(w, http.StatusOK, map[string]int64{"fence": result.Fence})
		default:
			if kind == supportbot.ActMessage {
				c.dropSent(ctx, act)
			}
			answer(w, http.StatusOK, struct{}{})
		}
	}
}

// dropSent deletes the draft of what was sent, so that it is not sent again by
// mistake. The message is durable, so a failure is only logged.
func (c *Console) dropSent(ctx context.Context, act supportbot.AgentAct) {
	d, err := c.papers.Draft(ctx, act.Case, act.Agent)
	if err == nil && d.Text != "" {
		err = c.papers.SetDraft(ctx, act.Case, act.Agent, supportbot.Draft{Note: d.Note})
	}
	if err != nil {
		c.log.WarnContext(ctx, "console: the draft of a sent message is still there", slog.String("case", act.Case), slog.Any("error", err))
	}
}

// full is why an act was refused that would give an agent another case.
func full(kind supportbot.ActKind) string {
	if kind == supportbot.ActReassign {
		return "this agent has as many cases as may be at once; name another"
	}
	return "you have as many cases as you may have at once; end one or give it back first"
}

func (c *Console) heartbeat(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	if err := c.desk.Heartbeat(ctx, agent.Name); err != nil {
		c.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, struct{}{})
}
