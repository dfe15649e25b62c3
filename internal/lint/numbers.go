package lint

import (
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"

	"supportbot/dialog"
)

// Telephone numbers of mainland China, which the guide is written for: mobile
// and landline numbers, 400 and 800 numbers, service numbers. What else is a
// number there is told by the unit behind it.
var (
	digits    = regexp.MustCompile(`[0-9]+(?:[- ][0-9]+)*`)
	joints    = strings.NewReplacer(" ", "", "-", "")
	telephone = regexp.MustCompile(`^(1[3-9][0-9]{9}|0[0-9]{2,3}[2-9][0-9]{6,7}|[48]00[0-9]{7}|9[56][0-9]{3,4}|123[0-9]{2}|100(?:10|86))$`)
	amount    = regexp.MustCompile(`^ ?(元|块|万|%|％|位|笔|yuan|RMB)`)
	synonyms  = regexp.MustCompile(`\balso: *\{[^}]*\}`)
	comment   = regexp.MustCompile(`(^|\s)#.*`)
)

// numbers refuses telephone numbers in articles and flows: a deployment changes
// them in one place.
func (c *checker) numbers(files fs.FS) error {
	hotlines := map[string]string{} // names by number
	for _, name := range slices.Sorted(maps.Keys(c.base.Hotlines)) {
		hotlines[c.base.Hotlines[name]] = name
	}
	return dialog.Files(files, func(file string, data []byte) error {
		flow := strings.HasPrefix(file, "flows/") || file == dialog.Patterns
		if !flow && !strings.HasPrefix(file, "articles/") {
			return nil
		}
		for i, line := range strings.Split(string(data), "\n") {
			if flow && strings.ContainsAny(line, "0123456789") {
				line = comment.ReplaceAllString(synonyms.ReplaceAllString(line, ""), "")
			}
			c.numbersIn(line, file, i+1, hotlines)
		}
		return nil
	})
}

func (c *checker) numbersIn(text, file string, line int, hotlines map[string]string) {
	for _, at := range digits.FindAllStringIndex(text, -1) {
		if amount.MatchString(text[at[1]:]) {
			continue
		}
		run := text[at[0]:at[1]]
		for _, number := range append(strings.Fields(run), joints.Replace(run)) {
			if name, ok := hotlines[number]; ok {
				c.add(file, line, "the telephone number %s is written out; write {hotline.%s} instead", number, name)
			} else if telephone.MatchString(joints.Replace(number)) {
				c.add(file, line, "the telephone number %s is written out; put it into hotlines.yaml and write {hotline.NAME}", run)
			}
		}
	}
}
