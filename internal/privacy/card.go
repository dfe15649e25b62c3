package privacy

// cardBefore is what a card's placeholder begins with if its last digits stay.
const cardBefore = "[card ****"

// Lengths of card numbers (ISO/IEC 7812-1).
const (
	cardMin = 13
	cardMax = 19
)

// card reads a card number from digit k on. It must have an issuer's prefix and
// pass the Luhn check; UnionPay's 62 need not, since merchants mistype what they
// read off a card, and nor must a number that is labelled as a card.
//
// The number may end wherever a group of digits does, so there may be several
// readings. All that any of them covers is hidden, and what stands beside it in
// short groups, which is likely its expiry date or security code. Its tail is
// shown only if one reading is left, lest the tail be the security code.
func (m *masker) card(k, hi int, labelled bool) (end int, tail string, ok bool) {
	least := m.shortest(k)
	if labelled {
		least = cardMin
	}
	// Letters right beside it make it a part of a serial number, as in N6200….
	lenient := labelled || m.value(k, 2) == 62 && !isLatin(m.at(m.digits[k].from-1))
	group := m.groupEnd(k, hi)
	if lenient && group-k > cardMax {
		return group, "", true // a card with more digits run on
	}
	var valid, valids, formal, formals int // the longest reading that passes, and how many do
	for e := group; e-k <= cardMax; e = m.groupEnd(e, hi) {
		if e > group && m.counted(m.digits[e-1].to) {
			break // an amount stands beside it
		}
		if e-k >= least && m.luhn(k, e) {
			valid, valids = e, valids+1
		}
		if e-k >= least && (labelled || e-k >= 16 && !isLatin(m.at(m.digits[e-1].to))) {
			formal, formals = e, formals+1
		}
		if e == hi {
			break
		}
	}
	switch {
	case !labelled && m.amounts(k, max(valid, formal)):
		return 0, "", false
	case lenient && formals > 0:
		end = max(valid, formal)
	case valids > 0:
		end = valid
	default:
		return 0, "", false
	}
	if valids == 1 {
		tail = m.tail(k, valid)
	} else if valids == 0 && formals == 1 {
		tail = m.tail(k, formal)
	}
	return m.beside(end, hi), tail, true
}

// amounts tells whether the digits [k,end) are sums in a list, such as 6000 6500
// 7000 7500: in groups that all end in 00.
func (m *masker) amounts(k, end int) bool {
	groups := 0
	for k < end {
		next := m.groupEnd(k, end)
		if next-k < 3 || m.digits[next-1].value != 0 || m.digits[next-2].value != 0 {
			return false
		}
		k, groups = next, groups+1
	}
	return groups > 2
}

// beside returns where the short groups end that stand right beside a card: up
// to eight digits, unless they are counted by a unit or begin a year or a time.
func (m *masker) beside(end, hi int) int {
	for from := end; end < hi; {
		next := m.groupEnd(end, hi)
		year := next-end == 4 && (m.value(end, 2) == 19 || m.value(end, 2) == 20)
		after := m.digits[next-1].to
		if next-end > 4 || next-from > 8 || year || m.counted(after) || m.at(after) == ':' {
			break
		}
		end = next
	}
	return end
}

// shortest returns how many digits a card has at least that begins like the
// number from digit k on; more than any card has if no issuer's does.
func (m *masker) shortest(k int) int {
	prefix := m.value(k, 4)
	for _, i := range issuers {
		if prefix >= i.from && prefix <= i.to {
			return i.digits
		}
	}
	return cardMax + 1
}

// issuers are the first four digits of cards: the ranges of the international
// schemes, UnionPay's 62 and 81, and what Chinese banks issued before UnionPay.
// Where merchants quote other numbers of the same range, only longer ones are
// cards: IMEIs begin with 35 and have 15 digits, product codes begin with 690 to
// 699 and have 13.
var issuers = []struct{ from, to, digits int }{
	{1030, 1039, 19},
	{2200, 2204, cardMin},
	{2221, 2720, cardMin},
	{3000, 3059, cardMin},
	{3090, 3099, cardMin},
	{3400, 3499, cardMin},
	{3528, 3589, 16},
	{3600, 3999, cardMin},
	{4000, 5899, cardMin},
	{6000, 6899, cardMin},
	{6900, 6999, 14},
	{8100, 8199, 16},
	{9400, 9999, 16},
}

// luhn tells whether the digits [k,end) pass the check of ISO/IEC 7812-1.
func (m *masker) luhn(k, end int) bool {
	sum := 0
	for i := end - 1; i >= k; i-- {
		v := int(m.digits[i].value)
		if (end-i)%2 == 0 {
			v *= 2
			if v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0
}

// value returns the number that n digits from k on make.
func (m *masker) value(k, n int) int {
	v := 0
	for _, d := range m.digits[k:min(k+n, len(m.digits))] {
		v = v*10 + int(d.value)
	}
	return v
}

// tail returns the last four of the digits [k,end).
func (m *masker) tail(k, end int) string {
	var tail [4]byte
	for i := range tail {
		tail[i] = '0' + m.digits[max(k, end-4)+i].value
	}
	return string(tail[:])
}

// hideCard hides the digits [k,end) and shows the tail of the card, if known.
func (m *masker) hideCard(k, end int, tail string) {
	shown := placeholders[kindCard]
	if tail != "" {
		shown = cardBefore + tail + "]"
	}
	m.hide(m.digits[k].from, m.digits[end-1].to, kindCard, shown)
	m.cards, m.anyCard = append(m.cards, m.digits[end-1].to), true
}
