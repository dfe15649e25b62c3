package turn_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"supportbot"
	"supportbot/handoff"
	"supportbot/internal/replay"
	"supportbot/internal/turn"
)

// nowhere fails the test if a secret stands in a file of the bot.
func (b *bot) nowhere(secrets ...string) {
	b.Helper()
	files, err := filepath.Glob(filepath.Join(b.dir, "*"))
	if err != nil || len(files) == 0 {
		b.Fatal("no files", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		for _, secret := range secrets {
			if bytes.Contains(data, []byte(secret)) {
				b.Errorf("%s stands in %s", secret, filepath.Base(file))
			}
		}
	}
}

func TestASplitNumberVanishesWhole(t *testing.T) {
	b := newBot(t)
	b.says("1", "errand")
	b.says("2", "my card is 6228 4804")
	b.says("3", "hold on")
	if got := b.says("4", "and 0256 4890 018"); !strings.Contains(got, "For your safety") {
		t.Errorf("the person is not told: %q", got)
	}
	b.says("5", "my password is")
	b.says("6", "hunter2")
	transcript := b.transcript()
	for _, want := range []string{"user: my card is [card]", "user: and [card]", "user: [password]"} {
		if !strings.Contains(transcript, want+"\n") {
			t.Errorf("%q is not in\n%s", want, transcript)
		}
	}
	b.nowhere("6228 4804", "62284804", "0256 4890", "02564890", "hunter2") // at once, with the database open
	b.restart()
	b.is(b.transcript(), transcript)

	// What was answered in time stays as it was answered.
	if out, err := b.send("2", "my card is 6228 4804"); err != nil || out.Seq == 0 {
		t.Errorf("a repeat of a part: %+v, %v", out, err)
	}
	thread, err := b.store.Thread(t.Context(), merchant)
	if err != nil {
		t.Fatal(err)
	}
	l, err := b.store.Log(t.Context(), thread.ID)
	if err != nil {
		t.Fatal(err)
	}
	content := contentOf(t)
	if err := replay.Verify(l, func(string) (turn.Content, error) { return content, nil }); err != nil {
		t.Errorf("masked afterwards, it replays otherwise: %v", err)
	}
}

func TestPartsThatComeAtTheSameTimeVanishAsWell(t *testing.T) {
	for name, before := range map[string]func(*bot){
		"in a conversation": func(b *bot) { b.says("0", "errand") },
		"as its beginning":  func(*bot) {},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBot(t)
			before(b)
			b.Path = turn.New(&together{Store: b.store}, []byte("key"), contentOf(t), slog.New(slog.DiscardHandler))
			var all sync.WaitGroup
			for i := range 2 { // in either order they make a card
				all.Go(func() {
					if _, err := b.send(fmt.Sprint(i+1), "number 62284804"); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if transcript := b.transcript(); strings.Contains(transcript, "62284804") {
				t.Errorf("the parts are there:\n%s", transcript)
			}
		})
	}
}

// together is a store whose conversation is read for the first time by two
// messages before either is written.
type together struct {
	turn.Store
	both  sync.WaitGroup
	reads atomic.Int64
	begin sync.Once
}

func (s *together) Thread(ctx context.Context, at supportbot.Address) (supportbot.Thread, error) {
	s.begin.Do(func() { s.both.Add(2) })
	thread, err := s.Store.Thread(ctx, at)
	if s.reads.Add(1) <= 2 {
		s.both.Done()
		s.both.Wait()
	}
	return thread, err
}

func TestAgentsAreMaskedToo(t *testing.T) {
	b := newBot(t)
	b.says("1", "errand")
	b.says("2", "red")
	b.act(supportbot.ActClaim, 0, nil)
	b.act(supportbot.ActMessage, 2, func(a *supportbot.AgentAct) {
		a.Text = "你留的证件是 11010519491231002X"
	})
	for _, text := range []string{"你的卡号是六二二八四八零四零二五六四八九零零一八，密码是 hunter2", "请把密码告诉我"} {
		_, err := b.Act(t.Context(), supportbot.AgentAct{Case: "1-1", Kind: supportbot.ActMessage, Agent: "li", Fence: 2, Text: text})
		if unsafe := (*handoff.Unsafe)(nil); !errors.As(err, &unsafe) {
			t.Errorf("%q is sent to a person: %v", text, err)
		}
	}
	b.act(supportbot.ActOutcome, 2, func(a *supportbot.AgentAct) {
		a.Verdict, a.Note = supportbot.Failed, "code 884213, phone 138 1234 5678, ID 11010519491231002X"
	})
	b.nowhere("六二二八", "hunter2", "884213", "138 1234", "110105")
	if !strings.Contains(b.transcript(), "agent: 你留的证件是 [id number]") {
		t.Errorf("transcript:\n%s", b.transcript())
	}
}

// A telephone number that was asked for reaches the agent as an answer, and
// stands in no words.
func TestANumberThatWasAskedForIsNotInTheWords(t *testing.T) {
	b := newBot(t)
	b.says("1", "errand")
	b.says("2", "red")
	_, err := b.Handle(t.Context(), supportbot.Inbound{Address: merchant, ID: "3", Kind: supportbot.InChoice, Choice: "control:contact"}, []byte("3"))
	if err != nil {
		t.Fatal(err)
	}
	b.is(b.says("4", "13800138000"), "I have noted the number ending in 8000. You may close this page; you will find the answer when you come back.")
	if all := b.transcript(); strings.Contains(all, "138001") || !strings.Contains(all, "user: [phone ****8000]") {
		t.Errorf("transcript:\n%s", all)
	}
	if c, err := b.Case(t.Context(), "1-1"); err != nil || c.Packet.Contact != "13800138000" {
		t.Errorf("the agent is given %q, %v", c.Packet.Contact, err)
	}
}
