package twilio

import (
	"strings"
	"testing"

	"supportbot"
	"supportbot/channels"
)

// TestWhatWhoWaitsHears: by how the case stands, how it stood when the caller was
// last told, and how many hops ago that was.
func TestWhatWhoWaitsHears(t *testing.T) {
	const (
		waiting, ringing, grace    = supportbot.CaseWaiting, supportbot.CaseRinging, supportbot.CaseGrace
		callback, deferred, active = supportbot.CaseCallback, supportbot.CaseDeferred, supportbot.CaseActive
	)
	for _, tt := range []struct {
		was, is supportbot.CaseState
		polls   int
		contact bool
		en, zh  string // "" for nothing
		ends    string // the last word in Chinese, "" if the call goes on
	}{
		{waiting, waiting, 0, false, "", "", ""},
		{waiting, waiting, 2, false, "ahead of you: 2", "前面的：2位", ""},
		{waiting, supportbot.CaseOffered, 2, false, "ahead of you: 2", "前面的：2位", ""},
		{waiting, ringing, 2, false, "ringing the agent", "正在打客服的电话", ""},
		{ringing, ringing, 1, false, "", "", ""},
		{ringing, ringing, 3, false, "ringing the agent", "正在打客服的电话", ""},
		{ringing, waiting, 1, false, "did not pick up", "没有接起来", ""},
		{active, waiting, 1, false, "", "", ""}, // the engine has said it
		{ringing, active, 1, false, "", "", ""},
		{active, grace, 5, false, "lost the agent", "线路断了", ""},
		{grace, grace, 1, false, "", "", ""},
		{grace, ringing, 1, false, "ringing the agent", "正在打客服的电话", ""},
		{waiting, callback, 1, true, "you may hang up", "可以挂机了", ""},
		{callback, callback, 1, true, "you may hang up", "可以挂机了", "客服会打给您。再见"},
		{active, callback, 1, false, "no number to call", "没有您的电话", ""},
		{callback, callback, 1, false, "no number to call", "没有您的电话", "打不了给您"},
		{waiting, deferred, 1, false, "No agents are here", "没有客服上班", ""},
		{deferred, deferred, 1, false, "No agents are here", "没有客服上班", "打不了给您"},
		{deferred, deferred, 1, true, "you may hang up", "可以挂机了", "客服会打给您。再见"},
	} {
		for lang, want := range map[supportbot.Language]string{supportbot.English: tt.en, supportbot.Chinese: tt.zh} {
			p := place{lang: lang, told: tt.was, polls: tt.polls}
			if tt.was == waiting || tt.was == active {
				p.told = ""
			}
			status := channels.Status{Case: &supportbot.CaseRef{State: tt.is}, Contact: tt.contact, Ahead: 2}
			words, ends := p.stands(status, &asked{keys: 1})
			if heard := string(twiml(words)); !strings.Contains(heard, want) || want == "" && len(words) > 0 {
				t.Errorf("%s, then %s for the %dth time: %q, want %q", tt.was, tt.is, tt.polls, heard, want)
			}
			if (ends == nil) != (tt.ends == "") || ends != nil && !strings.Contains(ends[supportbot.Chinese], tt.ends) {
				t.Errorf("%s, then %s for the %dth time: ends %q, want %q", tt.was, tt.is, tt.polls, ends, tt.ends)
			}
		}
	}
}
