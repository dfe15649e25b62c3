package kb

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"supportbot"
)

// tinyGuide is a complete content folder of two topics.
func tinyGuide() fstest.MapFS {
	content := fstest.MapFS{
		"topics.yaml": file(`topics:
  - {id: forgot-password, zh: 忘记密码, en: Forgotten password, facts: "F2", flow: true}
  - {id: suspected-fraud, zh: 遭遇诈骗, en: Suspected fraud, facts: "F3 G1"}
controls:
  - {id: greet, zh: 打招呼}
none: out-of-scope
`),
		"hotlines.yaml":                  file("hotlines:\n  police: \"110\"\n"),
		"articles/zh/suspected-fraud.md": file("---\ntitle: 遇到诈骗\nteaches: [F3.1, F3.2]\nspoken: 请马上报警，电话{hotline.police}。\nrelated: [forgot-password]\nreviewed: 2026-01-02\n---\n先停止交易，再拨打{hotline.police}。\n"),
		"articles/en/suspected-fraud.md": file("---\ntitle: Fraud\nteaches: [F3.2, F3.1]\nspoken: Call {hotline.police} now.\nrelated: [forgot-password]\nreviewed: 2026-01-03\n---\nStop, then call {hotline.police}.\n"),
	}
	for _, topic := range []string{"forgot-password", "suspected-fraud"} {
		for _, lang := range supportbot.Languages {
			content[fmt.Sprintf("phrases/%s/%s.txt", lang, topic)] = file(lines(topic+map[supportbot.Language]string{supportbot.Chinese: "怎么办", supportbot.English: " how"}[lang], minPhrases))
		}
	}
	return content
}

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

func lines(word string, n int) string {
	text := "# a comment\n\n"
	for i := range n {
		text += fmt.Sprintf("%s %c\n", word, 'a'+rune(i))
	}
	return text
}

func TestLoad(t *testing.T) {
	base, err := Load(tinyGuide())
	if err != nil {
		t.Fatal(err)
	}
	if topic, ok := base.Topic("forgot-password"); !ok || !topic.Flow || topic.Name[supportbot.Chinese] != "忘记密码" {
		t.Errorf("topic is %+v", topic)
	}
	if topic := base.Topics[1]; topic.ID != "suspected-fraud" || strings.Join(topic.Facts, ",") != "F3,G1" {
		t.Errorf("second topic is %+v", topic)
	}
	article, ok := base.Article("suspected-fraud")
	written, spoken := article.Text.In(supportbot.English)
	if !ok || article.Title[supportbot.Chinese] != "遇到诈骗" || written != "Stop, then call 110." || spoken != "Call 110 now." {
		t.Errorf("article is %+v", article)
	}
	if article.Reviewed != "2026-01-02" {
		t.Errorf("reviewed %s, want the older date of the two", article.Reviewed)
	}
	if _, ok := base.Article("forgot-password"); ok {
		t.Error("an article that is in no file was found")
	}
	if want := 4 * minPhrases; len(base.Phrases) != want {
		t.Errorf("%d phrases, want %d", len(base.Phrases), want)
	}
	if first := base.Phrases[0]; first != (Phrase{"forgot-password", supportbot.Chinese, "forgot-password怎么办 a"}) {
		t.Errorf("first phrase is %+v", first)
	}
}

func TestLoadNamesEveryProblem(t *testing.T) {
	const article = "articles/en/suspected-fraud.md"
	tests := []struct {
		name  string
		spoil func(fstest.MapFS)
		want  []string
	}{
		{"no topics", func(c fstest.MapFS) { delete(c, "topics.yaml") }, []string{"topics.yaml:1: file is missing"}},
		{"no hotlines", func(c fstest.MapFS) { delete(c, "hotlines.yaml") }, []string{"hotlines.yaml:1: file is missing"}},
		{"unknown key in front matter", replace(article, "title:", "titel:"), []string{
			article + `:2: unknown key "titel" (did you mean "title"?)`,
			article + ":2: title is missing",
		}},
		{"unknown key in topics", replace("topics.yaml", "flow: true", "flows: true"), []string{`topics.yaml:2: unknown key "flows" (did you mean "flow"?)`}},
		{"broken YAML", replace("hotlines.yaml", "\"110\"", "\"110"), []string{"hotlines.yaml:"}},
		{"wrong type", replace("topics.yaml", "flow: true", "flow: often"), []string{"topics.yaml:2: "}},
		{"id twice", replace("topics.yaml", "id: greet", "id: suspected-fraud"), []string{`topics.yaml:5: id "suspected-fraud" stands twice`}},
		{"topic without a name", replace("topics.yaml", "zh: 忘记密码, ", ""), []string{`topics.yaml:2: topic "forgot-password" needs a name in zh and in en`}},
		{"article about nothing", func(c fstest.MapFS) { c["articles/zh/suspect-fraud.md"] = file("") }, []string{`articles/zh/suspect-fraud.md:1: unknown id "suspect-fraud" (did you mean "suspected-fraud"?)`}},
		{"unknown related topic", replace(article, "[forgot-password]", "[forgot-pasword]"), []string{article + `:5: unknown related topic "forgot-pasword" (did you mean "forgot-password"?)`}},
		{"one language only", func(c fstest.MapFS) { delete(c, article) }, []string{"articles/zh/suspected-fraud.md:1: article stands in zh only; write articles/en/suspected-fraud.md too"}},
		{"unknown hotline in the body", replace(article, "call {hotline.police}.", "call\n{hotline.polize}."), []string{article + `:9: unknown hotline {hotline.polize} (did you mean "police"?)`}},
		{"unknown hotline on the phone", replace(article, "Call {hotline.police}", "Call {hotline.bank}"), []string{article + `:4: unknown hotline {hotline.bank} (known: police)`}},
		{"nothing to say on the phone", replace(article, "spoken: Call {hotline.police} now.", "spoken:"), []string{article + ":2: spoken is missing"}},
		{"no body", replace(article, "Stop, then call {hotline.police}.", ""), []string{article + ":1: body is empty"}},
		{"no front matter", replace(article, "---\ntitle", "title"), []string{article + ":1: front matter is missing"}},
		{"no such day", replace(article, "2026-01-03", "2026-13-03"), []string{article + `:6: reviewed is "2026-13-03"`}},
		{"other buttons in one language", replace(article, "[forgot-password]", "[suspected-fraud]"), []string{article + ":5: related is [suspected-fraud], but [forgot-password] in zh"}},
		{"fact in one language", replace(article, "[F3.2, F3.1]", "[F3.2]"), []string{"articles/zh/suspected-fraud.md:3: teaches F3.1, but the en article does not"}},
		{"phrases of nothing", func(c fstest.MapFS) { c["phrases/en/forgot.txt"] = file("x") }, []string{`phrases/en/forgot.txt:1: unknown id "forgot"`}},
		{"not a phrase file", func(c fstest.MapFS) { c["phrases/en/greet.md"] = file("hello") }, []string{"phrases/en/greet.md:1: unexpected file; names here end in .txt"}},
		{"too few phrases", func(c fstest.MapFS) { c["phrases/en/forgot-password.txt"] = file(lines("x", 3)) }, []string{"phrases/en/forgot-password.txt:1: 3 phrases; a topic needs at least 15"}},
		{"no phrases", func(c fstest.MapFS) { delete(c, "phrases/zh/forgot-password.txt") }, []string{"phrases/zh/forgot-password.txt:1: this file is not there; write it"}},
		{"Chinese among the English", replace("phrases/en/forgot-password.txt", "a\n", "a\nPOS机密码忘了\nPOS 999\n"), []string{`phrases/en/forgot-password.txt:4: phrase "POS机密码忘了" is in another language; move it to the other forgot-password.txt`}},
		{"English among the Chinese", replace("phrases/zh/forgot-password.txt", "a\n", "a\nwangji mima\nI forgot the password\n"), []string{`phrases/zh/forgot-password.txt:5: phrase "I forgot the password" is in another language; move it to the other forgot-password.txt`}},
		{"phrase under two ids", func(c fstest.MapFS) {
			c["phrases/zh/greet.txt"] = file("你好\n天气，怎么样！")
			c["phrases/zh/out-of-scope.txt"] = file("# none\n天气怎么样")
		}, []string{`phrases/zh/out-of-scope.txt:2: phrase "天气怎么样" stands in phrases/zh/greet.txt:2 too`}},
		{"several at once", func(c fstest.MapFS) {
			delete(c, article)
			c["phrases/en/forgot.txt"] = file("x")
		}, []string{"write " + article, `unknown id "forgot"`}},
		{"no telephone number", replace("hotlines.yaml", "\"110\"", "110\""), []string{`hotlines.yaml:2: hotline police is "110\"", which is no telephone number`}},
		{"another ending", func(c fstest.MapFS) { c["facts.yml"] = file("") }, []string{"facts.yml:1: this file is not read; rename it to facts.yaml"}},
		{"a misspelt name", func(c fstest.MapFS) { c["fact.yaml"] = file("") }, []string{`fact.yaml:1: this file is not read (did you mean "facts.yaml"?)`}},
		{"facts with a full-width comma", replace(article, "[F3.2, F3.1]", "[F3.2，F3.1]"), []string{article + `:3: "F3.2，F3.1" is one name; the comma is full-width`}},
		{"GBK", func(c fstest.MapFS) { c["phrases/zh/forgot-password.txt"] = file("\xcd\xfc\xc1\xcb\n") }, []string{"phrases/zh/forgot-password.txt:1: this is not UTF-8"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			content := tinyGuide()
			test.spoil(content)
			_, err := Load(content)
			if err == nil {
				t.Fatal("loaded")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error lacks\n%s\nit is\n%v", want, err)
				}
			}
		})
	}
}

// TestOneMistakeIsOneProblem: what follows from a mistake is not told as well.
func TestOneMistakeIsOneProblem(t *testing.T) {
	const article = "articles/en/suspected-fraud.md"
	for name, spoil := range map[string]func(fstest.MapFS){
		"topics.yaml:2: this cannot be read: a comma is missing":                  replace("topics.yaml", "忘记密码,", "忘记密码"),
		"hotlines.yaml:2: this cannot be read: the quote that opens":              replace("hotlines.yaml", "\"110\"", "\"110"),
		"facts.yaml:2: this cannot be read: a tab":                                func(c fstest.MapFS) { c["facts.yaml"] = file("facts:\n\t- {id: A1.1}\n") },
		article + ":2: this cannot be read: the colon ： is full-width":            replace(article, "title:", "title："),
		article + `:4: this cannot be read: a text that has a colon needs quotes`: replace(article, "spoken: Call", "spoken: Now: Call"),
		article + ":7: this is not UTF-8":                                         replace(article, "---\nStop", "\xb0\xa1---\nStop"),
	} {
		content := tinyGuide()
		spoil(content)
		_, err := Load(content)
		if err == nil || !strings.HasPrefix(err.Error(), name) || strings.Contains(err.Error(), "\n") {
			t.Errorf("want only %s\ngot %v", name, err)
		}
	}
}

// TestLoadIgnoresWhatEditorsLeave: neither system nor editor makes content
// unusable.
func TestLoadIgnoresWhatEditorsLeave(t *testing.T) {
	content := tinyGuide()
	for _, name := range []string{".DS_Store", "articles/zh/.DS_Store", "articles/en/._suspected-fraud.md", "phrases/zh/greet.txt~", "phrases/en/#greet.txt#", "._topics.yaml"} {
		content[name] = file("\x00\xff")
	}
	if _, err := Load(content); err != nil {
		t.Error(err)
	}
}

func replace(name, old, new string) func(fstest.MapFS) {
	return func(c fstest.MapFS) {
		text := string(c[name].Data)
		if !strings.Contains(text, old) {
			panic(name + " lacks " + old)
		}
		c[name] = file(strings.Replace(text, old, new, 1))
	}
}

func TestLoadReadsFilesFromWindows(t *testing.T) {
	content := tinyGuide()
	for name, f := range content {
		content[name] = file("\ufeff" + strings.ReplaceAll(string(f.Data), "\n", "\r\n"))
	}
	base, err := Load(content)
	if err != nil {
		t.Fatal(err)
	}
	if text := base.Phrases[0].Text; text != "forgot-password怎么办 a" {
		t.Errorf("first phrase is %q", text)
	}
}

func TestLoadTheGuide(t *testing.T) {
	base, err := Load(os.DirFS("../kb-content"))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range base.articles {
		for _, lang := range supportbot.Languages {
			if written, _ := a.Text.In(lang); strings.Contains(written, "{hotline.") {
				t.Errorf("%s has a placeholder left: %s", a.Title[lang], written)
			}
		}
	}
	if len(base.articles) == 0 || len(base.Hotlines) == 0 {
		t.Error("the guide has no articles or no hotlines")
	}
}
