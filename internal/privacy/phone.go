package privacy

import "supportbot"

// phoneBefore is what a telephone's placeholder begins with if its last digits stay.
const phoneBefore = "[phone ****"

// maskPhones hides telephone numbers, unless one may be the answer to what was
// asked.
func (m *masker) maskPhones() {
	if asksPhone(m.question) {
		return
	}
	m.readDigits()
	if len(m.runs) == 0 {
		return
	}
	labels, _ := m.labelled()
	for _, r := range m.runs {
		k, l := r.lo, labels[m.digits[r.lo].from]
		switch l {
		case labelMerchant:
			k = m.groupEnd(k, r.hi)
		case labelReference:
			k = m.referenceEnd(k, r.hi)
		}
		for k < r.hi {
			end, ok := m.phone(k, r.hi, l == labelPhone)
			if ok && !m.amidOthers(k, end, r) && !m.calledOtherwise(end) {
				m.hide(m.digits[k].from, m.digits[end-1].to, KindPhone, phoneBefore+m.tail(k, end)+"]")
			} else {
				end = m.groupEnd(k, r.hi)
			}
			k, l = end, labelNone
		}
	}
}

// amidOthers tells whether the digits [k,end) of a number stand one by one amid
// others that do, so that they are a part of something longer.
func (m *masker) amidOthers(k, end int, r run) bool {
	if m.groupEnd(k, r.hi) > k+1 {
		return false
	}
	before := k > r.lo && m.digits[k-1].starts
	after := end < r.hi && m.groupEnd(end, r.hi) == end+1
	return before || after
}

// calledOtherwise tells whether the words after the number that ends before digit
// end make it an order's, a terminal's or the like: "14000123456 是终端号".
func (m *masker) calledOtherwise(end int) bool {
	t := m.follow(m.digits[end-1].to)
	l, _ := m.labelAt(t.to)
	return t.firm && (l == labelReference || l == labelMerchant)
}

// phone reads a person's telephone number from digit k on: a Chinese mobile
// number, a landline with its area code, a number with + and its country, or
// what is labelled so. Hotlines and the 400 and 800 numbers of companies are
// public. It returns the digit after it.
func (m *masker) phone(k, hi int, labelled bool) (end int, ok bool) {
	group := m.groupEnd(k, hi)
	if m.at(m.digits[k].from-1) == '+' {
		if end := m.phoneEnd(k, hi, 15); end-k >= 8 {
			return end, true
		}
	}
	start := k
	switch { // the country may stand before it
	case m.value(k, 4) == 86 && hi-k >= 15:
		start += 4
	case m.value(k, 2) == 86 && hi-k >= 13:
		start += 2
	}
	if m.value(start, 1) == 1 && m.value(start, 2) >= 13 && m.aligned(start+11, hi) && m.grouped(start, start+11) && !m.counted(m.digits[start+10].to) {
		return start + 11, true
	}
	if group-k == m.areaCode(k) {
		for _, n := range []int{8, 7} {
			if m.aligned(group+n, hi) && m.grouped(k, group+n) {
				return group + n, true
			}
		}
	}
	if labelled && group-k < cardMin {
		if end := m.phoneEnd(k, hi, 12); end-k >= phoneMin && !m.isPublic(k, end) {
			return end, true
		}
	}
	return 0, false
}

// areaCode returns how many digits the area code at digit k has, 0 if none is
// there: 010 and 02x for the largest cities, 03xx to 09xx for the others.
func (m *masker) areaCode(k int) int {
	switch area := m.value(k, 2); {
	case m.value(k, 1) != 0:
		return 0
	case area == 1 || area == 2:
		return 3
	case area >= 3:
		return 4
	}
	return 0
}

// phoneEnd returns the last end of a group within most digits from k on.
func (m *masker) phoneEnd(k, hi, most int) int {
	end := k
	for next := m.groupEnd(k, hi); next-k <= most && m.grouped(k, next); next = m.groupEnd(next, hi) {
		end = next
		if next == hi {
			break
		}
	}
	return end
}

// isPublic tells of the numbers of companies, 400 and 800.
func (m *masker) isPublic(k, end int) bool {
	area := m.value(k, 3)
	return end-k == 10 && (area == 400 || area == 800)
}

// grouped tells whether the digits [k,end) are written as one number, which
// amounts in a list are not.
func (m *masker) grouped(k, end int) bool {
	first := m.groupEnd(k, end) - k
	country := m.at(m.digits[k].from-1) == '+' || m.value(k, 2) == 86
	if first == 2 && !country {
		return false
	}
	round := first < end-k
	for i := k; i < end; i = m.groupEnd(i, end) {
		round = round && m.digits[m.groupEnd(i, end)-1].value == 0
	}
	if round {
		return false // 150 3000 2000
	}
	for i := k + 1; i < end; i++ {
		if !m.digits[i].starts {
			continue
		}
		if r := m.at(m.digits[i].from - 1); r == ',' || r == '/' || r == ':' || r == '+' {
			return false
		}
		if first == 1 && !country && m.groupEnd(i, end)-i > 3 {
			return false
		}
	}
	return true
}

// asksPhone tells whether a telephone number may be the answer: a phone is asked
// for, or the person waits for an agent and may leave one.
func asksPhone(q supportbot.Question) bool {
	return q.Queued || q.Slot.Type == supportbot.SlotPhone || q.Below != nil && asksPhone(*q.Below)
}
