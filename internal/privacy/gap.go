package privacy

import (
	"strings"
	"unicode"
)

// maxGap is how many glyphs may stand between two digits of one number.
const maxGap = 14

// gap returns where what stands at glyph i ends, if it may stand within a
// number: separators, and what people say between groups.
func (m *masker) gap(i int) int {
	end := i
	for end < i+maxGap {
		if m.separates(end) {
			end++
			continue
		}
		_, next := match(m, joints, end)
		if next == end {
			break
		}
		end = next
	}
	return end
}

// separates tells whether a number may go on after glyph i: after signs of all
// kinds, but not after those of money and shares, and not after the comma of
// thousands.
func (m *masker) separates(i int) bool {
	switch r := m.at(i); {
	case r == ' ' || r == '-' || r == '.':
		return true
	case r == ',':
		return m.figures(i+1) != 3 || m.figures(i-4) == 4
	case r == hole || figure(r) || isLatin(r):
		return false
	case r < 0x80:
		return !strings.ContainsRune("$%=?!^", r)
	}
	r := m.at(i)
	return (unicode.IsSymbol(r) || unicode.IsPunct(r)) && !unicode.Is(unicode.Sc, r)
}

// joints are what people say between the groups of a number.
var joints = words(map[int][]string{0: append(strings.Fields(`
	然后 然后是 接着 接着是 接下来 接下来是 后面 后面是 再来 再 中间 中间是 最后 最后是 还有 和 跟 是 空格 横杠 横线 杠 横 逗号 斜杠 下划线 嗯 呃 啊 那个
	前四位 前六位 中间四位 后四位 最后四位 最后三位 末四位 前4位 前6位 中间4位 后4位 最后4位 末4位
	then next and space dash hyphen dot comma slash minus underscore um uh followed by after that finally`),
	ordinals()...)})

// ordinals are 第一段, 第2组 and the like.
func ordinals() []string {
	var all []string
	for _, n := range "一二三四五六12345" {
		for _, part := range []string{"", "段", "组", "部分", "个"} {
			all = append(all, "第"+string(n)+part)
		}
	}
	return all
}
