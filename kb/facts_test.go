package kb

import (
	"strings"
	"testing"

	"supportbot"
)

const (
	someFacts = "facts:\n- {id: F2.1, zh: 找银行, en: Ask the bank}\n- {id: F2.10, zh: 自己改, en: Do it yourself}\n- {id: F3.1, zh: 停, en: Stop}\n- {id: F3.2, zh: 报警, en: Police}\n- {id: G1.1, zh: 保密, en: Keep it secret}\n"
	someTerms = "terms:\n- zh: 商户号\n  en: [merchant number]\n  not: {zh: [商编], en: [merchant ID]}\n  means: {zh: 号码, en: a number}\n- {zh: 网点, en: [branch]}\n"
)

func TestFactsAndGlossaryAreRead(t *testing.T) {
	content := tinyGuide()
	content["facts.yaml"], content["glossary.yaml"] = file(someFacts), file(someTerms)
	base, err := Load(content)
	if err != nil {
		t.Fatal(err)
	}
	if f := base.Facts[1]; f.ID != "F2.10" || f.Line != 3 || f.Text[supportbot.English] != "Do it yourself" {
		t.Errorf("second fact is %+v", f)
	}
	for section, want := range map[string]int{"F": 4, "F2": 2, "F2.1": 1, "G": 1, "G1": 1, "A": 0} {
		if got := len(base.FactsIn(section)); got != want {
			t.Errorf("%d facts in %s, want %d", got, section, want)
		}
	}
	term := base.Glossary[0]
	if term.Line != 2 || term.Say[supportbot.Chinese][0] != "商户号" || term.Not[supportbot.English][0] != "merchant ID" || term.Means[supportbot.English] != "a number" {
		t.Errorf("first term is %+v", term)
	}
}

func TestBrokenFactsAndTermsAreNamed(t *testing.T) {
	tests := []struct{ name, facts, terms, want string }{
		{"no id", "facts:\n- {id: two, zh: 二, en: two}\n" + someFacts[7:], someTerms, `facts.yaml:2: fact "two"; an id is a letter and two numbers, such as B2.3`},
		{"id twice", someFacts + "- {id: F3.1, zh: 停, en: Stop}\n", someTerms, "facts.yaml:7: fact F3.1 stands in line 4 already"},
		{"one language", strings.Replace(someFacts, ", en: Stop", "", 1), someTerms, "facts.yaml:4: fact F3.1 needs its text in zh and in en"},
		{"unknown key", strings.Replace(someFacts, "en: Stop", "eng: Stop", 1), someTerms, `facts.yaml:4: unknown key "eng" (did you mean "en"?)`},
		{"topic of no facts", strings.Replace(someFacts, "G1.1", "H1.1", 1), someTerms, `topics.yaml:3: topic suspected-fraud names the facts "G1", and facts.yaml has none there`},
		{"term without English", someFacts, "terms:\n- {zh: 商户号}\n", `glossary.yaml:2: term "商户号" needs its name in zh and a list of names in en`},
		{"a comma without quotes", someFacts, strings.Replace(someTerms, "en: a number", "en: a number, printed on paper", 1), `glossary.yaml:5: "printed on paper" is no key; a text that has a comma or a colon needs quotes`},
		{"right and wrong", someFacts, strings.Replace(someTerms, "[merchant ID]", "[branch]", 1), `glossary.yaml:2: “branch” is not to be said here, but is a term in line 6; decide for one`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			content := tinyGuide()
			content["facts.yaml"], content["glossary.yaml"] = file(test.facts), file(test.terms)
			if _, err := Load(content); err == nil || err.Error() != test.want && !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is\n%v\nwant\n%s", err, test.want)
			}
		})
	}
}

func TestAnArticleKnowsItsLines(t *testing.T) {
	content := tinyGuide()
	content["articles/zh/suspected-fraud.md"] = file("---\ntitle: 遇到诈骗\nteaches:\n- F3.1\n- F3.2\nspoken: 请报警。\nrelated: [forgot-password]\nreviewed: 2026-01-02\n---\n\n\n先停止交易。\n")
	base, err := Load(content)
	if err != nil {
		t.Fatal(err)
	}
	article, _ := base.Article("suspected-fraud")
	s := article.Source[supportbot.Chinese]
	if s.File != "articles/zh/suspected-fraud.md" || s.Title != 2 || s.Teaches["F3.2"] != 5 || s.Spoken != 6 || s.Related != 7 || s.Reviewed != 8 || s.Body != 12 || s.Day != "2026-01-02" {
		t.Errorf("the lines are %+v", s)
	}
}
