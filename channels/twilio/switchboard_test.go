package twilio

import (
	"context"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/channels/channeltest"
	"supportbot/channels/twilio/twiliotest"
	"supportbot/handoff"
)

// webhookOf is a webhook as Twilio makes it: the fields are those of its
// documentation, in its words.
type webhookOf struct {
	path   string
	query  []string
	fields []string
}

var (
	deskLeg = party(handoff.AtDesk, 1)
	room    = []string{"ConferenceSid", "CF0123456789abcdef0123456789abcdef", "FriendlyName", "h-17-1-2-1"}

	deskRings    = webhookOf{pathLeg, deskLeg, []string{"CallSid", deskCall, "CallStatus", "ringing", "Direction", "outbound-api", "SequenceNumber", "1"}}
	deskAnswers  = webhookOf{pathLeg, deskLeg, []string{"CallSid", deskCall, "CallStatus", "in-progress", "Direction", "outbound-api", "SequenceNumber", "2"}}
	deskEnds     = webhookOf{pathLeg, deskLeg, []string{"CallSid", deskCall, "CallStatus", "completed", "CallDuration", "61", "SequenceNumber", "3"}}
	deskBusy     = webhookOf{pathLeg, deskLeg, []string{"CallSid", deskCall, "CallStatus", "busy", "SipResponseCode", "486", "SequenceNumber", "2"}}
	deskScreens  = webhookOf{pathDesk, nil, []string{"CallSid", deskCall, "CallStatus", "in-progress"}}
	deskAccepts  = webhookOf{pathAccept, nil, []string{"CallSid", deskCall, "CallStatus", "in-progress", "Digits", "1", "msg", "Gather End"}}
	deskJoins    = webhookOf{pathRoom, nil, append([]string{"StatusCallbackEvent", "participant-join", "CallSid", deskCall, "ParticipantLabel", "agent", "Muted", "false", "Hold", "false", "StartConferenceOnEnter", "true", "EndConferenceOnExit", "false", "SequenceNumber", "2"}, room...)}
	deskLeaves   = webhookOf{pathRoom, nil, append([]string{"StatusCallbackEvent", "participant-leave", "CallSid", deskCall, "ParticipantLabel", "agent", "ReasonParticipantLeft", "participant_hung_up", "SequenceNumber", "5"}, room...)}
	callerJoins  = webhookOf{pathRoom, nil, append([]string{"StatusCallbackEvent", "participant-join", "CallSid", sid, "ParticipantLabel", "caller", "SequenceNumber", "3"}, room...)}
	callerHeld   = webhookOf{pathRoom, nil, append([]string{"StatusCallbackEvent", "participant-hold", "CallSid", sid, "ParticipantLabel", "caller", "Hold", "true", "SequenceNumber", "4"}, room...)}
	callerLeaves = webhookOf{pathRoom, nil, append([]string{"StatusCallbackEvent", "participant-leave", "CallSid", sid, "ParticipantLabel", "caller", "SequenceNumber", "6"}, room...)}
	roomStarts   = webhookOf{pathRoom, nil, append([]string{"StatusCallbackEvent", "conference-start", "SequenceNumber", "1"}, room...)}
	roomEnds     = webhookOf{pathRoom, nil, append([]string{"StatusCallbackEvent", "conference-end", "ReasonConferenceEnded", "last-participant-left", "SequenceNumber", "7"}, room...)}
)

// asked is a line whose agent is being called.
func askedLine() handoff.Line {
	return handoff.Line{
		Desk:   handoff.Leg{Dial: 1, Stage: handoff.Asked, At: now()},
		Caller: handoff.Leg{Call: sid, Stage: handoff.Answered, At: now()}, Place: "heard=4&lang=zh&n=3&queued=1", Looked: now(),
	}
}

// TestWebhooksInAnyOrder: what is known at the end is the same, whichever comes
// first, and however often.
func TestWebhooksInAnyOrder(t *testing.T) {
	tests := []struct {
		name  string
		hooks []webhookOf
		want  string
	}{
		{"rings", []webhookOf{deskRings}, "ringing"},
		{"answered, and not yet taken", []webhookOf{deskRings, deskAnswers, deskScreens}, "press-1"},
		{"busy", []webhookOf{deskRings, deskBusy}, "no-answer"},
		{"an answering machine", []webhookOf{deskRings, deskAnswers, deskScreens, deskEnds}, "no-answer"},
		{"the agent is in", []webhookOf{deskRings, deskAnswers, deskScreens, deskAccepts, roomStarts, deskJoins}, "joining"},
		{"both are in", []webhookOf{deskRings, deskAnswers, deskScreens, deskAccepts, roomStarts, deskJoins, callerJoins}, "connected"},
		{"on hold", []webhookOf{deskRings, deskAnswers, deskJoins, callerJoins, callerHeld}, "held"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for range 30 {
				b := newBoard(t, "", askedLine())
				hooks := append(append([]webhookOf(nil), tt.hooks...), tt.hooks...)
				rand.Shuffle(len(hooks), func(i, j int) { hooks[i], hooks[j] = hooks[j], hooks[i] })
				for _, h := range hooks {
					b.post(h.path, h.query, h.fields...)
				}
				if got := b.line().State(now()); got != tt.want {
					t.Fatalf("%q, want %q, after %v", got, tt.want, hooks)
				}
			}
		})
	}
}

// TestTheEndOfATalk: these are heard in the order in which they happen, with all
// before them twice.
func TestTheEndOfATalk(t *testing.T) {
	talk := []webhookOf{deskRings, deskAnswers, deskScreens, deskAccepts, deskJoins, callerJoins}
	for name, hooks := range map[string][]webhookOf{
		"leaves, then ends": {deskLeaves, deskEnds}, "ends, then leaves": {deskEnds, deskLeaves}, "only ends": {deskEnds}, "only leaves": {deskLeaves},
	} {
		b := newBoard(t, "", askedLine())
		for _, h := range append(append(append([]webhookOf(nil), talk...), hooks...), talk...) {
			b.post(h.path, h.query, h.fields...)
		}
		if l := b.line(); l.State(now()) != "lost" || l.Caller.Stage != handoff.Joined {
			t.Errorf("%s: %q, %+v", name, l.State(now()), l)
		}
	}
	for name, h := range map[string]webhookOf{"the caller leaves": callerLeaves, "the conference ends": roomEnds} {
		b := newBoard(t, "", askedLine())
		for _, h := range append(append([]webhookOf(nil), talk...), h) {
			b.post(h.path, h.query, h.fields...)
		}
		if _, task := b.line().Next(b.book.c, now()); task != handoff.Look {
			t.Errorf("%s: next is %q", name, task)
		}
	}
}

func TestTheAgentsTelephone(t *testing.T) {
	b := newBoard(t, "", askedLine())
	is := func(body string, wanted ...string) {
		t.Helper()
		for _, want := range wanted {
			if !strings.Contains(body, want) {
				t.Errorf("want %q in\n%s", want, body)
			}
		}
	}
	post := func(h webhookOf) string { return b.post(h.path, h.query, h.fields...) }
	screen := post(deskScreens)
	is(screen, `input="dtmf"`, "请按1", "<Hangup>")
	if again := post(deskScreens); again != screen {
		t.Errorf("again it is\n%s", again)
	}
	wrong := deskAccepts
	wrong.fields = []string{"CallSid", deskCall, "Digits", "5"}
	is(post(wrong), "请按1")
	other := deskScreens
	other.fields = []string{"CallSid", backCall}
	is(post(other), "不需要接了", "<Hangup>") // a second call to the same agent

	accepted := post(deskAccepts)
	is(accepted, "重设密码", "普通话", "手机银行", `participantLabel="agent"`, `endConferenceOnExit="false"`, `record="do-not-record"`, ">h-17-1-2-1<", "desk/end?")
	if strings.Contains(accepted, "5678") {
		t.Error("the whisper tells the number of the merchant")
	}
	is(b.post(pathHold, nil, "CallSid", sid), "请稍等")
	b.book.c.State = supportbot.CaseDone
	is(b.post(pathDeskEnd, nil, "CallSid", deskCall), "结果已经记下", "<Hangup>")
	is(post(deskScreens), "不需要接了")
}

// TestACallerGoesToTheAgentByThemselves: the loop of who waits sees the agent in
// the conference, and where the caller comes back to it when the agent is gone.
func TestACallerGoesToTheAgentByThemselves(t *testing.T) {
	conv := newLineBot()
	l := dialled(t, conv)
	b := newBoard(t, "", askedLine())
	l.voice.Connect(b.Switchboard)
	conv.In(b.book.at, func(t *channeltest.Thread) {
		t.Status.Case, t.Status.Agent = b.book.c.Ref(), "Lin"
		t.Say(supportbot.Message{From: supportbot.FromBot, Text: "转账要停", Notice: true})
	})
	wait := pathWait + "?lang=zh&n=3&queued=1"
	if body := l.hears(wait, nil, "<Gather"); strings.Contains(body, "<Dial") {
		t.Errorf("nobody is there yet:\n%s", body)
	}
	b.post(deskJoins.path, nil, deskJoins.fields...)
	through := l.hears(wait, nil, "转账要停", "现在为您接通", `participantLabel="caller"`, ">h-17-1-2-1<")
	if strings.Index(through, "转账要停") > strings.Index(through, "现在为您接通") {
		t.Errorf("what must be heard comes late:\n%s", through)
	}
	if b.line().Caller.Stage != handoff.Joined {
		t.Errorf("%+v", b.line())
	}
	back := l.next(through)
	b.post(deskEnds.path, deskEnds.query, deskEnds.fields...)
	b.book.c.State = supportbot.CaseGrace
	conv.In(b.book.at, func(t *channeltest.Thread) { t.Status.Case = b.book.c.Ref() })
	if body := l.hears(back, nil, "客服的线路断了"); strings.Contains(body, "<Dial") {
		t.Errorf("the agent is gone:\n%s", body)
	}
	if b.line().Caller.Stage != handoff.Left {
		t.Errorf("%+v", b.line())
	}
}

// TestWhoIsCalledBack goes on in the conversation of the first call.
func TestWhoIsCalledBack(t *testing.T) {
	l := askedLine()
	l.Desk.Stage, l.Desk.Call, l.Callback = handoff.Joined, deskCall, true
	l.Caller = handoff.Leg{Dial: 2, Stage: handoff.Asked, At: now()}
	b := newBoard(t, "", l)
	body := b.post(pathBack, party(handoff.AtCaller, 2), "CallSid", backCall, "CallStatus", "in-progress")
	for _, want := range []string{"是您留了电话", ">h-17-1-2-1<", "of=" + b.book.at.Peer} {
		if !strings.Contains(body, want) {
			t.Errorf("want %q in\n%s", want, body)
		}
	}
	if c := b.line().Caller; c.Stage != handoff.Joined || c.Call != backCall {
		t.Errorf("%+v", c)
	}
	for number, want := range map[string]string{
		"13800138000": "+8613800138000", "138 0013 8000": "+8613800138000", "010-65001234": "+861065001234", "+4930901820": "+4930901820",
		"004930901820": "+4930901820", "12345": "", "": "",
	} {
		if got := dialable(number); got != want {
			t.Errorf("%q is called as %q, want %q", number, got, want)
		}
	}
}

// TestWhoIsNeverReachedIsWrittenTo once, and nobody who may be called again.
func TestWhoIsNeverReachedIsWrittenTo(t *testing.T) {
	rest := twiliotest.NewREST(t)
	l := askedLine()
	l.Callback, l.Why = true, handoff.Unreached
	l.Caller = handoff.Leg{Dial: 1, Stage: handoff.Gone, End: "busy"}
	b := newBoard(t, rest.URL, l)
	config := b.config
	config.DailySegments = 1000
	b.Texts(NewSender(config, newMemory()))
	b.book.c.Packet.Contact = "13800138000"
	for _, state := range []supportbot.CaseState{supportbot.CaseCallback, supportbot.CaseExpired} {
		b.book.c.State = state // as the act leaves it
		if _, err := b.do(t.Context(), job{handoff.CallAgain, b.line(), b.book.c, b.book.at}); err != nil {
			t.Fatal(err)
		}
		act := b.book.acts[len(b.book.acts)-1]
		if act.Kind != supportbot.ActCallback || act.How != "busy" || act.Agent != "Lin" || act.Fence != 2 {
			t.Errorf("%+v", act)
		}
		taken := rest.Taken()
		if state == supportbot.CaseCallback && len(taken) > 0 {
			t.Errorf("already written to: %v", taken)
		}
		if state == supportbot.CaseExpired && (len(taken) != 1 || taken[0].Get("To") != "+8613800138000" || !strings.Contains(taken[0].Get("Body"), "打了三次")) {
			t.Errorf("written to: %v", taken)
		}
	}
}

// TestTheCallsOfALineAreAsTwilioDescribesThem has Prism hold every request against
// Twilio's own description.
func TestTheCallsOfALineAreAsTwilioDescribesThem(t *testing.T) {
	rest := twiliotest.NewREST(t)
	l := askedLine()
	b := newBoard(t, rest.URL, l)
	b.book.c.Packet.Contact = "13800138000"
	l.LineID, l.Agent, l.Conference = b.line().LineID, "Lin", "CF0123456789abcdef0123456789abcdef"
	known := l
	known.Desk.Call, known.Desk.Stage = "CA0123456789abcdef0123456789abcde5", handoff.Joined
	tests := []struct {
		task handoff.Task
		line handoff.Line
		want url.Values
	}{
		{handoff.CallDesk, l, url.Values{"To": {agentPhone}, "From": {account.From}, "Timeout": {"20"}, "Record": {"false"}}},
		{handoff.CallCaller, l, url.Values{"To": {"+8613800138000"}, "Timeout": {"30"}}},
		{handoff.EndDesk, known, url.Values{"Url": {b.at(pathDeskEnd, l.LineID)}, "Method": {"POST"}}},
		{handoff.EndCaller, known, url.Values{"Status": {"completed"}}},
		{handoff.MoveCaller, known, url.Values{"Url": {public + pathWait + "?heard=4&lang=zh&n=3&queued=1"}}},
		{handoff.ReturnCaller, known, url.Values{"Url": {public + pathWait + "?heard=4&lang=zh&n=3&queued=1&room=h-17-1-2-1"}}},
		{handoff.HoldCaller, known, url.Values{"Hold": {"true"}, "HoldUrl": {b.at(pathHold, l.LineID)}}},
		{handoff.ResumeCaller, known, url.Values{"Hold": {"false"}}},
		{handoff.Look, known, nil},
		{handoff.Look, l, nil}, // of a call that may have been made
	}
	for _, tt := range tests {
		before := len(rest.Taken())
		if _, err := b.do(t.Context(), job{tt.task, tt.line, b.book.c, b.book.at}); err != nil {
			t.Errorf("%s: %v", tt.task, err)
			continue
		}
		taken := rest.Taken()[before:]
		if len(taken) == 0 {
			t.Errorf("%s: no request", tt.task)
			continue
		}
		for name, values := range tt.want {
			if taken[0].Get(name) != values[0] {
				t.Errorf("%s: %s is %q, want %q", tt.task, name, taken[0].Get(name), values[0])
			}
		}
	}
}

// TestWhenTwilioFails: what was certainly not done is tried again, what may have
// been done is looked for first, and a call that is over is noted as such.
func TestWhenTwilioFails(t *testing.T) {
	answers := func(status int, body string, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	over := func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			answers(200, `{"sid":"x","status":"completed"}`)(w, r)
			return
		}
		answers(400, `{"code":21220}`)(w, r)
	}
	alive := func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			answers(200, `{"sid":"x","status":"in-progress"}`)(w, r)
			return
		}
		answers(404, `{"code":20404}`)(w, r)
	}
	slow := func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // else nobody sees that the client has gone
		<-r.Context().Done()
	}
	joined := askedLine()
	joined.Desk = handoff.Leg{Dial: 1, Call: deskCall, Stage: handoff.Joined, At: now()}
	tests := []struct {
		name   string
		task   handoff.Task
		from   handoff.Line
		server http.HandlerFunc
		desk   handoff.Stage
		caller handoff.Stage
		why    handoff.Why
	}{
		{"too much", handoff.CallDesk, askedLine(), answers(429, `{"code":20429}`, "Retry-After", "7"), handoff.Idle, handoff.Answered, ""},
		{"down", handoff.CallDesk, askedLine(), answers(503, ``), handoff.Idle, handoff.Answered, ""},
		{"broken, perhaps after it was done", handoff.CallDesk, askedLine(), answers(500, ``), handoff.Asked, handoff.Answered, ""},
		{"no answer", handoff.CallDesk, askedLine(), slow, handoff.Asked, handoff.Answered, ""},
		{"no such number", handoff.CallDesk, askedLine(), answers(400, `{"code":21211}`), handoff.Gone, handoff.Answered, handoff.NoNumber},
		{"the caller is gone", handoff.MoveCaller, joined, over, handoff.Joined, handoff.Gone, ""},
		{"the caller is there", handoff.MoveCaller, joined, alive, handoff.Joined, handoff.Answered, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := httptest.NewServer(tt.server)
			defer server.Close()
			tt.from.Doing, tt.from.Until = tt.task, now().Add(time.Minute)
			b := newBoard(t, server.URL, tt.from)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			heard, err := b.do(ctx, job{tt.task, b.line(), b.book.c, b.book.at})
			how, after := howFailed(err)
			l := b.line().Did(tt.task, how, after, now())
			for _, f := range heard {
				l = f(l)
			}
			if l.Desk.Stage != tt.desk || l.Caller.Stage != tt.caller || l.Why != tt.why {
				t.Errorf("%v: %+v", err, l)
			}
			if tt.name == "too much" && time.Until(l.Until) < 6*time.Second {
				t.Errorf("again at %s, and Twilio asked for 7 s", l.Until)
			}
		})
	}
}

func TestOnlyTwilioIsHeardOfLines(t *testing.T) {
	b := newBoard(t, "", askedLine())
	before := b.line()
	for _, h := range []webhookOf{deskScreens, deskAccepts, deskJoins, callerJoins, deskEnds, {pathBack, nil, nil}, {pathDeskEnd, nil, nil}, {pathHold, nil, nil}} {
		form := url.Values{}
		for i := 0; i+1 < len(h.fields); i += 2 {
			form.Set(h.fields[i], h.fields[i+1])
		}
		target := strings.TrimPrefix(b.at(h.path, before.LineID, h.query...), public)
		r := httptest.NewRequest("POST", target, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", formKind)
		r.Header.Set(SignatureHeader, Sign("another", public+target, form))
		w := httptest.NewRecorder()
		b.handler.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden || b.line() != before {
			t.Errorf("%s: %d", h.path, w.Code)
		}
	}
}

// brokenBook has a case that a mistake of ours meets.
type brokenBook struct {
	*lineBook
	met chan struct{}
}

func (b brokenBook) LiveLines(context.Context, int) ([]handoff.Line, error) { return b.lines, nil }

func (b brokenBook) Case(context.Context, string) (supportbot.Case, supportbot.Address, error) {
	b.met <- struct{}{}
	panic("a mistake of ours")
}

// TestAPanicStopsNoSwitchboard: the line is looked at again, and so are all others.
func TestAPanicStopsNoSwitchboard(t *testing.T) {
	b := newBoard(t, "", askedLine())
	broken := brokenBook{b.book, make(chan struct{})}
	s := NewSwitchboard(newLineBot(), b.book, broken, account, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.Run(ctx)
	}()
	<-broken.met
	<-broken.met
	cancel()
	for {
		select {
		case <-broken.met: // one more was under way
		case <-ended:
			return
		}
	}
}
