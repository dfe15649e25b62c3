package authoring

import (
	"strings"
	"testing"
)

func TestLitter(t *testing.T) {
	for _, name := range []string{".DS_Store", "articles/zh/._menu.md", "flows/.menu.yaml.swp", "menu.yaml~", "#menu.yaml#", "Thumbs.db", ".git"} {
		if !Litter(name) {
			t.Errorf("%s is taken for content", name)
		}
	}
	for _, name := range []string{".", "flows", "menu.yaml", "menu.yml", "notes.txt", "a#b.yaml"} {
		if Litter(name) {
			t.Errorf("%s is not seen", name)
		}
	}
}

// page has every kind of value that people write.
type page struct {
	Title  string   `yaml:"title"`
	Spoken string   `yaml:"spoken"`
	Words  []string `yaml:"words"`
	List   []struct {
		Zh string `yaml:"zh"`
		En string `yaml:"en"`
	} `yaml:"list,omitempty"`
}

func TestDecodeSaysWhatWasMeant(t *testing.T) {
	tests := []struct {
		name, text string
		line       int
		says       string
	}{
		{"tab", "title: a\nlist:\n\t- zh: b\n", 3, "tab"},
		{"full-width colon", "title： a\nspoken: b\n", 1, "colon ： is full-width"},
		{"full-width colon between brackets", "title: a\nlist: [{zh：你好， en: Hello}]\n", 2, "colon ： is full-width"},
		{"full-width comma", "list:\n- {zh: 你好， en: Hello}\n", 2, "comma ， is full-width"},
		{"Chinese quotes", "title: a\nlist: [{zh: “你好, 请等”, en: x}]\n", 2, "no quotes of YAML"},
		{"no space after a colon", "title:a\nspoken: b\n", 1, "a space is missing after the colon"},
		{"no space between brackets", "list: [{zh:你好, en: Hello}]\n", 1, "a space after the colon"},
		{"comma in a text", "title: a\nlist:\n- {zh: a, en: Please wait, I get an agent for you.}\n", 3, `"I get an agent for you." is no key; a text that has a comma or a colon needs quotes`},
		{"colon in a text", "title: Remember: both\n", 1, "a text that has a colon needs quotes"},
		{"a comma too few", "list:\n- {zh: \"a\" en: b}\n- {zh: c, en: d}\n", 2, "a comma is missing"},
		{"a comma too few between bare words", "list:\n- {zh: a en: b}\n- {zh: c, en: d}\n", 2, "a comma is missing"},
		{"brace left open", "title: a\nlist: [{zh: c, en: d]\nspoken: x\n", 2, "a comma is missing, or"},
		{"bracket left open", "title: a\nwords: [a, b\nspoken: x\n\n", 2, "[ in this line never closes"},
		{"quote left open", "title: \"a\nspoken: b\n", 1, "never closes"},
		{"apostrophe", "title: 'don't'\n", 1, "quotes of the other kind"},
		{"at sign", "title: @home\n", 1, "begins with @"},
		{"indented too far", "title: a\n  spoken: b\n", 2, "indented wrongly"},
		{"GBK", "title: a\nspoken: \xc4\xe3\xba\xc3\n", 2, "save the file as UTF-8"},
		{"UTF-16", "\xff\xfet\x00i\x00", 1, "save the file as UTF-8"},
		{"what is quoted is no slip", "list:\n- {zh: \"先看，App：好\", en: Look: here}\n", 2, "a comma is missing, or a text"},
		{"two documents", "title: a\n---\ntitle: b\n", 1, "--- begins a second document"},
		{"twice", "title: a\nspoken: b\ntitle: c\n", 3, `the key "title" stands here a second time`},
		{"misspelt", "titel: a\n", 1, `unknown key "titel" (did you mean "title"?)`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out page
			faults, _ := Decode(test.text, &out)
			if len(faults) == 0 {
				t.Fatal("nothing is wrong")
			}
			if faults[0].Line != test.line || !strings.Contains(faults[0].Text, test.says) {
				t.Errorf("line %d: %s\nwant line %d: … %s", faults[0].Line, faults[0].Text, test.line, test.says)
			}
		})
	}
}

// TestDecodeLeavesGoodTextsAlone: what looks like a slip may be a sentence.
func TestDecodeLeavesGoodTextsAlone(t *testing.T) {
	for _, text := range []string{
		"", "title: 你好，请等：马上来\n", "title: “你好”\n", "title: https://example.org\n", "list: [{zh: 你好，再见, en: \"Hello, bye\"}]\n",
	} {
		var out page
		if faults, ok := Decode(text, &out); !ok || len(faults) > 0 {
			t.Errorf("%s: %v", text, faults)
		}
	}
}

func TestJoined(t *testing.T) {
	for name, want := range map[string]bool{"I1.1，I1.2": true, "greet、menu": true, "I1.1": false, "不，谢谢": false} {
		if Joined(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}
