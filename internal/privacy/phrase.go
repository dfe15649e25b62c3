package privacy

import (
	"strings"
	"unicode"
)

// phraseMost is how many glyphs a password of several words has at most.
const phraseMost = 64

// phrase reads a password of several words at glyph i, which something firm ties
// to its label: quoted, spelled out, English words, or Chinese ones. Only what
// reaches the end of its clause and has no word of those that one says of a
// password, or one state among four words, is taken for one.
func (m *masker) phrase(i int) (end int, ok bool) {
	if m.at(i-1) == '"' {
		return m.quoted(i)
	}
	if l, _ := m.labelAt(i); l != labelNone {
		return 0, false
	}
	if _, after := match(m, letterCases, i); after > i {
		end = m.clauseEnd(i)
		return end, strings.ContainsFunc(m.folded(after, end), func(r rune) bool { return isLatin(r) || figure(r) })
	}
	if unicode.Is(unicode.Han, m.at(i)) {
		return m.chinesePhrase(i)
	}
	return m.words(i)
}

// letterCases begin a password that is spelled out: 大写A小写b….
var letterCases = words(map[int][]string{0: {"大写", "小写", "字母", "capital", "uppercase", "lowercase"}})

// clauseEnd returns where the clause of glyph i ends.
func (m *masker) clauseEnd(i int) int {
	end := i
	for end < i+phraseMost && !endsClause(m.at(end)) && m.at(end) != ',' {
		end++
	}
	return end
}

// quoted reads up to the closing quotation mark.
func (m *masker) quoted(i int) (end int, ok bool) {
	for end = i; end < i+phraseMost && m.at(end) != hole && m.at(end) != '"'; end++ {
	}
	if m.at(end) != '"' || end == i {
		return 0, false
	}
	text := m.folded(i, end)
	return end, !states[text] && !strings.ContainsAny(text, "错误对效忘")
}

// words reads a password of letters and figures in several words.
func (m *masker) words(i int) (end int, ok bool) {
	if !isLatin(m.at(i)) {
		return 0, false
	}
	count, said, figures := 0, 0, false
	for j := i; j < i+phraseMost; {
		r := m.at(j)
		switch {
		case r == ' ' || r == '-':
			j++
		case endsClause(r) || r == ',':
			return end, figures && said == 0 || count > 1+2*said
		case isLatin(r):
			for end = j; isLatin(m.at(end)); end++ {
			}
			word := m.folded(j, end)
			if states[word] {
				said++
			}
			if saidOfIt[word] || said > 1 || len(word) > 3 && (strings.HasSuffix(word, "ed") || strings.HasSuffix(word, "ing")) {
				return 0, false
			}
			count++
			j = end
		default:
			d, n := m.digitAt(j)
			if n == 0 || m.counted(d.to) {
				return 0, false
			}
			figures = true
			j, end = d.to, d.to
		}
	}
	return 0, false
}

// chinesePhrase reads a password that is a Chinese sentence.
func (m *masker) chinesePhrase(i int) (end int, ok bool) {
	end = m.clauseEnd(i)
	for j := i; j < end; j++ {
		if r := m.at(j); !unicode.Is(unicode.Han, r) || strings.ContainsRune(saidInChinese, r) {
			return 0, false
		}
	}
	return end, end-i >= 4
}

// saidInChinese are the characters of what one says of a password without giving
// it away: what, where, wrong, six digits, my birthday.
const saidInChinese = "什么多少哪怎谁不错对忘没设改在吗呢吧的了码位数字号证日后个可以能要会被给由需请应该输机银行卡刷弄搞记知道按还"

// repeated reads the digit of "六位都是8" at glyph i.
func (m *masker) repeated(i int) (end int, ok bool) {
	if m.at(i-1) != '是' || m.at(i-2) != '都' && m.at(i-2) != '全' {
		return 0, false
	}
	k, ok := m.digitFrom(i)
	if !ok {
		return 0, false
	}
	end = m.digits[m.groupEnd(k, m.runEnd(k))-1].to
	word := m.digits[k].spelled && unicode.Is(unicode.Han, m.at(end)) // 都是一样的
	return end, !word && !m.counted(end)
}

// folded is the text of the glyphs [i,end).
func (m *masker) folded(i, end int) string {
	var text strings.Builder
	for ; i < end; i++ {
		text.WriteRune(m.at(i))
	}
	return text.String()
}

// saidOfIt are further words of English sentences about a password.
var saidOfIt = set(`the a an i me my we us our you your he she they them it its not no never to for in on at of and
	or but so too very still always again when if because that which who do does did can cannot could is was are
	be been has have had will would should may might from with by after before until since only just then there
	case sensitive characters letters digits digit number numbers numeric long else something nothing like today
	now yesterday anywhere also being really probably maybe than more less all any some anyone anybody someone somebody everyone nobody others yourself myself
	themselves friends family staff support agents people`)
