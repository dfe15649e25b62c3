package privacy

import "time"

// idNumber reads the number of a Chinese identity document from digit k on: 18
// characters with a checksum, the last of which may be an X (GB 11643-1999), or
// the older 15. Region and date of birth must be plausible. It returns the
// glyph after it.
func (m *masker) idNumber(k, hi int) (to int, ok bool) {
	if !regions[m.value(k, 2)] {
		return 0, false
	}
	// In digits that stand apart, the first of a longer number may pass.
	apart := m.groupEnd(k, hi)-k < 6
	ends := func(n int) bool { return k+n == hi || !apart && m.aligned(k+n, hi) }
	switch {
	case ends(18) && m.born(k+6, 0) && m.idChecksum(k) == int(m.digits[k+17].value):
		return m.digits[k+17].to, true
	case ends(15) && m.born(k+6, 1900):
		return m.digits[k+14].to, true
	case k+17 == hi && m.born(k+6, 0) && m.idChecksum(k) == 10:
		return m.xAfter(hi)
	}
	return 0, false
}

// claimedID reads a number that is labelled as an identity number and has the
// length of one. Its form need not be right, since people mistype.
func (m *masker) claimedID(k, hi int) (to int, ok bool) {
	if k+17 == hi {
		if to, ok := m.xAfter(hi); ok {
			return to, true
		}
	}
	for _, n := range []int{18, 17, 15} {
		if m.aligned(k+n, hi) {
			return m.digits[k+n-1].to, true
		}
	}
	return 0, false
}

// xAfter looks for the X, or 叉 as it is said, that stands for ten after the last digit of a run, and
// returns the glyph after it.
func (m *masker) xAfter(hi int) (to int, ok bool) {
	i := m.gap(m.digits[hi-1].to)
	return i + 1, m.at(i) == 'x' && !isLatin(m.at(i+1)) || m.at(i) == '叉'
}

// idChecksum weighs 17 digits from k on (ISO 7064 MOD 11-2) and returns what the
// last character must be, 10 for X.
func (m *masker) idChecksum(k int) int {
	sum, weight := 0, 2
	for i := k + 16; i >= k; i-- {
		sum += weight * int(m.digits[i].value)
		weight = weight * 2 % 11
	}
	return (12 - sum%11) % 11
}

// born tells whether a date of birth stands at digit k, with a year of two
// digits if the century is given.
func (m *masker) born(k, century int) bool {
	year := century + m.value(k, 2)
	k += 2
	if century == 0 {
		year = year*100 + m.value(k, 2)
		k += 2
	}
	month, day := m.value(k, 2), m.value(k+2, 2)
	date := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return year >= 1900 && year < 2100 && date.Month() == time.Month(month) && date.Day() == day
}

// regions are the first two digits of an identity number: provinces (GB/T 2260),
// residence permits of Hong Kong, Macao and Taiwan, and foreigners' permits.
var regions = map[int]bool{
	11: true, 12: true, 13: true, 14: true, 15: true,
	21: true, 22: true, 23: true,
	31: true, 32: true, 33: true, 34: true, 35: true, 36: true, 37: true,
	41: true, 42: true, 43: true, 44: true, 45: true, 46: true,
	50: true, 51: true, 52: true, 53: true, 54: true,
	61: true, 62: true, 63: true, 64: true, 65: true,
	71: true, 81: true, 82: true, 83: true,
	91: true,
}
