package lint

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/kb"
)

var today = time.Date(2026, 1, 2, 20, 0, 0, 0, time.UTC)

// small is the content of testdata, with as many phrases as it needs.
func small(t testing.TB) fstest.MapFS {
	t.Helper()
	content := fstest.MapFS{}
	dir := os.DirFS("testdata/content")
	err := fs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(dir, name)
		content[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range content {
		if topic, ok := strings.CutSuffix(filepath.Base(name), ".md"); ok {
			addPhrases(content, topic)
		}
	}
	return content
}

func addPhrases(content fstest.MapFS, topic string) {
	for _, l := range supportbot.Languages {
		var text strings.Builder
		for i := range 15 {
			fmt.Fprintf(&text, "%s %s %c\n", map[supportbot.Language]string{supportbot.Chinese: "怎么办", supportbot.English: "how"}[l], topic, 'a'+rune(i))
		}
		content[fmt.Sprintf("phrases/%s/%s.txt", l, topic)] = &fstest.MapFile{Data: []byte(text.String())}
	}
}

func load(t testing.TB, content fs.FS) (*kb.Base, *dialog.Book) {
	t.Helper()
	base, err := kb.Load(content)
	if err != nil {
		t.Fatal(err)
	}
	guide := dialog.Guide{
		Topics: map[string]supportbot.Text{}, Articles: map[string]supportbot.Text{},
		Related: map[string][]string{}, Hotlines: base.Hotlines,
	}
	for _, topic := range base.Topics {
		guide.Topics[topic.ID] = supportbot.Text{Written: topic.Name}
		if a, ok := base.Article(topic.ID); ok {
			guide.Topics[topic.ID] = supportbot.Text{Written: a.Title}
			guide.Articles[topic.ID], guide.Related[topic.ID] = a.Text, a.Related
		}
	}
	book, err := dialog.Load(content, guide)
	if err != nil {
		t.Fatal(err)
	}
	return base, book
}

// change is a text that is put in place of another in a file, everywhere; if it
// is empty the file is taken away.
type change struct{ file, old, new string }

func (c change) in(t *testing.T, content fstest.MapFS) {
	t.Helper()
	if c.old == "" {
		delete(content, c.file)
		return
	}
	text := string(content[c.file].Data)
	if !strings.Contains(text, c.old) {
		t.Fatalf("%s lacks %q", c.file, c.old)
	}
	content[c.file] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(text, c.old, c.new))}
}

func TestGoodContentPasses(t *testing.T) {
	content := small(t)
	base, book := load(t, content)
	if err := Check(content, base, book, today); err != nil {
		t.Error(err)
	}
}

// TestRefused: each change makes the problems that it lists and no others.
func TestRefused(t *testing.T) {
	const (
		flows   = "flows/flows.yaml"
		zhFees  = "articles/zh/fees.md"
		enFees  = "articles/en/fees.md"
		shortZh = "刷卡要付手续费。\n"
		nine    = "[refunds, refunds, refunds, refunds, refunds, refunds, refunds, refunds, refunds]"
	)
	tests := []struct {
		name    string
		changes []change
		want    []string
	}{
		// Facts
		{"a fact that nothing teaches", []change{{"facts.yaml", "facts:", "facts:\n- {id: D1.1, zh: 没人讲, en: untold}"}},
			[]string{"facts.yaml:2: fact D1.1 (没人讲) is taught nowhere that people get to"}},
		{"a fact that only an unseen article teaches", []change{{flows, "[A1.1, B1.1]", "[A1.1]"}},
			[]string{"facts.yaml:3: fact B1.1 (挂失要付手续费。) is taught nowhere that people get to"}},
		{"a flow without a fact of its topic", []change{{flows, "[A1.1, B1.1]", "[A1.1]"}, {"articles/zh/refunds.md", "[C1.1]", "[C1.1, B1.1]"}, {"articles/en/refunds.md", "[C1.1]", "[C1.1, B1.1]"}, {"articles/zh/lost-card.md", "", ""}, {"articles/en/lost-card.md", "", ""}},
			[]string{"topics.yaml:2: topic lost-card covers fact B1.1 (挂失要付手续费。), and no step of its flow lost-card teaches it"}},
		{"an unknown fact in an article", []change{{zhFees, "[B3.1]", "[B3.1,\n  B3.7]"}, {enFees, "[B3.1]", "[B3.1, B3.7]"}},
			[]string{enFees + `:3: teaches "B3.7", which facts.yaml does not know (did you mean "B3.1"?)`, zhFees + `:4: teaches "B3.7"`}},
		{"an unknown fact in a flow", []change{{flows, "[A1.1, B1.1]", "[A1.1, B1.1, a11]"}},
			[]string{flows + `:42: step report of flow lost-card teaches "a11", which facts.yaml does not know (did you mean "A1.1"?)`}},
		{"an article without a fact of its topic", []change{{"articles/zh/refunds.md", "[C1.1]", "[]"}, {"articles/en/refunds.md", "[C1.1]", "[]"}, {flows, "[A1.1,", "[C1.1, A1.1,"}},
			[]string{"articles/en/refunds.md:1: the article does not teach fact C1.1 of its topic: A refund takes three days.", "articles/zh/refunds.md:1: the article does not teach fact C1.1 of its topic: 退款要三天。"}},
		// Reach
		{"a topic that no button leads to", []change{{zhFees, "[refunds]", "[limits]"}, {enFees, "[refunds]", "[limits]"}},
			[]string{"topics.yaml:5: topic refunds is reached by no choice from the menu"}},
		{"a topic that is far away", []change{{flows, "{type: pick, topics: [limits, fees]}", "{type: enum, values: {no: {zh: 不看, en: No}}}"}},
			[]string{"topics.yaml:5: topic refunds is reached by no choice", "topics.yaml:4: topic fees is reached by no choice", "topics.yaml:3: topic limits is reached by no choice"}},
		{"where a button would help", []change{{zhFees, "[refunds]", "[]"}, {enFees, "[refunds]", "[]"}, {"articles/zh/lost-card.md", "[limits]", "[refunds]"}, {"articles/en/lost-card.md", "[limits]", "[refunds]"}},
			[]string{"topics.yaml:5: topic refunds is reached by no choice from the menu; name it under related of an article that is at most 2 away, such as limits (2), fees (2), or offer it in a question of a flow (slot type pick, topics: […]); related of lost-card counts for nothing"}},
		{"flow: true without a flow", []change{{"topics.yaml", `facts: "C1"`, `facts: "C1", flow: true`}},
			[]string{"topics.yaml:5: topic refunds has flow: true, and no flow starts on it"}},
		{"a flow without flow: true", []change{{"topics.yaml", ", flow: true", ""}},
			[]string{"topics.yaml:2: flow lost-card starts on topic lost-card; write flow: true"}},
		// Lengths
		{"a text that is too long to read", []change{{zhFees, shortZh, strings.Repeat("刷卡要付手续费。", 41) + "\n"}},
			[]string{zhFees + ":8: the article has 328 characters in zh, the most is 320"}},
		{"the same in English", []change{{enFees, "A payment costs a ticket fee.", strings.Repeat("A fee. ", 91)}},
			[]string{enFees + ":8: the article has 182 words in en, the most is 180"}},
		{"a question that is too long", []change{{flows, "您要办什么？,", strings.Repeat("您要办什么，", 15) + "好吗？,"}},
			[]string{flows + ":10: the question of step topic of flow menu has 93 characters in zh, the most is 90"}},
		{"a question with a numbered list", []change{{flows, "zh: 您要办什么？,", `zh: "1. ` + strings.Repeat("您要办什么，", 14) + `\n2. 别的？",`}}, nil},
		{"words that take too long on the phone", []change{{zhFees, "spoken: 刷卡有手续费。", "spoken: " + strings.Repeat("刷卡要付手续费，", 10)}},
			[]string{zhFees + ":4: the article takes 15.6 seconds on the phone in zh (70 characters), the most is 15"}},
		{"a flow without words for the phone", []change{{flows, "zh: 想看哪一个？", "zh: " + strings.Repeat("想看哪一个，", 14)}},
			[]string{flows + ":61: step topic of flow ask-about-money takes 15.6 seconds on the phone in zh (70 characters), the most is 15; shorten it, or give the phone shorter words: voice:"}},
		{"the phone's choices are not counted", []change{{flows, "您要办什么？{menu}", strings.Repeat("您要办什么，", 13) + "{menu}"}}, nil},
		{"a list on the phone", []change{{flows, "zh: 想看哪一个？", `zh: "看哪个？\n1. 限额\n2. 费用"`}},
			[]string{flows + ":61: step topic of flow ask-about-money reads out a list on the phone in zh"}},
		{"a link on the phone", []change{{enFees, "spoken: A payment", "spoken: See https://a.example. A payment"}},
			[]string{enFees + ":4: the article reads out a link on the phone in en"}},
		{"Markdown on the phone", []change{{enFees, "spoken: A payment costs a fee.", "spoken: A payment **costs** a fee."}},
			[]string{enFees + ":4: what the article says on the phone in en has Markdown in it"}},
		{"too many SMS, and no shorter words", []change{{flows, "zh: 现在没有人。,", `zh: "` + strings.Repeat("现在没有人。", 35) + `", voice: {zh: 没有人。, en: Nobody.},`}, {flows, "voice: {zh: 没有人。", "voice: {zh: \"" + strings.Repeat("，", 202) + "没有人。\""}},
			[]string{flows + ":25: step queue of flow talk-to-agent takes 4 SMS in zh with its choices, the most is 3 (206 characters in this text)"}},
		{"a long text whose spoken words fit an SMS", []change{{flows, "zh: 现在没有人。,", `zh: "` + strings.Repeat("现在没有人。", 35) + `", voice: {zh: 没有人。, en: Nobody.},`}}, nil},
		{"a text that Telegram does not take", []change{{enFees, "A payment costs a ticket fee.", strings.Repeat("fee/", 1025)}},
			[]string{enFees + ":8: the article has 4100 characters in en, telegram takes 4096", enFees + ":8: the article has 4110 characters in en, whatsapp takes 1600"}},
		{"more choices than keys", []change{{zhFees, "[refunds]", nine}, {enFees, "[refunds]", nine}},
			[]string{
				enFees + ":8: the article offers 9 choices, voice takes 8", enFees + ":8: the article has two buttons “Refunds”",
				zhFees + ":5: related names refunds", zhFees + ":8: the article offers 9 choices", zhFees + ":8: the article has two buttons “退款”",
			}},
		{"a long button", []change{{flows, "en: In the street", "en: In the street or in a square or on a bus or train"}},
			[]string{flows + ":38: the button “In the street or in a square or on a bus or train” has 49 characters, the most in en is 40"}},
		{"a long title on a button", []change{{"articles/zh/limits.md", "title: 限额", "title: " + strings.Repeat("限额", 11)}},
			[]string{"articles/zh/limits.md:2: the button “" + strings.Repeat("限额", 11) + "” has 22 characters, the most in zh is 20"}},
		{"a long label in the menu", []change{{flows, "label: {zh: 限额和费用", "label: {zh: " + strings.Repeat("限额和费用", 5)}},
			[]string{flows + ":61: the button “"}},
		{"a long goal, which names a flow that waits", []change{{flows, "goal: {zh: 挂失,", "goal: {zh: " + strings.Repeat("挂失", 11) + ","}},
			[]string{flows + ":38: the button “挂失挂失"}},
		{"a value that Telegram does not take", []change{{flows, "street:", strings.Repeat("street-", 9) + "s:"}},
			[]string{flows + ":38: the value \"place=" + strings.Repeat("street-", 9) + "s\" has 70 bytes, telegram takes 64"}},
		// Glossary
		{"a wrong word", []change{{"articles/zh/limits.md", "签购单", "小票"}},
			[]string{"articles/zh/limits.md:8: the article says “小票”; everywhere else it is “签购单”, see glossary.yaml:2"}},
		{"a wrong word in the plural, with the reason", []change{{enFees, "spoken: A payment costs a fee", "spoken: A payment has Charges"}},
			[]string{enFees + ":4: the article says “charge”; everywhere else it is “fee” or “ticket fee” (what the bank takes)"}},
		{"a wrong word on a button", []change{{flows, "en: In the shop,", "en: At the ticket shop,"}},
			[]string{flows + ":38: the button “At the ticket shop” says “ticket”"}},
		{"a wrong word in a title", []change{{zhFees, "title: 费用", "title: 服务费"}},
			[]string{zhFees + ":2: the title says “服务费”", "articles/zh/limits.md:8: the button “服务费” says “服务费”", flows + ":61: the button “服务费” says"}},
		// Articles
		{"a hotline that is written out", []change{{enFees, "A payment costs a ticket fee.", "Dial\n95516."}},
			[]string{enFees + ":9: the telephone number 95516 is written out; write {hotline.unionpay} instead"}},
		{"another telephone number", []change{{zhFees, shortZh, "打400-800 1234或13800001111，收110元。\n"}},
			[]string{zhFees + ":8: the telephone number 400-800 1234 is written out; put it into hotlines.yaml", zhFees + ":8: the telephone number 13800001111 is written out"}},
		{"a number in a flow", []change{{flows, "zh: 请稍等。", "zh: 急事打110。"}},
			[]string{flows + ":22: the telephone number 110 is written out; write {hotline.police}"}},
		{"an article that asks for a secret", []change{{zhFees, shortZh, "刷卡要付费。\n请把密码告诉我们。\n"}},
			[]string{zhFees + ":9: this asks for a secret: “请把密码告诉我们”"}},
		{"an article that warns of it", []change{{zhFees, shortZh, "不要把密码告诉我们。\n"}}, nil},
		{"Chinese that is English", []change{{zhFees, shortZh, "A payment costs a fee.\n"}},
			[]string{zhFees + ":8: the article is not in Chinese, and this is its Chinese text: “A payment costs a fee.”"}},
		{"English that is Chinese", []change{{enFees, "A payment costs a ticket fee.", "It costs\na 手续费."}},
			[]string{enFees + ":9: the article has Chinese in its English text: “手续费.”"}},
		{"a review to come", []change{{zhFees, "2026-01-02", "2026-02-01"}, {enFees, "2026-01-02", "2026-02-01"}},
			[]string{enFees + ":6: reviewed is 2026-02-01, which has not come yet", zhFees + ":6: reviewed is 2026-02-01"}},
		{"a review tomorrow, where it is day already", []change{{zhFees, "2026-01-02", "2026-01-03"}, {enFees, "2026-01-02", "2026-01-03"}}, nil},
		{"no review", []change{{zhFees, "reviewed: 2026-01-02\n", ""}},
			[]string{zhFees + ":1: reviewed is missing"}},
		{"a link to a file", []change{{enFees, "A payment costs a ticket fee.", "A fee.\nSee [limits](limits.md) or [the bank](https://bank.example)."}},
			[]string{enFees + `:9: the link to "limits.md" leads nowhere`}},
		{"two buttons that say the same", []change{{flows, "zh: 在店里", "zh: 在路上"}},
			[]string{flows + ":38: step place of flow lost-card has two buttons “在路上”"}},
		{"an article that leads to itself", []change{{zhFees, "[refunds]", "[refunds, fees]"}, {enFees, "[refunds]", "[refunds, fees]"}},
			[]string{zhFees + ":5: related names fees"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			content := small(t)
			for _, c := range test.changes {
				c.in(t, content)
			}
			base, book := load(t, content)
			var got dialog.Problems
			if err := Check(content, base, book, today); err != nil && !errors.As(err, &got) {
				t.Fatal(err)
			}
			for _, want := range test.want {
				if !take(&got, want) {
					t.Errorf("not refused with\n%s", want)
				}
			}
			for _, p := range got {
				t.Errorf("unexpected: %v", p)
			}
		})
	}
}

// TestAnArticleThatIsNeverShown: that is allowed, and told.
func TestAnArticleThatIsNeverShown(t *testing.T) {
	content := small(t)
	base, book := load(t, content)
	if got := Unseen(base, book); !slices.Equal(got, []string{"lost-card"}) {
		t.Errorf("unseen are %v", got)
	}
	change{"flows/flows.yaml", "- ask: next\n", "- say: {article: lost-card}\n- ask: next\n"}.in(t, content)
	if got := Unseen(load(t, content)); len(got) > 0 {
		t.Errorf("it is shown: %v", got)
	}
}

// take takes the first problem that begins with a text out of the list.
func take(problems *dialog.Problems, text string) bool {
	for i, p := range *problems {
		if strings.HasPrefix(p.String(), text) {
			*problems = append((*problems)[:i], (*problems)[i+1:]...)
			return true
		}
	}
	return false
}
