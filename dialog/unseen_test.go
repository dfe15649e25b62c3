package dialog

import (
	"strings"
	"testing"

	"supportbot"
)

// TestWhatCannotBeSeenIsAnswered: the person hears what to send instead, and the
// open question stays open.
func TestWhatCannotBeSeenIsAnswered(t *testing.T) {
	for what, want := range map[supportbot.Unseen]string{
		supportbot.Picture:     "can see pictures here",
		supportbot.Photo:       "the agent will see it",
		supportbot.LostPicture: "cannot be opened",
		supportbot.Sound:       "can listen to recordings",
		supportbot.Edit:        "changed an earlier message",
		supportbot.Group:       "do not answer in groups",
		supportbot.Something:   "cannot see that",
		"of another version":   "cannot see that",
	} {
		tk := smallTalk(t, supportbot.Telegram)
		tk.chooses("topic:errand")
		at := tk.state().Stack
		got := tk.does(Event{Kind: Sent, Unseen: what})
		if !strings.Contains(got, want) || !strings.HasSuffix(got, " | Which brand") {
			t.Errorf("%s: said %q, want %q and the question again", what, got, want)
		}
		if now := tk.state().Stack; len(now) != len(at) || now[0].NoMatch != 0 {
			t.Errorf("%s: the stack is %+v, was %+v", what, now, at)
		}
	}
}

// TestWordsBesideAPictureAreRead: and the person hears that it was not seen.
func TestWordsBesideAPictureAreRead(t *testing.T) {
	tk := smallTalk(t, supportbot.Telegram)
	got := tk.does(Event{Kind: Said, Unseen: supportbot.Picture, Commands: []supportbot.Command{{Kind: supportbot.CmdThanks}}})
	if !strings.Contains(got, "can see pictures here") || !strings.Contains(got, "You are welcome") {
		t.Errorf("said %q", got)
	}
}

func TestWhatCannotBeSeenWhileWaiting(t *testing.T) {
	tk := smallTalk(t, supportbot.Telegram)
	tk.errandAtAgent()
	if got := tk.does(Event{Kind: Sent, Unseen: supportbot.Picture}); !strings.Contains(got, "can see pictures here") || len(tk.last.Replies[0].Choices) != 2 {
		t.Errorf("said %q with %v", got, tk.last.Replies)
	}
	tk.chooses(chooseContact)
	if got := tk.does(Event{Kind: Sent, Unseen: supportbot.Sound}); !strings.Contains(got, "Which phone number") {
		t.Errorf("said %q", got)
	}
	tk.says(fill("contact", "138-0013-8000"))
	tk.does(Event{Kind: Joined, Agent: "lin"})
	tk.is(tk.does(Event{Kind: Sent, Unseen: supportbot.Picture}), "") // the bot is silent now
}

// TestOpenedByALink: who comes for something hears who speaks, and is led there.
func TestOpenedByALink(t *testing.T) {
	menu := smallTalk(t, supportbot.Telegram).does(Event{Kind: Opened})
	greeting, _, _ := strings.Cut(menu, " | ")
	question := smallTalk(t, supportbot.Telegram).chooses("topic:errand")

	tk := smallTalk(t, supportbot.Telegram)
	tk.is(tk.does(Event{Kind: Opened, Choice: "topic:errand"}), greeting+" | "+question)
	tk = smallTalk(t, supportbot.Telegram)
	tk.is(tk.does(Event{Kind: Opened, Choice: "topic:no-such-thing"}), menu)
}
