package dialog

import (
	"testing"
	"time"

	"supportbot"
)

func TestAClockThatIsSetBackRenewsNoProof(t *testing.T) {
	tk := smallTalk(t, supportbot.Web)
	tk.errandAtAgent()
	tk.does(Event{Kind: Judged, Verdict: supportbot.Verified})
	tk.now = tk.now.Add(31 * time.Minute)
	tk.mumbles()
	tk.now = tk.now.Add(-time.Hour)
	tk.is(tk.chooses("yes"), "Your verification has expired, so it must be done again. | An agent comes")
}
