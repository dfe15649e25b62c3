package twilio

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"supportbot"
	"supportbot/channels"
	"supportbot/handoff"
)

// Where the hops of agents' telephones go, and what Twilio tells of calls that we
// made. The line stands in the URL, which Twilio signs.
const (
	pathDesk    = "/channels/twilio/voice/desk"        // the agent's telephone is answered
	pathAccept  = "/channels/twilio/voice/desk/accept" // a key was pressed there
	pathDeskEnd = "/channels/twilio/voice/desk/end"    // the talk is over for the agent
	pathBack    = "/channels/twilio/voice/back"        // who is called back has answered
	pathHold    = "/channels/twilio/voice/hold"        // the caller is on hold
	pathLeg     = "/channels/twilio/voice/leg"         // the state of a call that we made
	pathRoom    = "/channels/twilio/voice/room"        // what happens in a conference
)

// Routes lists what the switchboard serves.
func (s *Switchboard) Routes() []channels.Route {
	route := func(path string, take func(context.Context, *deskHop) ([]element, error)) channels.Route {
		return channels.Route{Pattern: "POST " + path, Handler: s.config.signed(s.serve(take), s.log)}
	}
	return []channels.Route{
		route(pathDesk, s.screen), route(pathAccept, s.accept), route(pathDeskEnd, s.endDesk), route(pathBack, s.back), route(pathHold, s.onHold),
		route(pathLeg, s.leg), route(pathRoom, s.room),
	}
}

// at is the URL of a hop of a line, with more for its query as name and value in
// turn.
func (s *Switchboard) at(path string, id handoff.LineID, more ...string) string {
	q := url.Values{"case": {id.Case}, "fence": {strconv.FormatInt(id.Fence, 10)}, "try": {strconv.Itoa(id.Try)}}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return s.config.PublicURL + path + "?" + q.Encode()
}

func party(p handoff.Party, dial int) []string {
	return []string{"party", string(p), "dial", strconv.Itoa(dial)}
}

// deskHop is one webhook of a line.
type deskHop struct {
	handoff.Line
	c     supportbot.Case
	at    supportbot.Address
	party handoff.Party
	dial  int
	form  url.Values
}

func readLineID(q url.Values) (id handoff.LineID, err error) {
	id.Case = q.Get("case")
	if id.Fence, err = strconv.ParseInt(q.Get("fence"), 10, 64); err == nil {
		id.Try, err = strconv.Atoi(q.Get("try"))
	}
	return id, err
}

// serve answers a hop; one of a line that is there no longer is hung up.
func (s *Switchboard) serve(take func(context.Context, *deskHop) ([]element, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		id, err := readLineID(q)
		if err != nil {
			http.Error(w, "case, fence and try must name a line", http.StatusBadRequest)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), answerLimit)
		defer cancel()
		h := &deskHop{party: handoff.Party(q.Get("party")), form: r.PostForm}
		h.dial, _ = strconv.Atoi(q.Get("dial")) // of the hops that have one
		h.Line, err = s.lines.Line(ctx, id)
		if err == nil {
			h.c, h.at, err = s.lines.Case(ctx, id.Case)
		}
		var verbs []element
		if err == nil {
			verbs, err = take(ctx, h)
		}
		switch {
		case errors.Is(err, supportbot.ErrNotFound):
			writeTwiML(w, []element{verb("Hangup")})
		case err != nil:
			s.log.ErrorContext(ctx, "a hop of an agent's telephone failed", slog.String("path", r.URL.Path), slog.Any("error", err))
			http.Error(w, "not taken; send it again", http.StatusServiceUnavailable)
		default:
			writeTwiML(w, verbs)
		}
	})
}

// hear adds news of the hop to its line.
func (s *Switchboard) hearHop(ctx context.Context, h *deskHop, p handoff.Party, dial int, stage handoff.Stage) (err error) {
	h.Line, err = s.hear(ctx, h.LineID, handoff.News{Party: p, Dial: dial, Call: h.form.Get("CallSid"), Stage: stage})
	return err
}

// unwanted tells a call to the agent that is no longer the line's, or never was.
func (h *deskHop) unwanted() bool {
	return !h.Serves(h.c) || h.Desk.Call != h.form.Get("CallSid") || h.Desk.Stage >= handoff.Left
}

// screen asks whoever answers for a key: machines answer as well, and press none.
func (s *Switchboard) screen(ctx context.Context, h *deskHop) ([]element, error) {
	if err := s.hearHop(ctx, h, handoff.AtDesk, 1, handoff.Answered); err != nil {
		return nil, err
	}
	l := h.c.Language
	if h.unwanted() {
		return []element{say(l, noLonger[l]), verb("Hangup")}, nil
	}
	ask := verb("Gather", "input", "dtmf", "numDigits", "1", "finishOnKey", "", "timeout", "5", "action", s.at(pathAccept, h.LineID), "method", "POST").
		with(say(l, pressOne[l]))
	return []element{ask, ask, say(l, goodbyes[l]), verb("Hangup")}, nil
}

// accept puts the agent who has pressed 1 into the conference, with a word of what
// it is about.
func (s *Switchboard) accept(ctx context.Context, h *deskHop) ([]element, error) {
	if h.form.Get("Digits") != "1" {
		return s.screen(ctx, h)
	}
	if err := s.hearHop(ctx, h, handoff.AtDesk, 1, handoff.Accepted); err != nil {
		return nil, err
	}
	l := h.c.Language
	if h.unwanted() {
		return []element{say(l, noLonger[l]), verb("Hangup")}, nil
	}
	dial := verb("Dial", "action", s.at(pathDeskEnd, h.LineID), "method", "POST").with(s.conference(h.LineID, "agent"))
	return []element{say(l, whisper(h.c, h.Callback)), dial}, nil
}

// conference is that of a line. Who comes first waits in silence; nobody's leaving
// ends it; nothing is recorded.
func (s *Switchboard) conference(id handoff.LineID, label string) element {
	return verb("Conference", "participantLabel", label, "beep", "false", "startConferenceOnEnter", "true", "endConferenceOnExit", "false",
		"waitUrl", "", "maxParticipants", "2", "record", "do-not-record",
		"statusCallback", s.at(pathRoom, id), "statusCallbackMethod", "POST", "statusCallbackEvent", "start end join leave hold").with(words(id.String()))
}

// endDesk tells the agent why the talk is over.
func (s *Switchboard) endDesk(ctx context.Context, h *deskHop) ([]element, error) {
	if err := s.hearHop(ctx, h, handoff.AtDesk, 1, handoff.Left); err != nil {
		return nil, err
	}
	l, why := h.c.Language, talkEnded
	switch {
	case h.Why == handoff.CallerGone, h.c.State == supportbot.CaseAbandoned:
		why = callerLeft
	case h.Why == handoff.NoNumber:
		why = cannotCall
	case h.Why == handoff.Unreached && h.c.State == supportbot.CaseExpired:
		why = neverReached
	case h.Why == handoff.Unreached:
		why = notReached
	case h.c.State.Queued():
		why = backInQueue
	case h.c.State == supportbot.CaseDone:
		why = verdictTaken
	}
	return []element{say(l, why[l]), verb("Hangup")}, nil
}

// back greets who asked to be called, and puts them through.
func (s *Switchboard) back(ctx context.Context, h *deskHop) ([]element, error) {
	l := h.c.Language
	heard, err := s.last(ctx, h.at)
	if err != nil {
		return nil, err
	}
	p := place{
		n:    int(h.Fence)*10_000 + h.Try*1000 + h.Caller.Dial*100, // no hop of another call of this conversation has these
		lang: l, heard: heard, before: heard, queued: true, of: h.at.Peer, room: h.String(),
	}
	n := handoff.News{Party: handoff.AtCaller, Dial: h.Caller.Dial, Call: h.form.Get("CallSid"), Stage: handoff.Joined, Place: p.query()}
	if !h.Connects(h.c, now()) {
		return []element{say(l, notNow[l]), verb("Hangup")}, nil
	}
	if h.Line, err = s.hear(ctx, h.LineID, n); err != nil {
		return nil, err
	}
	return []element{say(l, youAsked[l]), s.through(h.LineID, p)}, nil
}

// through puts a caller into the conference; what comes behind it is the loop of
// who waits, which knows what to do.
func (s *Switchboard) through(id handoff.LineID, p place) element {
	return verb("Dial", "action", p.url(pathWait), "method", "POST").with(s.conference(id, "caller"))
}

// last is the number of the last message of a conversation.
func (s *Switchboard) last(ctx context.Context, at supportbot.Address) (seq int64, err error) {
	for {
		some, err := s.conv.Messages(ctx, at, seq, page)
		if err != nil || len(some) == 0 {
			return seq, err
		}
		seq = some[len(some)-1].Seq
	}
}

func (s *Switchboard) onHold(_ context.Context, h *deskHop) ([]element, error) {
	l := h.c.Language
	return []element{say(l, holding[l]), verb("Pause", "length", "20")}, nil // Twilio begins again at the end
}

// leg takes the state of a call that we made:
// https://www.twilio.com/docs/voice/api/call-resource#statuscallbackevent.
func (s *Switchboard) leg(ctx context.Context, h *deskHop) ([]element, error) {
	n := handoff.News{Party: h.party, Dial: h.dial, Call: h.form.Get("CallSid"), Stage: handoff.Ringing}
	switch status := h.form.Get("CallStatus"); {
	case ended(status):
		n.Stage, n.End = handoff.Gone, endOf(status)
	case status == "in-progress":
		n.Stage = handoff.Answered
	}
	met := h.party == handoff.AtCaller && h.Met
	if _, err := s.hear(ctx, h.LineID, n); err != nil || n.Stage != handoff.Gone || !met {
		return nil, err
	}
	name := strings.Map(lettered, h.form.Get("CallSid"))
	_, err := s.conv.Handle(ctx, supportbot.Inbound{Address: h.at, ID: "hangup:" + name, Kind: supportbot.InHangup, At: now()}, nil)
	if err != nil {
		return nil, fmt.Errorf("twilio: the end of a call: %w", err)
	}
	return nil, nil
}

// room takes what happens in a conference:
// https://www.twilio.com/docs/voice/twiml/conference#attributes-statusCallback.
func (s *Switchboard) room(ctx context.Context, h *deskHop) ([]element, error) {
	p, dial := handoff.AtDesk, 1
	if h.form.Get("CallSid") == h.Caller.Call || h.form.Get("ParticipantLabel") == "caller" {
		p, dial = handoff.AtCaller, h.Caller.Dial
	}
	n := handoff.News{Party: p, Dial: dial, Call: h.form.Get("CallSid"), Conference: h.form.Get("ConferenceSid"), At: now()}
	unseen := false // somebody is no longer there, and it is not said whether the call is over
	switch h.form.Get("StatusCallbackEvent") {
	case "participant-join":
		n.Stage = handoff.Joined
	case "participant-leave":
		if unseen = p == handoff.AtCaller; !unseen {
			n.Stage = handoff.Left
		}
	case "participant-hold", "participant-unhold":
		held := h.form.Get("StatusCallbackEvent") == "participant-hold"
		n.Held = &held
	case "conference-end":
		unseen = true
	}
	_, err := s.change(ctx, h.LineID, func(l handoff.Line) handoff.Line {
		if l = l.Heard(n); unseen && !l.Over {
			l = l.Doubt()
		}
		return l
	})
	return nil, err
}
