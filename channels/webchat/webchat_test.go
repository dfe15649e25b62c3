package webchat

import (
	"fmt"
	"strings"
	"testing"

	"supportbot"
)

const greeting = "1 bot <p>您好，我是<strong>自动助手</strong>。请选一项，或直接打字。</p>"

func TestGreetsOnceAndResumes(t *testing.T) {
	bot := newMemory()
	server := serve(t, bot)

	first := dial(t, server)
	token, greeted := first.hello("", 0)
	want(t, greeted, []string{greeting})
	first.say("a", "你好")
	want(t, shown(first.next("messages")), []string{"2 user 你好", "3 bot <p>收到：你好</p>"})
	first.ws.Close()

	again, all := dial(t, server).hello(token, 0)
	want(t, all, []string{greeting, "2 user 你好", "3 bot <p>收到：你好</p>"})
	if again != token {
		t.Errorf("the token changed from %s to %s", token, again)
	}
	_, rest := dial(t, server).hello(token, 2)
	want(t, rest, []string{"3 bot <p>收到：你好</p>"})
	want(t, bot.texts(), []string{"open", "text 你好"})
}

func TestAddressDoesNotRevealToken(t *testing.T) {
	bot := newMemory()
	token, _ := dial(t, serve(t, bot)).hello("", 0)
	for _, in := range bot.Taken() {
		if at := in.Address; at.Channel != supportbot.Web || strings.Contains(at.Peer, token) || len(at.Peer) != 43 {
			t.Errorf("address %+v of token %s", at, token)
		}
	}
}

func TestUnusableTokenIsReplaced(t *testing.T) {
	server := serve(t, newMemory())
	for _, token := range []string{"short", strings.Repeat("A", 44), strings.Repeat("é", 43), strings.Repeat("x", 43)} {
		if got, _ := dial(t, server).hello(token, 0); got == token || !isToken(got) {
			t.Errorf("%q was answered with %q", token, got)
		}
	}
}

func TestClientAheadOfTranscriptStartsAnew(t *testing.T) {
	server := serve(t, newMemory())
	c := dial(t, server)
	c.write(fmt.Sprintf(`{"type":"hello","token":%q,"after":50}`, newToken()))
	if after := c.next("welcome")["after"]; after != 0.0 {
		t.Errorf("after is %v", after)
	}
	want(t, shown(c.next("messages")), []string{greeting})
}

func TestTypingThenMessagesThenDone(t *testing.T) {
	c := dial(t, serve(t, newMemory()))
	c.hello("", 0)
	c.next("typing") // of the greeting
	c.say("a", "你好")
	var order []string
	for _, f := range c.until("done") {
		order = append(order, fmt.Sprint(f["type"], f["on"]))
	}
	want(t, order, []string{"typingtrue", "messages<nil>", "typingfalse", "done<nil>"})
}

func TestRepeatTakesEffectOnce(t *testing.T) {
	bot := newMemory()
	server := serve(t, bot)
	c := dial(t, server)
	token, _ := c.hello("", 0)
	c.say("a", "你好")
	first := c.next("done")
	c.write(`{"id":"a", "text":"你好", "type":"message"}`) // the same in another order
	if second := c.next("done"); second["seq"] != first["seq"] {
		t.Errorf("the repeat was answered %v, first %v", second, first)
	}
	c.say("a", "另一句")
	if f := c.next("error"); f["code"] != codeConflict || f["id"] != "a" {
		t.Errorf("another text under the id was answered %v", f)
	}
	other := dial(t, server)
	other.hello(token, 0)
	other.say("a", "你好")
	other.next("done")
	want(t, bot.texts(), []string{"open", "text 你好"})
}

func TestHandledInOrder(t *testing.T) {
	bot := newMemory()
	c := dial(t, serve(t, bot))
	c.hello("", 0)
	wanted := []string{"open"}
	for i := range 30 {
		c.say(fmt.Sprint("m", i), fmt.Sprint("第", i))
		wanted = append(wanted, fmt.Sprint("text 第", i))
	}
	for range 30 {
		c.next("done")
	}
	want(t, bot.texts(), wanted)
}

func TestUnavailableKeepsTheMessageForLater(t *testing.T) {
	bot := newMemory()
	c := dial(t, serve(t, bot))
	c.hello("", 0)
	bot.fails(errDown)
	c.say("a", "你好")
	if f := c.next("error"); f["code"] != codeUnavailable || f["id"] != "a" {
		t.Errorf("the failure was answered %v", f)
	}
	bot.fails(nil)
	c.say("a", "你好")
	if f := c.next("done"); f["id"] != "a" {
		t.Errorf("the retry was answered %v", f)
	}
	want(t, bot.texts(), []string{"open", "text 你好"})
}

func TestAgentIsHeardLive(t *testing.T) {
	bot := newMemory()
	c := dial(t, serve(t, bot))
	c.hello("", 0)
	bot.agentSays("王芳", "您好，<b>我</b>来帮您")
	want(t, shown(c.next("messages")), []string{"2 agent 您好，<b>我</b>来帮您"})
	f := c.next("status")
	if f["agent"] != "王芳" || f["case"].(map[string]any)["state"] != "active" {
		t.Errorf("status %v", f)
	}
}
