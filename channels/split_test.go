package channels

import (
	"slices"
	"strings"
	"testing"
)

func TestSplit(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"what fits", "一二三", []string{"一二三"}},
		{"between paragraphs", "12345\n\n6 7\n8. 9", []string{"12345", "6 7\n8. 9"}},
		{"between lines", "12345\n6 7. 9", []string{"12345", "6 7. 9"}},
		{"between sentences", "一二三四五。六七 八九十", []string{"一二三四五。", "六七 八九十"}},
		{"between words", "12345 789012", []string{"12345", "789012"}},
		{"not too early", "1 23456789012", []string{"1 23456789", "012"}},
		{"no character in two", "123456789😀1", []string{"123456789", "😀1"}},
		{"nothing is left of a line break at the end", "1234567890\n", []string{"1234567890"}},
		{"white space alone", " \n\n ", nil},
		{"nothing", "", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Split(test.text, 10); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	if got := Split(strings.Repeat("长", 25), 10); len(got) != 3 {
		t.Errorf("%q", got)
	}
}
