package console

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"supportbot"
	"supportbot/handoff"
)

// Reference holds what is on file of merchants, and tells of it only whether what
// somebody said is right. It must be safe for concurrent use.
type Reference interface {
	// Compare tells whether what a person said is what is on file of a merchant under
	// a field; supportbot.ErrNotFound if nothing is. Any other error passes.
	Compare(ctx context.Context, merchant, field, said string) (match bool, err error)
}

// checklist is that of a case as agents see it.
type checklist struct {
	Items    []checklistItem `json:"items"`
	Need     int             `json:"need"`            // 0: it is advice
	Kinds    int             `json:"kinds,omitempty"` // of so many kinds must those items be
	Missing  []string        `json:"missing"`         // before the verdict may be verified
	Left     int             `json:"left"`            // attempts over all items
	Approval bool            `json:"approval"`
	Approved string          `json:"approved,omitempty"`
	Merchant string          `json:"merchant,omitempty"` // the slot that names the merchant whose data are compared, "" if none does
	Compares bool            `json:"compares"`           // there are reference data
	Texts    bool            `json:"texts"`              // codes can be sent
}

type checklistItem struct {
	ID     string                         `json:"id"`
	Title  map[supportbot.Language]string `json:"title"`
	Means  supportbot.Means               `json:"means"`
	Must   bool                           `json:"must,omitempty"`
	Result string                         `json:"result,omitempty"` // "match" or "no match"; "" before the first attempt
	Left   int                            `json:"left"`             // attempts
}

// merchantSlot is the slot of a packet in which flows keep the merchant's number.
const merchantSlot = "merchant_number"

// checklist is nil if the case has none.
func (c *Console) checklist(one supportbot.Case) *checklist {
	if one.Checks == nil {
		return nil
	}
	shown := &checklist{
		Missing: handoff.Missing(one, c.reference != nil), Left: one.Checks.Attempts - one.Checks.Used,
		Approved: one.Checks.Approved, Compares: c.reference != nil, Texts: c.reference != nil && c.texts != nil,
	}
	binds := handoff.Binds(one.Checks, c.reference != nil)
	if binds {
		shown.Need, shown.Kinds, shown.Approval = one.Checks.Need, one.Checks.Kinds, one.Checks.Approval
	}
	if shown.Missing == nil {
		shown.Missing = []string{}
	}
	if merchantOf(one) != "" {
		shown.Merchant = merchantSlot
	}
	for _, item := range one.Checks.Items {
		row := checklistItem{ID: item.ID, Title: item.Title, Means: item.Means, Must: item.Must && binds, Left: handoff.AttemptsLeft(one.Checks, item)}
		switch {
		case item.Match:
			row.Result = "match"
		case item.Used > 0:
			row.Result = "no match"
		}
		shown.Items = append(shown.Items, row)
	}
	return shown
}

// merchantOf is the number that the merchant has typed, "" if they did not know it.
func merchantOf(one supportbot.Case) string {
	number, _ := whole(one.Packet, merchantSlot)
	if !strings.ContainsAny(number, "0123456789") {
		return ""
	}
	return number
}

// checkBody is what an agent sends about an item: what the person said, or, where
// the agent has looked or called, what came of it.
type checkBody struct {
	ID       string `json:"id"`
	Fence    int64  `json:"fence"`
	Item     string `json:"item"`
	Merchant string `json:"merchant"` // whose data; by default the merchant of the packet
	Said     string `json:"said"`
	Match    *bool  `json:"match"`
}

// check serves one attempt at an item. What was said is compared before the act is
// kept, and the result is told only after: nobody learns more than is counted.
func (c *Console) check(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	var body checkBody
	if !readJSON(w, r, &body) {
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	one, ok := c.caseOf(ctx, w, r)
	if !ok {
		return
	}
	act := supportbot.AgentAct{ID: body.ID, Case: one.ID, Kind: supportbot.ActCheck, Agent: agent.Name, Fence: body.Fence, Item: body.Item}
	known, ok := c.attempt(ctx, w, r, one, &act, func() (bool, error) { return c.compare(ctx, one, body, &act) })
	if ok {
		answer(w, http.StatusOK, map[string]bool{"match": act.Match, "known": known})
	}
}

// attempt does an act that is an attempt at an item, once prove has filled in what came
// of it and whether anything is on file. Who may not try is told before anything is
// looked at. If the act was not done it has answered.
func (c *Console) attempt(ctx context.Context, w http.ResponseWriter, r *http.Request, one supportbot.Case, act *supportbot.AgentAct,
	prove func() (known bool, err error)) (known, ok bool) {
	_, result, err := handoff.Step(one, *act)
	if err == nil && !result.Refused {
		known, err = prove()
	}
	if err == nil && !result.Refused {
		result, err = c.desk.Act(ctx, *act)
	}
	switch {
	case errors.Is(err, errReference):
		c.log.WarnContext(r.Context(), "console: reference data", slog.Any("error", err))
		answerError(w, http.StatusServiceUnavailable, "the reference data cannot be asked now; nothing was counted, try again")
	case err != nil:
		c.fail(w, r, err)
	case result.Refused:
		refuse(w, result)
	default:
		return known, true
	}
	return known, false
}

// errReference: whoever knows the merchants' data does not answer.
var errReference = errors.New("reference data")

// compare fills in what came of an attempt. known is false if nothing is on file.
func (c *Console) compare(ctx context.Context, one supportbot.Case, body checkBody, act *supportbot.AgentAct) (known bool, err error) {
	item := *one.Checks.Item(body.Item) // Step has found it
	switch item.Means {
	case supportbot.ByCallback, supportbot.ByDocument:
		if body.Match == nil {
			return false, invalid("match must say what came of it: true or false")
		}
		act.Match = *body.Match
		return true, nil
	case supportbot.ByCode:
		return false, invalid("a code is checked when the merchant types it in; send one first")
	}
	return c.compareData(ctx, one, body, act)
}

// compareData is compare with reference data.
func (c *Console) compareData(ctx context.Context, one supportbot.Case, body checkBody, act *supportbot.AgentAct) (known bool, err error) {
	item := *one.Checks.Item(body.Item)
	merchant := strings.TrimSpace(body.Merchant)
	if merchant == "" {
		merchant = merchantOf(one)
	}
	switch {
	case c.reference == nil:
		return false, invalid("there are no reference data to compare with; see --reference")
	case merchant == "":
		return false, invalid("merchant must say whose data are to be compared: the merchant has not typed a number")
	case strings.TrimSpace(body.Said) == "":
		return false, invalid("said must be what the merchant said")
	}
	act.Subject = c.subject(merchant)
	act.Match, err = c.reference.Compare(ctx, merchant, item.Field, body.Said)
	if errors.Is(err, supportbot.ErrNotFound) {
		return false, nil
	}
	if err != nil && !errors.Is(err, supportbot.ErrInvalid) {
		err = errors.Join(errReference, err)
	}
	return true, err
}

// subject is by which it is told whether two comparisons are about one merchant.
func (c *Console) subject(merchant string) string {
	mac := hmac.New(sha256.New, c.key)
	mac.Write([]byte("merchant " + handoff.Normal(handoff.Digits, merchant)))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// refuse answers an act that changed nothing: 422 if the checklist says no, else 409.
func refuse(w http.ResponseWriter, result supportbot.AgentResult) {
	var why string
	switch result.Problem {
	case "":
		answer(w, http.StatusConflict, map[string]string{"owner": result.Owner, "error": "the case is not yours under this fence; nothing was changed"})
		return
	case supportbot.UncheckedProblem:
		why = "the checklist is not fulfilled; missing: " + strings.ReplaceAll(result.Missing, ",", ", ")
	case supportbot.AttemptsProblem:
		why = "there are no attempts left for this item"
	case supportbot.SendsProblem:
		why = "three codes were sent within the hour; check something else, or wait"
	case supportbot.OwnProblem:
		why = "who owns the case cannot approve it; ask a colleague"
	default:
		why = "the checklist of the case has no such item"
	}
	missing := slices.DeleteFunc(strings.Split(result.Missing, ","), func(s string) bool { return s == "" })
	answer(w, http.StatusUnprocessableEntity, map[string]any{"problem": result.Problem, "missing": missing, "error": why})
}

// unapproved lists the cases that wait for another agent than their owner.
func (c *Console) unapproved(ctx context.Context, agent handoff.Agent) ([]supportbot.Case, error) {
	all, err := c.desk.Cases(ctx, supportbot.CaseActive, "")
	return slices.DeleteFunc(all, func(one supportbot.Case) bool {
		return one.Owner == agent.Name || !handoff.AwaitsApproval(one, c.reference != nil)
	}), err
}
