package openai

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"supportbot"
	"supportbot/kb"
	kbcontent "supportbot/kb-content"
)

func TestBeyond(t *testing.T) {
	tests := []struct {
		said, source string
		refused      bool
	}{
		{"Find the limits of your bank and read them.", "Find the limits of your bank or platform and read them.", false},
		{"看不明白就打客服电话问", "看不明白，打客服电话问。", false},
		{"Ｆｉｎｄ the limits of your bank or platform and read them", "Find the limits of your bank or platform and read them.", false},
		// numbers, telephones, sums
		{"Call 95533 and ask.", "Call the service line and ask.", true},
		{"Call 95534 and ask.", "Call 95533 and ask.", true},
		{"打955 33问", "打95533问。", true},
		{"要等三天", "要等两天。", true},
		{"It takes three days.", "It takes two days.", true},
		{"换机免费", "换机要问支付机构。", true},
		{"The fee is 5%.", "Ask for the fee.", true},
		{"The fee is 5 yuan.", "The fee is 5 percent.", true},
		// addresses and names
		{"Find the limits at bank.example.com and read them.", "Find the limits of your bank or platform and read them.", true},
		{"看不明白，打客服电话问 https://a.cn", "看不明白，打客服电话问。", true},
		{"Open “Cards” and bind.", "Open “My account” and bind.", true},
		{"在「我的」里绑定", "在「账户管理」里绑定。", true},
		// steps, persons, promises
		{"Send your limits to the bank or platform and read them.", "Find the limits of your bank or platform and read them.", true},
		{"把材料发给客服", "把材料交给银行柜台。", true},
		{"Your bank will certainly raise the limit.", "Your bank sets the limit.", true},
		{"马上就能刷卡", "过一会儿再刷卡。", true},
		// turned round
		{"Give your password to the bank.", "Do not give your password to the bank.", true},
		{"把密码告诉银行", "别把密码告诉银行。", true},
		{"Bind the card after you are verified.", "Bind the card before you are verified.", true},
		// markup, foreign words, something else
		{"看不明白，打**客服**电话问", "看不明白，打客服电话问。", true},
		{"看不明白，打hacker客服电话问", "看不明白，打客服电话问。", true},
		{"The weather is fine here today and the sea is blue.", "Find the limits of your bank or platform and read them.", true},
		{"", "Find the limits.", true},
	}
	for _, test := range tests {
		if fault := beyond(test.said, test.source); (fault != "") != test.refused {
			t.Errorf("%q of %q: %q", test.said, test.source, fault)
		}
	}
}

// told is every sentence of the guide that the program carries.
func told(t *testing.T) (list []string) {
	base, err := kb.Load(kbcontent.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range base.Topics {
		article, _ := base.Article(topic.ID)
		for _, lang := range supportbot.Languages {
			list = append(list, kb.Sentences(article.Text.Written[lang])...)
		}
	}
	return list
}

// A sentence of the guide says what it says. With anything put in that a merchant
// would act upon, wherever it stands, it says more; and so it does under another
// sentence's number.
func TestNothingIsPutIn(t *testing.T) {
	all := told(t)
	rapid.Check(t, func(t *rapid.T) {
		source := rapid.SampledFrom(all).Draw(t, "source")
		if fault := beyond(source, source); fault != "" {
			t.Fatalf("itself: %s", fault)
		}
		runes := []rune(source)
		put := rapid.OneOf(
			rapid.StringMatching(`[0-9]{1,12}`), rapid.StringMatching(` 1[3-9][0-9]{9} `), rapid.StringMatching(`400-[0-9]{3}-[0-9]{4}`),
			rapid.StringMatching(` https?://[a-z]{3,8}\.(com|cn|top)/[a-z]{0,5} `), rapid.StringMatching(` [a-z]{3,8}@[a-z]{3,8}\.com `),
			rapid.StringMatching(` [1-9][0-9]{0,3}(元|块| yuan|%) `), rapid.StringMatching(`「[一-龥]{2,5}」`), rapid.StringMatching(` "[A-Z][a-z]{2,7}" `),
			rapid.SampledFrom([]string{" not ", "不", "别", " never ", "转账到安全账户", " transfer it to me ", "加微信", " guaranteed ", "保证", "五万", " five ", "把密码告诉客服", "**", "[x](y)"}),
		).Draw(t, "put in")
		at := rapid.IntRange(0, len(runes)).Draw(t, "at")
		said := string(runes[:at]) + put + string(runes[at:])
		if fault := beyond(said, source); fault == "" && !strings.Contains(plain(source), strings.TrimSpace(plain(put))) {
			t.Fatalf("%q says no more than %q", said, source)
		}
	})
}

// Whatever is said of whatever, all numbers and addresses in what passes are in the
// source.
func TestWhatPassesHasNoNewNumber(t *testing.T) {
	all := told(t)
	rapid.Check(t, func(t *rapid.T) {
		source, other := rapid.SampledFrom(all).Draw(t, "source"), rapid.SampledFrom(all).Draw(t, "other")
		said := rapid.OneOf(rapid.Just(other), rapid.Just(source+other), rapid.StringOfN(rapid.RuneFrom([]rune(source+other+"0123456789")), 1, 80, -1)).Draw(t, "said")
		if beyond(said, source) != "" {
			return
		}
		for _, kind := range tellings[:2] {
			for _, found := range kind.words.FindAllString(plain(said), -1) {
				if !stands(found, plain(source), kind.words) {
					t.Fatalf("%s %q of %q is not in %q", kind.what, found, said, source)
				}
			}
		}
	})
}
