package privacy

// numerals are Chinese digits: plain, as on cheques, and as said over the radio
// and the phone (幺 1, 洞 0, 拐 7, 勾 9, 两 2).
var numerals = map[rune]byte{
	'〇': 0, '○': 0, '零': 0, '洞': 0,
	'一': 1, '壹': 1, '幺': 1,
	'二': 2, '贰': 2, '貳': 2, '两': 2, '兩': 2,
	'三': 3, '叁': 3, '參': 3, '叄': 3,
	'四': 4, '肆': 4,
	'五': 5, '伍': 5,
	'六': 6, '陆': 6, '陸': 6,
	'七': 7, '柒': 7, '拐': 7,
	'八': 8, '捌': 8,
	'九': 9, '玖': 9, '勾': 9,
}

// numberWords are English digits, and Chinese ones in pinyin.
var numberWords = map[string]byte{
	"zero": 0, "oh": 0, "o": 0, "nil": 0, "nought": 0, "one": 1, "two": 2, "three": 3, "four": 4,
	"five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "niner": 9,
	"ling": 0, "dong": 0, "yi": 1, "yao": 1, "er": 2, "liang": 2, "san": 3, "si": 4, "wu": 5, "liu": 6, "qi": 7, "guai": 7, "ba": 8, "jiu": 9, "gou": 9,
}

var plurals = map[string]byte{
	"zeros": 0, "zeroes": 0, "ohs": 0, "ones": 1, "twos": 2, "threes": 3, "fours": 4,
	"fives": 5, "sixes": 6, "sevens": 7, "eights": 8, "nines": 9,
}

var multiples = map[string]int{"double": 2, "triple": 3, "treble": 3, "quadruple": 4}

var teens = map[string]byte{
	"ten": 0, "eleven": 1, "twelve": 2, "thirteen": 3, "fourteen": 4,
	"fifteen": 5, "sixteen": 6, "seventeen": 7, "eighteen": 8, "nineteen": 9,
}

var tens = map[string]byte{
	"twenty": 2, "thirty": 3, "forty": 4, "fifty": 5, "sixty": 6, "seventy": 7, "eighty": 8, "ninety": 9,
}

// pair reads a word for two digits at glyph i, and after tens the ones.
func (m *masker) pair(i int, word string) (digit, bool) {
	d := digit{from: i, to: i + len(word), spelled: true, paired: true}
	if ones, ok := teens[word]; ok {
		d.value, d.second = 1, ones
		return d, true
	}
	ten, ok := tens[word]
	if !ok {
		return digit{}, false
	}
	d.value = ten
	if after := m.at(d.to); after == ' ' || after == '-' {
		word := m.wordAt(d.to + 1)
		if ones := numberWords[word]; ones > 0 {
			d.second, d.to = ones, d.to+1+len(word)
		}
	}
	return d, true
}

// lookAlike reads the letter at glyph i as the figure that it looks like, where
// figures stand right beside it and its neighbours: 4OOO, l234. A group of up to
// four of them beside another counts as well, but not I, which is a word.
func (m *masker) lookAlike(i int, r rune) (value byte, ok bool) {
	if !letters(r) {
		return 0, false
	}
	value = letterFigures[r]
	const most = 16
	lo, hi := i, i+1
	for ; i-lo < most && letters(m.at(lo-1)); lo-- {
	}
	for ; hi-i < most && letters(m.at(hi)); hi++ {
	}
	if isLatin(m.at(lo-1)) || isLatin(m.at(hi)) {
		return 0, false
	}
	beside := figure(m.at(lo-1)) || figure(m.at(hi))
	group := hi-lo == 4 || hi-lo < 4 && r != 'i'
	return value, beside || group && (figure(m.at(lo-2)) || letters(m.at(lo-2)) || figure(m.at(hi+1)))
}

var letterFigures = map[rune]byte{'o': 0, 'l': 1, 'i': 1}

func letters(r rune) bool { return r == 'o' || r == 'l' || r == 'i' }

func figure(r rune) bool { return r >= '0' && r <= '9' }
