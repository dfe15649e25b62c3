package twilio

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"supportbot"
	"supportbot/channels"
	"supportbot/channels/throttle"
)

// Voice is the channel for calls. Every webhook of a call is a hop: it brings
// what the caller said or pressed, and takes TwiML that speaks and listens. Each
// call is a conversation of its own, since a caller's number proves nothing and
// two calls may have the same, or none.
type Voice struct {
	conv     channels.Conversations
	config   Config
	help     string // a telephone number for when nothing works, "" if there is none
	log      *slog.Logger
	board    *Switchboard  // nil if agents have no telephones
	patience time.Duration // for a turn, before something is said to fill the time
	ledger   Ledger        // nil: nobody goes on in writing
	calls    *throttle.Rate
	often    rate.Sometimes
}

// answerLimit is how long a hop may take. Twilio gives up after 15 s, and silence
// on the line is long before that.
const answerLimit = 6 * time.Second

// NewVoice returns the channel for calls over conv. help is the telephone number
// that callers are told when the bot does not work, "" if there is none.
func NewVoice(conv channels.Conversations, config Config, help string, log *slog.Logger) *Voice {
	v := &Voice{conv: conv, config: config, help: help, log: log, patience: answerLimit, often: rate.Sometimes{Interval: time.Minute}}
	if config.AccountSID != "" { // else nobody pays, and all who try it call from one number
		v.calls = throttle.NewSlowRate(callsAtOnce, callEvery)
	}
	return v
}

// How often one number may call: more than anybody does whose calls break off. What
// is more is busy, which costs nothing.
const (
	callsAtOnce = 10
	callEvery   = 3 * time.Minute
)

// Connect has callers put through to the telephones of agents.
func (v *Voice) Connect(board *Switchboard) { v.board = board }

// Where hops go.
const (
	pathCall = "/channels/twilio/voice"        // the call comes in
	pathTurn = "/channels/twilio/voice/turn"   // the caller answered, or did not
	pathLate = "/channels/twilio/voice/late"   // the turn before is not done yet
	pathWait = "/channels/twilio/voice/wait"   // an agent is waited for or speaks
	pathText = "/channels/twilio/voice/text"   // whether and how to go on in writing
	pathAt   = "/channels/twilio/voice/at"     // at which other number
	pathSure = "/channels/twilio/voice/sure"   // whether that is the one
	pathEnd  = "/channels/twilio/voice/status" // the call has ended
)

// Routes lists what the channel serves: nothing without an account.
func (v *Voice) Routes() []channels.Route {
	if !v.config.Enabled() {
		return nil
	}
	route := func(path string, take func(context.Context, *hop) []element) channels.Route {
		return channels.Route{Pattern: "POST " + path, Handler: v.config.signed(v.serve(take), v.log)}
	}
	return []channels.Route{
		route(pathCall, v.begin), route(pathTurn, v.turn), route(pathLate, v.late), route(pathWait, v.wait), route(pathText, v.text),
		route(pathAt, v.at), route(pathSure, v.sure),
		{Pattern: "POST " + pathEnd, Handler: v.config.signed(http.HandlerFunc(v.ended), v.log)},
	}
}

// hop is one webhook of a call.
type hop struct {
	name string // of its conversation
	from string // E.164, or a word such as "anonymous"
	form url.Values
	place
}

// address is the call's conversation.
func (c *hop) address() supportbot.Address {
	return supportbot.Address{Channel: supportbot.Voice, Peer: c.name}
}

// callForm is what Twilio calls a call.
var callForm = regexp.MustCompile(`^CA[0-9a-fA-F]{32}$`)

// lettered puts g to p for 0 to 9: by chance a hexadecimal number holds what looks
// like the number of a card, and names of conversations may not.
func lettered(r rune) rune {
	if '0' <= r && r <= '9' {
		return r - '0' + 'g'
	}
	return r
}

func readHop(r *http.Request) (*hop, error) {
	sid := r.PostForm.Get("CallSid")
	c := &hop{name: strings.Map(lettered, sid), from: r.PostForm.Get("From"), form: r.PostForm}
	if !callForm.MatchString(sid) {
		return nil, errors.New("CallSid: must be CA and 32 hexadecimal digits")
	}
	var err error
	if c.place, err = readPlace(r.URL.Query()); c.of != "" {
		c.name = c.of
	}
	return c, err
}

func (v *Voice) serve(take func(context.Context, *hop) []element) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := readHop(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), answerLimit+time.Second)
		defer cancel()
		writeTwiML(w, take(ctx, c))
	})
}

// begin answers a call: in the language in which the caller spoke the last time,
// else by asking for it.
func (v *Voice) begin(ctx context.Context, c *hop) []element {
	if e164Form.MatchString(c.from) && v.calls.Take(c.from) > 0 {
		v.often.Do(func() { v.log.WarnContext(ctx, "a number calls very often, and hears that the line is busy") })
		return []element{verb("Reject", "reason", "busy")}
	}
	c.texts = v.mayText(c)
	if l := v.remembered(ctx, c.from); l.Valid() {
		c.lang = l
		verbs := v.take(ctx, c, supportbot.Inbound{Kind: supportbot.InOpen, Language: c.lang})
		return append([]element{say(other(c.lang), forThisLanguage[other(c.lang)])}, verbs...)
	}
	c.intro = 1
	return intro(c.place)
}

// turn takes what the caller answered.
func (v *Voice) turn(ctx context.Context, c *hop) []element {
	if over(c.form) {
		v.hangUp(ctx, c)
		return []element{verb("Hangup")}
	}
	digits, said := c.form.Get("Digits"), strings.TrimSpace(c.form.Get("SpeechResult"))
	switch {
	case c.intro > 0:
		return v.chooseLanguage(ctx, c, digits, said)
	case c.texts && wantsText(digits, said):
		return v.offerText(c)
	case digits == "*":
		return v.take(ctx, c, supportbot.Inbound{Kind: supportbot.InChoice, Choice: "language:" + string(other(c.lang))})
	case digits == "9" && c.queued:
		return c.to(pathWait, func(p *place) { p.heard = p.before })
	case c.lets(digits):
		return v.take(ctx, c, supportbot.Inbound{Kind: supportbot.InChoice, Choice: "control:leave"})
	case digits != "":
		return v.take(ctx, c, supportbot.Inbound{Kind: supportbot.InDigits, Digits: digits})
	case said != "":
		return v.take(ctx, c, supportbot.Inbound{Kind: supportbot.InText, Text: said})
	}
	return v.take(ctx, c, supportbot.Inbound{Kind: supportbot.InSilence})
}

// take has a turn taken, and answers with what came of it: with the same bytes
// when Twilio asks again. The message is called by the number of its hop.
func (v *Voice) take(ctx context.Context, c *hop, in supportbot.Inbound) []element {
	in.Address, in.ID, in.At = c.address(), strconv.Itoa(c.n), time.Now()
	type result struct {
		out supportbot.Outcome
		err error
	}
	done := make(chan result, 1)
	go func() { // to its end, also when it takes longer than the caller can wait
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*answerLimit)
		defer cancel()
		var r result
		r.err = channels.Guard(func() (err error) {
			r.out, err = v.conv.Handle(ctx, in, fmt.Appendf(nil, "%q %q %q %q", in.Kind, in.Text, in.Choice, in.Digits))
			return err
		})
		done <- r
	}()
	slow := time.NewTimer(v.patience)
	defer slow.Stop()
	select {
	case r := <-done:
		if r.err != nil {
			return v.failed(ctx, c, r.err)
		}
		return answer(c.place, r.out)
	case <-slow.C:
		return append([]element{say(c.lang, fillers[c.lang])}, c.to(pathLate, func(p *place) { p.n, p.tries = p.n+1, 1 })...)
	}
}

// failed asks the caller to say it again, since it was not taken; who has done so
// in vain is told whom to call instead.
func (v *Voice) failed(ctx context.Context, c *hop, err error) []element {
	next := c.place
	next.n++ // where the id was used for other words, the next one is free
	next.intro = 0
	if !errors.Is(err, supportbot.ErrConflict) {
		v.log.ErrorContext(ctx, "a hop of a call failed", slog.Any("error", err))
		next.n, next.tries = c.n, c.tries+1
	}
	if next.tries > maxTries {
		return v.giveUp(c.lang)
	}
	return []element{listen(next, "", asked{}, say(c.lang, sorries[c.lang]))}
}

// maxTries is how often in a row something may go wrong before a call is given up.
const maxTries = 2

func (v *Voice) giveUp(l supportbot.Language) []element {
	said := []element{say(l, broken[l])}
	if v.help != "" {
		said = append(said, say(l, orCall[l]+v.help))
	}
	return append(said, verb("Hangup"))
}
