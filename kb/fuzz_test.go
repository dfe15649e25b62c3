package kb

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// problemPlace is how every problem of content begins.
var problemPlace = regexp.MustCompile(`^([a-z./_-]+):([1-9][0-9]*): .`)

// FuzzLoad: whatever stands in a file of the guide, it is read, or each problem
// names its file, its line and what is wrong.
func FuzzLoad(f *testing.F) {
	files := []string{
		"topics.yaml", "hotlines.yaml", "facts.yaml", "glossary.yaml",
		"articles/zh/suspected-fraud.md", "articles/en/suspected-fraud.md", "phrases/zh/forgot-password.txt",
	}
	for i, name := range files {
		text := "- {id: F1.1, zh: 甲, en: a}\n"
		if file, ok := tinyGuide()[name]; ok {
			text = string(file.Data)
		}
		for _, text := range []string{text, strings.ReplaceAll(text, "\n", "\r\n"), "\ufeff" + text, "---\n---\n", "{", "- - -", "\xff", "a: &a [*a]"} {
			f.Add(uint8(i), text)
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, text string) {
		name := files[int(which)%len(files)]
		content := tinyGuide()
		content[name] = file(text)
		base, err := Load(content)
		if err == nil {
			if base == nil {
				t.Fatal("neither a guide nor a problem")
			}
			return
		}
		for problem := range strings.SplitSeq(err.Error(), "\n") {
			m := problemPlace.FindStringSubmatch(problem)
			if m == nil {
				t.Fatalf("%s with %q: no place in %q", name, text, problem)
			}
			if _, ok := content[m[1]]; !ok && !slices.Contains(files, m[1]) && !strings.HasPrefix(m[1], "phrases/") && !strings.HasPrefix(m[1], "articles/") {
				t.Fatalf("%s with %q: there is no file %q", name, text, m[1])
			}
		}
	})
}

// FuzzCount: a number is read from 0 to 99, or not at all.
func FuzzCount(f *testing.F) {
	for _, text := range []string{"", "十", "二十", "九十九", "十十", "一十一", "12", "１２", "幺洞", "百"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if n, ok := count(text); n < 0 || n > 99 || !ok && n != 0 {
			t.Fatalf("%q is %d", text, n)
		}
	})
}
