package handoff

import (
	"regexp"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Kind is how a value of the reference data is written, and so what may differ in
// what people say of it.
type Kind string

// The kinds.
const (
	Words  Kind = "words"  // a name or an address: case, width, spaces and marks do not matter
	Digits Kind = "digits" // a number: nothing but its digits matters, and an X at its end
	Phone  Kind = "phone"  // a telephone number: with or without +86
	Date   Kind = "date"   // a day: 2024-03-05, 2024年3月5日, 5 March 2024
)

// Kinds lists them in the order in which errors name them.
var Kinds = []Kind{Words, Digits, Phone, Date}

// Normal returns the one form that all ways of writing a value have in common, ""
// if the value says nothing of its kind.
func Normal(kind Kind, value string) string {
	value = strings.ToLower(fold(value))
	switch kind {
	case Digits:
		return keep(value, func(r rune) bool { return unicode.IsDigit(r) || r == 'x' })
	case Phone:
		return phone(value)
	case Date:
		return date(value)
	default:
		return keep(value, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	}
}

// fold makes full-width letters and digits plain ones.
func fold(text string) string { return norm.NFKC.String(text) }

func keep(value string, wanted func(rune) bool) string {
	return strings.Map(func(r rune) rune {
		if !wanted(r) {
			return -1
		}
		return r
	}, value)
}

// china is the code of the country in which a number without one is.
const china = "86"

// phone returns a number with the code of its country and without what is dialled
// before it.
func phone(value string) string {
	value = strings.TrimSpace(value)
	number := keep(value, unicode.IsDigit)
	switch {
	case number == "":
		return ""
	case strings.HasPrefix(value, "+"):
		return number
	case strings.HasPrefix(number, "00"):
		return number[2:]
	case len(number) == 13 && strings.HasPrefix(number, china+"1"): // 86 before a mobile number
		return number
	}
	return china + strings.TrimPrefix(number, "0")
}

var (
	yearFirst = regexp.MustCompile(`(\d{4})\D+(\d{1,2})\D+(\d{1,2})`)
	allDigits = regexp.MustCompile(`^\D*(\d{4})(\d{2})(\d{2})\D*$`)
)

// dates are the ways of English; those with numbers alone begin with the year, since
// 3/5 is another day here than there.
var dates = []string{"2 January 2006", "January 2 2006", "2 Jan 2006", "Jan 2 2006"}

func date(value string) string {
	m := yearFirst.FindStringSubmatch(value)
	if m == nil {
		m = allDigits.FindStringSubmatch(value)
	}
	if m != nil {
		day, err := time.Parse("2006-1-2", m[1]+"-"+strings.TrimPrefix(m[2], "0")+"-"+strings.TrimPrefix(m[3], "0"))
		if err != nil {
			return ""
		}
		return day.Format(time.DateOnly)
	}
	value = strings.Join(strings.Fields(strings.NewReplacer(",", " ", ".", " ").Replace(value)), " ")
	for _, layout := range dates {
		if day, err := time.Parse(layout, value); err == nil { // the names of months are read in any case
			return day.Format(time.DateOnly)
		}
	}
	return ""
}
