package openai

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"supportbot"
	"supportbot/kb"
)

// guide is a small guide with one article that is shown, and its reader.
var guide = sync.OnceValue(func() *kb.Reader {
	files := fstest.MapFS{"topics.yaml": {Data: []byte(`topics:
  - {id: paper, zh: 换纸, en: Changing the paper, facts: "A1"}
  - {id: screen, zh: 屏幕, en: The screen, facts: "A2"}
  - {id: suspected-fraud, zh: 诈骗, en: Suspected fraud, facts: "F3", flow: true}
controls:
  - {id: menu, zh: 菜单}
  - {id: talk-to-agent, zh: 人工}
none: out-of-scope
`)}, "hotlines.yaml": {Data: []byte("hotlines: {police: \"110\"}\n")}}
	for _, topic := range []string{"paper", "screen"} {
		for lang, body := range map[string]string{
			"en": "Lift the lid of the " + topic + " gently.\nThe " + topic + " roll is 57 mm wide.\nA new " + topic + " roll costs no fee.\nDo not touch the printer head of the " + topic + " lid.\n",
			"zh": topic + "的盖子轻轻掀开。\n" + topic + "纸卷宽57毫米。\n换纸卷不收费用。\n别碰打印头，会烫手。\n",
		} {
			files["articles/"+lang+"/"+topic+".md"] = &fstest.MapFile{Data: []byte("---\ntitle: Of the " + topic + "\nteaches: []\nspoken: Look.\nrelated: []\nreviewed: 2026-01-02\n---\n" + body)}
		}
	}
	for _, topic := range []string{"paper", "screen", "suspected-fraud"} {
		for lang, how := range map[string]string{"en": "how", "zh": "怎么办"} {
			var lines strings.Builder
			for i := range 15 {
				fmt.Fprintf(&lines, "%s %s %c\n", topic, how, 'a'+i)
			}
			files["phrases/"+lang+"/"+topic+".txt"] = &fstest.MapFile{Data: []byte(lines.String())}
		}
	}
	base, err := kb.Load(files)
	if err != nil {
		panic(err)
	}
	return kb.NewReader(base)
})

func label(en string) map[supportbot.Language]string {
	return map[supportbot.Language]string{supportbot.English: en}
}

var (
	clarify = supportbot.Command{Kind: supportbot.CmdClarify, Topics: []string{"paper", "screen"}}
	urgent  = supportbot.Command{Kind: supportbot.CmdClarify, Topics: []string{"paper", "suspected-fraud"}}
	colour  = supportbot.Slot{Name: "colour", Type: supportbot.SlotEnum, Options: []supportbot.Option{
		{Value: "red", Label: label("Red")}, {Value: "blue", Label: label("Blue")},
	}}
	works = supportbot.Slot{Name: "works", Type: supportbot.SlotBool, Firm: true, Options: []supportbot.Option{
		{Value: "yes", Label: label("It works")}, {Value: "no", Label: label("It fails")},
	}}
)

// reading is what a reader that is not sure makes of a message.
func reading(d supportbot.Decision, commands ...supportbot.Command) supportbot.Reading {
	return supportbot.Reading{Language: supportbot.English, Decision: d, Commands: commands}
}

// The model says what the test has it say; want is what becomes of the reading.
func TestReread(t *testing.T) {
	start := supportbot.Command{Kind: supportbot.CmdStart, Topic: "screen"}
	tests := []struct {
		name    string
		reading supportbot.Reading
		slot    supportbot.Slot
		queued  bool
		said    string
		want    []supportbot.Command
		asked   int
	}{
		{"a tie is broken", reading(supportbot.Clarify, clarify), supportbot.Slot{}, false, `{"choice":"2"}`, []supportbot.Command{start}, 1},
		{"a tie stays", reading(supportbot.Clarify, clarify), supportbot.Slot{}, false, `{"choice":"none"}`, []supportbot.Command{clarify}, 1},
		{"what was not offered", reading(supportbot.Clarify, clarify), supportbot.Slot{}, false, `{"choice":"3"}`, []supportbot.Command{clarify}, 1},
		{"a topic by name", reading(supportbot.Clarify, clarify), supportbot.Slot{}, false, `{"choice":"screen"}`, []supportbot.Command{clarify}, 1},
		{"words", reading(supportbot.Clarify, clarify), supportbot.Slot{}, false, `I reset it for you.`, []supportbot.Command{clarify}, 1},
		{"out of scope stays so", reading(supportbot.None), supportbot.Slot{}, false, `{"choice":"1"}`, nil, 0},
		{"an answer to the question", reading(supportbot.None), colour, false, `{"choice":"2"}`,
			[]supportbot.Command{{Kind: supportbot.CmdFill, Slot: "colour", Value: "blue"}}, 1},
		{"a result is for the person to say", reading(supportbot.None), works, false, `{"choice":"1"}`, nil, 0},
		{"what is typed is not read", reading(supportbot.None), supportbot.Slot{Name: "phone", Type: supportbot.SlotPhone, Options: colour.Options}, false, `{"choice":"1"}`, nil, 0},
		{"the agent's guest is not read", reading(supportbot.Clarify, clarify), colour, true, `{"choice":"1"}`, []supportbot.Command{clarify}, 0},
		{"who wants an agent gets one", reading(supportbot.Control, supportbot.Command{Kind: supportbot.CmdAgent}), colour, false, `{"choice":"1"}`,
			[]supportbot.Command{{Kind: supportbot.CmdAgent}}, 0},
		{"what is sure is not asked", reading(supportbot.Answer, start), colour, false, `{"choice":"1"}`, []supportbot.Command{start}, 0},
		{"fraud is not lost sight of", reading(supportbot.Clarify, urgent), colour, false, `{"choice":"2"}`,
			[]supportbot.Command{{Kind: supportbot.CmdFill, Slot: "colour", Value: "red"}}, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, nil, func(string) string { return test.said })
			got := s.client(Limits{}).Reread(t.Context(), Doubt{
				Text: "the thing is stuck", Reading: test.reading, Reader: guide(),
				Question: supportbot.Question{Slot: test.slot, Queued: test.queued, Language: supportbot.English},
			})
			if diff := cmp.Diff(test.want, got.Commands); diff != "" {
				t.Errorf("commands (-want +got):\n%s", diff)
			}
			if len(s.asked) != test.asked || len(got.Model) != test.asked {
				t.Errorf("asked %d times, %d kept, want %d", len(s.asked), len(got.Model), test.asked)
			}
		})
	}
}

// With fraud among the guesses, only fraud can be chosen of the topics.
func TestFraudIsTheOnlyTopicBesideItself(t *testing.T) {
	for _, m := range meanings(Doubt{Reading: reading(supportbot.Clarify, urgent), Reader: guide()}) {
		if m.command.Topic != "suspected-fraud" {
			t.Errorf("offers %+v", m.command)
		}
	}
}

func TestQuote(t *testing.T) {
	const asked = "how wide is the paper roll"
	say := func(cite int, text string) string {
		data, _ := json.Marshal(map[string]any{"sentences": []map[string]any{{"cite": cite, "text": text}}})
		return string(data)
	}
	tests := []struct {
		name, said, want string
	}{
		{"word for word", say(2, "The paper roll is 57 mm wide."), "The paper roll is 57 mm wide."},
		{"more simply", say(2, "The roll is 57 mm wide."), "The roll is 57 mm wide."},
		{"another number", say(2, "The paper roll is 58 mm wide."), ""},
		{"money, in the article's words", say(3, "A paper roll costs no fee."), "A new paper roll costs no fee."},
		{"nothing there", say(99, "The paper roll is 57 mm wide."), ""},
		{"nothing said", `{"sentences":[]}`, ""},
		{"backwards", `{"sentences":[{"cite":2,"text":"The paper roll is 57 mm wide."},{"cite":1,"text":"Lift the lid of the paper gently."}]}`, ""},
		{"no JSON", `57 mm`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, nil, func(string) string { return test.said })
			got := s.client(Limits{}).Reread(t.Context(), Doubt{Text: asked, Reading: reading(supportbot.None), Reader: guide()})
			var said string
			if len(got.Commands) > 0 && got.Commands[0].Kind == supportbot.CmdQuote && got.Commands[0].Passages[0].Topic == "paper" {
				said = got.Commands[0].Passages[0].Text
			}
			if said != test.want {
				t.Errorf("%q, want %q (%+v)", said, test.want, got.Model)
			}
		})
	}
}

// What the endpoint gets to see of a message.
func TestOnlyMaskedWordsLeave(t *testing.T) {
	s := serve(t, nil, func(string) string { return `{"choice":"none"}` })
	c := s.client(Limits{})
	for _, secret := range []string{"6228480402564890018", "13812345678", "110101199003077758", "密码是 903155", "898310159980012", "六二二八四八零四零二五六四八九零零一八"} {
		text := "the thing is stuck, " + secret + " ok"
		c.Reread(t.Context(), Doubt{Text: text, Reading: reading(supportbot.Clarify, clarify), Reader: guide()})
		sent, _ := json.Marshal(s.asked)
		for _, run := range []string{secret, strings.TrimLeft(secret, "密码是 ")} {
			if strings.Contains(string(sent), run) {
				t.Errorf("%q was sent", run)
			}
		}
	}
	if len(s.asked) == 0 {
		t.Error("nothing was sent")
	}
}
