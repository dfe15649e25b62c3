package dialog

import (
	"strings"
	"testing"

	"supportbot"
)

func TestInspect(t *testing.T) {
	book, err := Load(smallWith(t, "zz.yaml", `
flow: long
goal: {zh: 长, en: long}
start: {menu: "7", label: {zh: 长, en: Long}}
slots:
  way: {type: enum, values: {a: {zh: 甲, en: A}, b: {zh: 乙乙, en: Bee}}}
  number: {type: digits, min: 4, max: 6, values: {unknown: {zh: 不知道, en: I do not know}}}
  contact: {type: phone}
  note: {type: text, max: 12}
  words: {type: text, given: true}
  topic: {type: pick, from: menu}
ladders:
  no_match: [{end: done}]
  no_input: {voice: [{end: done}], chat: [{after: 1h, end: done}]}
steps:
- ask: way
  say: {zh: 选, en: Choose}
- ask: topic
  say: {zh: 选, en: Choose}
- end: done
`), small)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		slot   string
		zh, en string
	}{
		{"way", "乙乙", "Bee"},
		{"number", "000000", "I do not know"},
		{"contact", strings.Repeat("0", 16), strings.Repeat("0", 16)},
		{"note", strings.Repeat("字", 12), "word word wo"},
		{"words", strings.Repeat("字", 20), strings.Repeat("word ", 8)},
		{"other", "", ""},
	} {
		if got := book.Longest("long", test.slot, supportbot.Chinese); got != test.zh {
			t.Errorf("%s in zh is %q", test.slot, got)
		}
		if got := book.Longest("long", test.slot, supportbot.English); got != test.en {
			t.Errorf("%s in en is %q", test.slot, got)
		}
	}
	for flow, want := range map[string]string{"long": "Long, long", "menu": "", "talk-to-agent": "Agent, an agent", patternContact: "Leave a phone number"} {
		if got := strings.Join(book.Names(flow, supportbot.English), ", "); got != want {
			t.Errorf("buttons call %s %q", flow, got)
		}
	}
	if file, line := book.Place("long", "topic"); file != "flows/zz.yaml" || line != 18 {
		t.Errorf("the step is in %s:%d", file, line)
	}
	if file, line := book.Place("long", "nowhere"); file != "" || line != 0 {
		t.Errorf("a step that is not there is in %s:%d", file, line)
	}
	for _, s := range book.Sayings() {
		if s.Flow == "long" && s.Step == "way" && s.Asks {
			if c := book.Choices(s, supportbot.English); len(c) != 2 || c[1] != (supportbot.Choice{Label: "Bee", Value: "way=b", Key: "2"}) {
				t.Errorf("the choices are %+v", c)
			}
		}
	}
}

func TestAsksForSecret(t *testing.T) {
	for text, want := range map[string]bool{
		"请把密码告诉我们。":                                true,
		"先挂失。然后把验证码发给客服。":                          true,
		"不要把密码告诉我们。":                               false,
		"密码在银行的设备上输。":                              false,
		"Please tell us the PIN.":                  true,
		"Never tell us the PIN.":                   false,
		"Tell the agent the last four digits.":     false,
		"Call the bank. Give me your card number.": true,
	} {
		if _, asks := AsksForSecret(text); asks != want {
			t.Errorf("%q: %v", text, asks)
		}
	}
}
