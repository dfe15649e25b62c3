package handoff

import (
	"fmt"
	"maps"
	"slices"
	"time"
	"unicode/utf8"
)

// maxExceptions bounds the dates, maxSpans those of a day, and maxDateName the name of
// a date, in characters.
const (
	maxExceptions = 1000
	maxSpans      = 10
	maxDateName   = 60
)

// Validate tells whether an admin may set these hours. Its errors are *Fault; their
// fields are zone, most, week, dates and names, with a day and the number of a span
// behind: "week.mon.0".
func (h Hours) Validate() error {
	if _, err := time.LoadLocation(h.Zone); err != nil || h.Zone == "Local" {
		return fault("zone", "zone", "there is no time zone %q; write one such as Asia/Shanghai", h.Zone)
	}
	if h.Most < 0 {
		return fault("most", "most", "it must be 0, for any number, or more, not %d", h.Most)
	}
	if len(h.Dates) > maxExceptions || len(h.Names) > maxExceptions {
		return fault("dates", "many", "%d are too many, the most is %d; take those of the past out", max(len(h.Dates), len(h.Names)), maxExceptions)
	}
	open := len(h.Week) == 0
	for _, day := range slices.Sorted(maps.Keys(h.Week)) {
		if !slices.Contains(weekdays, day) {
			return fault("week", "day", "there is no day %q; the days are mon, tue, wed, thu, fri, sat, sun", day)
		}
		if err := validateSpans("week."+day, h.Week[day]); err != nil {
			return err
		}
		open = open || len(h.Week[day]) > 0
	}
	if !open {
		return fault("week", "closed", "no day is open; give one its hours, or leave the week out to be open round the clock")
	}
	for _, date := range slices.Sorted(maps.Keys(h.Dates)) {
		if _, err := time.Parse(time.DateOnly, date); err != nil {
			return fault("dates."+date, "date", "%q is no date such as 2026-10-01", date)
		}
		if err := validateSpans("dates."+date, h.Dates[date]); err != nil {
			return err
		}
	}
	for _, date := range slices.Sorted(maps.Keys(h.Names)) {
		if _, ok := h.Dates[date]; !ok {
			return fault("names."+date, "date", "%s has a name, and is none of the dates", date)
		}
		if utf8.RuneCountInString(h.Names[date]) > maxDateName {
			return fault("names."+date, "long", "a name has %d characters at most", maxDateName)
		}
	}
	return nil
}

// validateSpans wants the times of a day in order and apart.
func validateSpans(where string, spans []Span) error {
	if len(spans) > maxSpans {
		return fault(where, "many", "there are more than %d spans", maxSpans)
	}
	last := -1
	for i, s := range spans {
		at := fmt.Sprintf("%s.%d", where, i)
		from, err := minutes(s.From)
		if err != nil {
			return fault(at, "time", "%v", err)
		}
		to, err := minutes(s.To)
		if err != nil {
			return fault(at, "time", "%v", err)
		}
		if from <= last || to <= from {
			return fault(at, "order", "%s to %s is not after what comes before; what goes past midnight is two spans", s.From, s.To)
		}
		last = to
	}
	return nil
}
