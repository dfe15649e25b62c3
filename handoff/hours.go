package handoff

import (
	"fmt"
	"maps"
	"slices"
	"time"
	_ "time/tzdata" // the zones of the world, also where the system has none
)

// Hours are when agents work, as an admin sets them. The zero value is round the
// clock, for any number of people.
type Hours struct {
	Zone  string            `json:"zone,omitempty"`  // of the IANA database: "Asia/Shanghai"; "" is UTC
	Week  map[string][]Span `json:"week,omitempty"`  // by "mon" … "sun"; a day that is missing is closed, none at all: every day, all day
	Dates map[string][]Span `json:"dates,omitempty"` // by "2026-10-01", instead of the week's; empty: closed
	Most  int               `json:"most,omitempty"`  // who may wait at once; 0: any number
}

// Span is from one time of a day to another: "09:00" to "18:00", at most "24:00".
type Span struct {
	From string `json:"from"`
	To   string `json:"to"`
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} // as time.Weekday counts

// maxExceptions bounds the dates, and maxSpans those of a day.
const (
	maxExceptions = 1000
	maxSpans      = 10
)

// Validate tells whether an admin may set these hours. Its errors wrap
// supportbot.ErrInvalid.
func (h Hours) Validate() error {
	if _, err := time.LoadLocation(h.Zone); err != nil || h.Zone == "Local" {
		return invalid("zone: there is no time zone %q; write one such as Asia/Shanghai", h.Zone)
	}
	if h.Most < 0 {
		return invalid("most must be 0, for any number, or more, not %d", h.Most)
	}
	if len(h.Dates) > maxExceptions {
		return invalid("dates: %d are too many, the most is %d; take those of the past out", len(h.Dates), maxExceptions)
	}
	open := len(h.Week) == 0
	for _, day := range slices.Sorted(maps.Keys(h.Week)) {
		if !slices.Contains(weekdays, day) {
			return invalid("week: there is no day %q; the days are mon, tue, wed, thu, fri, sat, sun", day)
		}
		if err := validateSpans("week: "+day, h.Week[day]); err != nil {
			return err
		}
		open = open || len(h.Week[day]) > 0
	}
	if !open {
		return invalid("week: no day is open; give one its hours, or leave the week out to be open round the clock")
	}
	for _, date := range slices.Sorted(maps.Keys(h.Dates)) {
		if _, err := time.Parse(time.DateOnly, date); err != nil {
			return invalid("dates: %q is no date such as 2026-10-01", date)
		}
		if err := validateSpans("dates: "+date, h.Dates[date]); err != nil {
			return err
		}
	}
	return nil
}

// validateSpans wants the times of a day in order and apart.
func validateSpans(where string, spans []Span) error {
	if len(spans) > maxSpans {
		return invalid("%s: more than %d spans", where, maxSpans)
	}
	last := -1
	for _, s := range spans {
		from, err := minutes(s.From)
		if err != nil {
			return invalid("%s: %v", where, err)
		}
		to, err := minutes(s.To)
		if err != nil {
			return invalid("%s: %v", where, err)
		}
		if from <= last || to <= from {
			return invalid("%s: %s to %s is not after what comes before; what goes past midnight is two spans", where, s.From, s.To)
		}
		last = to
	}
	return nil
}

// minutes reads "09:30" as minutes of the day.
func minutes(clock string) (int, error) {
	if clock == "24:00" {
		return 24 * 60, nil
	}
	t, err := time.Parse("15:04", clock)
	if err != nil || len(clock) != len("15:04") {
		return 0, fmt.Errorf("%q is no time such as 09:00", clock)
	}
	return t.Hour()*60 + t.Minute(), nil
}

// horizon is how many days ahead an opening is looked for.
const horizon = 400

// OpensAt is when the desk opens next, in its time zone; zero if it is open at
// now. Where that is further ahead than a year it is then.
func (h Hours) OpensAt(now time.Time) time.Time {
	zone, err := time.LoadLocation(h.Zone)
	if err != nil { // only if the zone was taken out of the database
		zone = time.UTC
	}
	now = now.In(zone)
	var day time.Time
	for n := range horizon {
		day = time.Date(now.Year(), now.Month(), now.Day()+n, 0, 0, 0, 0, zone)
		for _, s := range h.on(day) {
			from, to := at(day, s.From), at(day, s.To)
			switch {
			case now.Before(from):
				return from
			case now.Before(to):
				return time.Time{}
			}
		}
	}
	return day
}

// on are the times of one day.
func (h Hours) on(day time.Time) []Span {
	if spans, ok := h.Dates[day.Format(time.DateOnly)]; ok {
		return spans
	}
	if len(h.Week) == 0 {
		return []Span{{"00:00", "24:00"}}
	}
	return h.Week[weekdays[day.Weekday()]]
}

// at is a time of a day by the clock on the wall, also where the clock changes.
func at(day time.Time, clock string) time.Time {
	m, _ := minutes(clock) // Validate has read it
	return time.Date(day.Year(), day.Month(), day.Day(), 0, m, 0, 0, day.Location())
}
