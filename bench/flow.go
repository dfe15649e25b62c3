package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/turn"
	"supportbot/kb"
	kbcontent "supportbot/kb-content"
)

// script is the guided flow that every conversation takes: a problem in the
// person's own words, a question back, a way that is tried, another one by a
// button, a question on something else in between, and the end.
var script = []struct{ text, choice, at string }{
	{text: "POS机密码忘了", at: "forgot-password/channel"},
	{text: "帮我选", at: "forgot-password/worked"},
	{text: "上一步", at: "forgot-password/channel"},
	{choice: "channel=app", at: "forgot-password/worked"},
	{text: "一天能刷多少", at: "forgot-password/worked"},
	{choice: "worked=yes", at: "/"},
}

// flow is the script as it must go, turn by turn.
type flow []step

type step struct {
	In     supportbot.Inbound
	Commit supportbot.Commit
	Reply  []byte // the whole body of the answer on the REST channel
}

// rehearse plays the script in memory, so that what the server answers can be
// checked to the byte. It fails if the content has another flow by now.
func rehearse() (flow, error) {
	content, err := builtIn()
	if err != nil {
		return nil, err
	}
	var f flow
	thread := supportbot.Thread{ID: 1, Address: address("rehearsal")}
	for i, line := range script {
		in := supportbot.Inbound{Address: thread.Address, ID: id(i), Kind: supportbot.InText, Text: line.text, Choice: line.choice, Language: supportbot.Chinese, At: time.Now().UTC()}
		if line.choice != "" {
			in.Kind = supportbot.InChoice
		}
		commit, err := content.Turn(thread, turn.Row{Seq: int64(i) + 1, Inbound: in})
		if err != nil {
			return nil, err
		}
		if at := commit.Outcome.Flow + "/" + commit.Outcome.Step; at != line.at {
			return nil, fmt.Errorf("bench/flow.go: after %q the conversation stands at %s instead of %s; bring the script up to date", line.text+line.choice, at, line.at)
		}
		reply, err := json.Marshal(answerTo(commit.Outcome))
		if err != nil {
			return nil, err
		}
		f = append(f, step{in, commit, append(reply, '\n')})
		thread = after(thread, commit)
	}
	if !f[len(f)-1].Commit.Outcome.Ended {
		return nil, errors.New("bench/flow.go: the script does not reach the end of its flow; bring it up to date")
	}
	return f, nil
}

// after is the conversation as the store would hand it to the next turn.
func after(t supportbot.Thread, c supportbot.Commit) supportbot.Thread {
	t.Version, t.Head, t.Tail, t.Session = t.Version+1, c.Seq, c.Seq, c.Session
	t.LastSeq += int64(len(c.Messages))
	for _, set := range c.Timers {
		t.Timers = slices.DeleteFunc(t.Timers, func(old supportbot.Timer) bool { return old.Kind == set.Kind })
		if !set.Due.IsZero() {
			t.Timers = append(t.Timers, set)
		}
	}
	return t
}

func address(conversation string) supportbot.Address {
	return supportbot.Address{Channel: supportbot.REST, Peer: conversation}
}

// id is that of a message in its conversation.
func id(turn int) string { return fmt.Sprint("m", turn+1) }

// builtIn is the content that the program carries.
func builtIn() (turn.Content, error) {
	base, err := kb.Load(kbcontent.FS)
	if err != nil {
		return turn.Content{}, err
	}
	guide := dialog.Guide{
		Topics: map[string]supportbot.Text{}, Articles: map[string]supportbot.Text{}, Related: map[string][]string{},
		Hotlines: base.Hotlines,
	}
	for _, t := range base.Topics {
		guide.Topics[t.ID] = supportbot.Text{Written: t.Name}
		if a, ok := base.Article(t.ID); ok {
			guide.Articles[t.ID], guide.Related[t.ID] = a.Text, a.Related
		}
	}
	book, err := dialog.Load(kbcontent.FS, guide)
	return turn.Content{Book: book, Reader: kb.NewReader(base)}, err
}
