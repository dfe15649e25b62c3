package console

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"math/big"
	"net/http"
	"strings"
	"time"

	"supportbot"
	"supportbot/handoff"
)

// Texts sends text messages to numbers that need never have written.
type Texts interface {
	// Text sends one. The error does not tell the number.
	Text(ctx context.Context, number, text string) error
}

// codeText is the text message. It says who may be told: nobody.
var codeText = map[supportbot.Language]string{
	supportbot.Chinese: "%s 是您的核实数字，5分钟内有效。只发到您正在用的客服对话里，不要告诉任何人，客服人员也不会问。",
	supportbot.English: "%s verifies you, for 5 minutes. Type it only into your chat with support. Tell it to nobody: no agent asks for it.",
}

// code sends a one-time code to the number on file, which the merchant names and the
// reference data confirm: it is never shown, and a code goes to no other. The
// merchant types the code into the conversation, and the agent never sees it.
func (c *Console) code(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	var body struct {
		checkBody
		Number string `json:"number"` // by default the contact that the merchant has left
	}
	if !readJSON(w, r, &body) {
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	one, ok := c.caseOf(ctx, w, r)
	if !ok {
		return
	}
	number, digits := cmp.Or(strings.TrimSpace(body.Number), one.Packet.Contact), newCode()
	body.Said = number
	act := supportbot.AgentAct{
		ID: body.ID, Case: one.ID, Kind: supportbot.ActCode, Agent: agent.Name, Fence: body.Fence, Item: body.Item,
		Code: c.desk.SealCode(one.ID, digits), At: time.Now(),
	}
	known, ok := c.attempt(ctx, w, r, one, &act, func() (bool, error) { return c.onFile(ctx, one, body.checkBody, &act) })
	switch {
	case !ok:
	case act.Kind == supportbot.ActCheck:
		answer(w, http.StatusOK, map[string]bool{"match": false, "known": known, "sent": false})
	default:
		c.send(ctx, w, one.Language, number, digits)
	}
}

// onFile compares the number with the one on file. If it is another, the act becomes an
// attempt that failed, and nothing is sent.
func (c *Console) onFile(ctx context.Context, one supportbot.Case, body checkBody, act *supportbot.AgentAct) (known bool, err error) {
	if c.texts == nil {
		return false, invalid("no text messages can be sent; SMS is off")
	}
	if handoff.Normal(handoff.Phone, body.Said) == "" {
		return false, invalid("number must be the telephone number that the merchant names: they have left none")
	}
	known, err = c.compareData(ctx, one, body, act)
	if err == nil && !act.Match {
		act.Kind, act.Code = supportbot.ActCheck, ""
	}
	act.Match = false // it does once the code is typed
	return known, err
}

func (c *Console) send(ctx context.Context, w http.ResponseWriter, lang supportbot.Language, number, digits string) {
	to := "+" + handoff.Normal(handoff.Phone, number)
	if err := c.texts.Text(ctx, to, fmt.Sprintf(codeText[lang], digits)); err != nil {
		c.log.WarnContext(ctx, "console: send a code", slog.Any("error", err))
		answerError(w, http.StatusBadGateway, "the text message may not have been sent; wait a minute, then send another")
		return
	}
	answer(w, http.StatusOK, map[string]bool{"match": true, "known": true, "sent": true})
}

// newCode is six random digits.
func newCode() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		panic(err) // crypto/rand never fails
	}
	return fmt.Sprintf("%06d", n)
}
