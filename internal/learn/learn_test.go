package learn_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supportbot"
	"supportbot/internal/learn"
	"supportbot/kb"
)

var reader = sync.OnceValue(func() *kb.Reader {
	base, err := kb.Load(os.DirFS("../../kb-content"))
	if err != nil {
		panic(err)
	}
	return kb.NewReader(base)
})

// memory is a store in memory.
type memory struct {
	missed  []supportbot.Missed
	audited []string
}

func (m *memory) Missed(context.Context, int) ([]supportbot.Missed, error) {
	return slices.Clone(m.missed), nil
}

func (m *memory) Dismiss(_ context.Context, all []supportbot.MissedID, _ string) error {
	m.missed = slices.DeleteFunc(m.missed, func(missed supportbot.Missed) bool { return slices.Contains(all, missed.ID) })
	return nil
}

func (m *memory) Audit(_ context.Context, act supportbot.Audited) error {
	m.audited = append(m.audited, fmt.Sprint(act.Actor, " ", act.Action, " ", act.Subject, " ", act.Details))
	return nil
}

// lessons has messages, as TEXT or TEXT => MEANT.
func lessons(messages ...string) (learn.Lessons, *memory) {
	m := &memory{}
	for i, message := range messages {
		text, meant, _ := strings.Cut(message, " => ")
		m.missed = append(m.missed, supportbot.Missed{
			ID: supportbot.MissedID{Thread: 7, Row: int64(i)}, Text: text, Meant: meant,
			Guesses: []supportbot.Candidate{{Topic: "transaction-limits", Score: 0.4}},
		})
	}
	return learn.Lessons{Store: m, Reader: reader}, m
}

func TestGroupsAndWhatTheySeemToMean(t *testing.T) {
	l, _ := lessons("我要把那个钱退掉手续的费", "手续的费退掉 => service-agreement", "手续的费退掉", "手续的费退掉吧 => service-agreement", "手续的费要退掉 => gone-topic",
		"转人工", // is a phrase already
		"[card ****1234]", "土豆卖得完吗 [card ****1234]\n# phrases/zh/fees.txt")
	groups, err := l.Groups(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, g := range groups {
		var texts []string
		for _, m := range g.Messages {
			texts = append(texts, m.Text)
		}
		slices.Sort(texts)
		got = append(got, fmt.Sprint(strings.Join(texts, "|"), " ", g.Label, " ", g.Chosen))
	}
	want := []string{"我要把那个钱退掉手续的费|手续的费要退掉|手续的费退掉|手续的费退掉|手续的费退掉吧 service-agreement true", "土豆卖得完吗 # phrases/zh/fees.txt transaction-limits false"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
}

// TestLongMessagesAreComparedByTheirBeginning: with all that anybody may say, the
// page would take minutes. They are shown whole.
func TestLongMessagesAreComparedByTheirBeginning(t *testing.T) {
	said := strings.Repeat("土豆卖得完吗", 20)
	one, other := said+strings.Repeat("萝卜青菜汤", 150), said+strings.Repeat("飞机火车站", 150)
	l, _ := lessons(one, other)
	groups, err := l.Groups(t.Context())
	if err != nil || len(groups) != 1 || len(groups[0].Messages) != 2 {
		t.Fatalf("%d groups, %v; want one of two messages", len(groups), err)
	}
	if got := groups[0].Messages[0].Text; got != one && got != other {
		t.Errorf("the message is shown as %q", got)
	}
}

func TestExport(t *testing.T) {
	l, m := lessons("手续的费退掉", "手续的费退掉", "get that fee thing undone", "## 退 费 掉 手续 #",
		"\ufeff# what\u2028the \u202egniht", "另一句话不要")
	var chosen []supportbot.MissedID
	for _, missed := range m.missed[:5] {
		chosen = append(chosen, missed.ID)
	}
	files, err := l.Export(t.Context(), "service-agreement", append(chosen, supportbot.MissedID{Thread: 99}), "chen")
	want := []supportbot.Phrases{
		{Label: "service-agreement", Language: supportbot.Chinese, Lines: []string{"手续的费退掉", "退 费 掉 手续 #"}},
		{Label: "service-agreement", Language: supportbot.English, Lines: []string{"what the gniht", "get that fee thing undone"}},
	}
	if diff := cmp.Diff(want, files); diff != "" || err != nil {
		t.Errorf("%v, files (-want +got):\n%s", err, diff)
	}
	if diff := cmp.Diff([]string{"chen missed-exported service-agreement map[en:2 zh:2]"}, m.audited); diff != "" {
		t.Errorf("audited (-want +got):\n%s", diff)
	}
	if _, err := l.Export(t.Context(), "../../etc", chosen, "chen"); !errors.Is(err, supportbot.ErrInvalid) {
		t.Errorf("a label that is none: %v", err)
	}
	if _, err := l.Export(t.Context(), "service-agreement", nil, "chen"); !errors.Is(err, supportbot.ErrInvalid) || len(m.audited) > 1 {
		t.Errorf("nothing chosen: %v", err)
	}
}
