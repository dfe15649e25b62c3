package twilio

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"supportbot"
	"supportbot/channels"
	"supportbot/handoff"
)

// heard changes a line by what a task has brought to light.
type heard []func(handoff.Line) handoff.Line

func news(n handoff.News) heard {
	n.At = now()
	return heard{func(l handoff.Line) handoff.Line { return l.Heard(n) }}
}

// do does a task.
func (s *Switchboard) do(ctx context.Context, j job) (heard, error) {
	switch j.task {
	case handoff.Look:
		return s.look(ctx, j)
	case handoff.CallDesk:
		return s.callDesk(ctx, j)
	case handoff.CallCaller:
		return s.callCaller(ctx, j)
	case handoff.EndDesk:
		update := new(api.UpdateCallParams).SetUrl(s.at(pathDeskEnd, j.line.LineID)).SetMethod(http.MethodPost)
		if j.line.Desk.Stage < handoff.Answered { // nobody would hear it
			update = new(api.UpdateCallParams).SetStatus("completed")
		}
		return s.redirect(ctx, j, handoff.AtDesk, update)
	case handoff.MoveCaller:
		return s.redirect(ctx, j, handoff.AtCaller, s.toLoop(j.line, ""))
	case handoff.ReturnCaller:
		return s.redirect(ctx, j, handoff.AtCaller, s.toLoop(j.line, j.line.String()))
	case handoff.EndCaller:
		return s.redirect(ctx, j, handoff.AtCaller, new(api.UpdateCallParams).SetStatus("completed"))
	case handoff.HoldCaller, handoff.ResumeCaller:
		return s.hold(ctx, j, j.task == handoff.HoldCaller)
	case handoff.Connect:
		return nil, s.act(ctx, j, supportbot.AgentAct{Kind: supportbot.ActConnected, Agent: j.line.Agent})
	case handoff.Lapse:
		return nil, s.act(ctx, j, supportbot.AgentAct{Kind: supportbot.ActLapse, Rings: true})
	case handoff.CallAgain:
		err := s.act(ctx, j, supportbot.AgentAct{Kind: supportbot.ActCallback, Agent: j.line.Agent, How: j.line.Caller.End})
		if err == nil {
			s.giveUp(ctx, j.c.ID)
		}
		return nil, err
	case handoff.Abandon:
		_, err := s.conv.Handle(ctx, supportbot.Inbound{Address: j.at, ID: "hangup", Kind: supportbot.InHangup, At: time.Now()}, nil)
		return nil, err
	}
	return nil, errors.New("twilio: there is no task " + string(j.task))
}

// act tells the case, once however often it is tried. One that has moved on
// meanwhile refuses, and the next look at it shows that.
func (s *Switchboard) act(ctx context.Context, j job, act supportbot.AgentAct) error {
	act.ID, act.Case, act.Fence = string(j.task)+":"+j.line.String(), j.c.ID, j.line.Fence
	_, err := s.desk.Act(ctx, act)
	return err
}

// giveUp writes to a person who could not be reached for the last time, once: a case
// that has ended is told no more.
func (s *Switchboard) giveUp(ctx context.Context, caseID string) {
	c, _, err := s.lines.Case(ctx, caseID)
	if err == nil && s.texts != nil && c.State == supportbot.CaseExpired {
		err = s.texts.Text(ctx, dialable(c.Packet.Contact), gaveUp[c.Language])
	}
	if err != nil {
		s.log.WarnContext(ctx, "a person who was not reached by telephone was not told by SMS", slog.String("case", caseID), slog.Any("error", err))
	}
}

// toLoop has a caller's call go on with the loop of who waits, which leads to the
// agent, to the flow, or to the queue. room is where it is now.
func (s *Switchboard) toLoop(l handoff.Line, room string) *api.UpdateCallParams {
	q, _ := url.ParseQuery(l.Place) // which place.query has made
	if q.Del("room"); room != "" {
		q.Set("room", room)
	}
	return new(api.UpdateCallParams).SetUrl(s.config.PublicURL + pathWait + "?" + q.Encode()).SetMethod(http.MethodPost)
}

// ringTime is how long a telephone rings, in seconds: an agent's for less, since
// the caller waits meanwhile.
const ringTime, customerRingTime = 20, 30

func (s *Switchboard) callDesk(ctx context.Context, j job) (heard, error) {
	number, err := s.lines.Phone(ctx, j.line.Agent)
	if err != nil {
		return nil, &channels.Failure{Kind: channels.Absent, Err: err}
	}
	return s.dial(ctx, j.line, handoff.AtDesk, number, s.at(pathDesk, j.line.LineID), ringTime)
}

func (s *Switchboard) callCaller(ctx context.Context, j job) (heard, error) {
	return s.dial(ctx, j.line, handoff.AtCaller, dialable(j.c.Packet.Contact), s.at(pathBack, j.line.LineID), customerRingTime)
}

// dial calls a number. If it is not known whether Twilio took that, the call is
// looked for before the next one.
func (s *Switchboard) dial(ctx context.Context, l handoff.Line, p handoff.Party, number, to string, seconds int) (heard, error) {
	if err := s.config.CheckPhone(number); err != nil {
		return nil, &channels.Failure{Kind: channels.Gone, Err: err}
	}
	leg := legOf(l, p)
	rest, one := s.config.rest(ctx, s.over)
	made, err := rest.CreateCall(new(api.CreateCallParams).SetTo(number).SetFrom(s.config.From).
		SetUrl(to).SetMethod(http.MethodPost).SetTimeout(seconds).SetRecord(false).
		SetStatusCallback(s.at(pathLeg, l.LineID, party(p, leg.Dial)...)).SetStatusCallbackMethod(http.MethodPost)) // of the end; an answer asks for TwiML
	if err != nil && one.taken {
		return nil, &channels.Failure{Kind: channels.Unsure, Err: err}
	}
	if err != nil {
		return nil, err
	}
	return news(handoff.News{Party: p, Dial: leg.Dial, Call: value(made.Sid), Stage: handoff.Ringing}), nil
}

func legOf(l handoff.Line, p handoff.Party) handoff.Leg {
	if p == handoff.AtCaller {
		return l.Caller
	}
	return l.Desk
}

// notInProgress is the error of an update of a call that is over:
// https://www.twilio.com/docs/api/errors/21220.
const notInProgress = 21220

// redirect gives a call other TwiML, or ends it. Of one that Twilio does not find
// in progress it asks what has become of it.
func (s *Switchboard) redirect(ctx context.Context, j job, p handoff.Party, update *api.UpdateCallParams) (heard, error) {
	leg := legOf(j.line, p)
	rest, one := s.config.rest(ctx, s.over)
	_, err := rest.UpdateCall(leg.Call, update)
	if err == nil || one.taken {
		return nil, nil
	}
	if one.status != http.StatusNotFound && one.code != notInProgress {
		return nil, err
	}
	found, gone := s.fetch(ctx, leg, p)
	if gone != nil {
		return nil, gone
	}
	if found == nil { // it lives, so it will be redirected in a moment
		return nil, &channels.Failure{Kind: channels.Absent, Err: err}
	}
	return found, nil
}

// fetch asks what has become of a call, and tells nothing of one that is up.
func (s *Switchboard) fetch(ctx context.Context, leg handoff.Leg, p handoff.Party) (heard, error) {
	rest, one := s.config.rest(ctx, s.over)
	call, err := rest.FetchCall(leg.Call, nil)
	switch {
	case one.status == http.StatusNotFound:
		return news(handoff.News{Party: p, Dial: leg.Dial, Call: leg.Call, Stage: handoff.Gone}), nil
	case err == nil && ended(value(call.Status)):
		return news(handoff.News{Party: p, Dial: leg.Dial, Call: leg.Call, Stage: handoff.Gone, End: endOf(value(call.Status))}), nil
	case err != nil:
		return nil, err
	case p == handoff.AtCaller && leg.Dial == 0:
		return news(handoff.News{Party: p, Call: leg.Call, Stage: handoff.Answered}), nil
	}
	return nil, nil
}

// look asks what has become of both calls.
func (s *Switchboard) look(ctx context.Context, j job) (all heard, err error) {
	for _, p := range []handoff.Party{handoff.AtCaller, handoff.AtDesk} {
		leg := legOf(j.line, p)
		var found heard
		switch {
		case leg.Stage == handoff.Gone, leg.Stage == handoff.Idle && leg.Call == "":
			continue
		case leg.Call != "":
			found, err = s.fetch(ctx, leg, p)
		default:
			found, err = s.find(ctx, j, leg, p)
		}
		if err != nil {
			return all, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// find looks for a call that was asked for, when it is not known whether it was
// made: by both numbers and the time.
func (s *Switchboard) find(ctx context.Context, j job, leg handoff.Leg, p handoff.Party) (heard, error) {
	number := dialable(j.c.Packet.Contact)
	if p == handoff.AtDesk {
		var err error
		if number, err = s.lines.Phone(ctx, j.line.Agent); err != nil {
			return nil, err
		}
	}
	rest, _ := s.config.rest(ctx, s.over)
	page, err := rest.PageCall(new(api.ListCallParams).SetTo(number).SetFrom(s.config.From).SetPageSize(20), "", "")
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(page.Calls, func(c api.ApiV2010Call) bool {
		made, err := time.Parse(time.RFC1123Z, value(c.DateCreated))
		return err == nil && !made.Before(leg.At.Add(-maxDrift))
	})
	if i < 0 {
		return heard{func(l handoff.Line) handoff.Line { return l.NotFound(p, now()) }}, nil
	}
	n := handoff.News{Party: p, Dial: leg.Dial, Call: value(page.Calls[i].Sid), Stage: handoff.Ringing}
	if status := value(page.Calls[i].Status); ended(status) {
		n.Stage, n.End = handoff.Gone, endOf(status)
	}
	return news(n), nil
}

// endOf is how a call has ended that nobody took, "" for one that somebody did:
// https://www.twilio.com/docs/voice/api/call-resource#call-status-values.
func endOf(status string) string {
	switch status {
	case "busy", "no-answer", "failed":
		return status
	}
	return ""
}

// maxDrift is how far Twilio's clock may be behind ours.
const maxDrift = 3 * time.Second

func (s *Switchboard) hold(ctx context.Context, j job, on bool) (heard, error) {
	update := new(api.UpdateParticipantParams).SetHold(on)
	if on {
		update.SetHoldUrl(s.at(pathHold, j.line.LineID)).SetHoldMethod(http.MethodPost)
	}
	rest, one := s.config.rest(ctx, s.over)
	_, err := rest.UpdateParticipant(j.line.Conference, j.line.Caller.Call, update)
	if err == nil || one.taken {
		return news(handoff.News{Party: handoff.AtCaller, Dial: j.line.Caller.Dial, Held: &on}), nil
	}
	if one.status == http.StatusNotFound { // is not in the conference any more
		return s.fetch(ctx, j.line.Caller, handoff.AtCaller)
	}
	return nil, err
}

// inChina is how people there write their numbers: a mobile, or an area code with
// its 0 and a number.
var inChina = regexp.MustCompile(`^(?:(1[3-9][0-9]{9})|0([1-9][0-9]{8,10}))$`)

// dialable is a number that a caller left, as E.164, "" if it is none: at home
// people leave the country away.
func dialable(contact string) string {
	number := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "").Replace(contact)
	if home := inChina.FindStringSubmatch(number); home != nil {
		return "+86" + home[1] + home[2]
	}
	if abroad, ok := strings.CutPrefix(number, "00"); ok {
		number = "+" + abroad
	}
	if !e164Form.MatchString(number) {
		return ""
	}
	return number
}
