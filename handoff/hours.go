package handoff

import (
	"fmt"
	"time"
	_ "time/tzdata" // the zones of the world, also where the system has none
)

// Hours are when agents work, as an admin sets them. The zero value is round the
// clock, for any number of people.
type Hours struct {
	Zone  string            `json:"zone,omitempty"`  // of the IANA database: "Asia/Shanghai"; "" is UTC
	Week  map[string][]Span `json:"week,omitempty"`  // by "mon" … "sun"; a day that is missing is closed, none at all: every day, all day
	Dates map[string][]Span `json:"dates,omitempty"` // by "2026-10-01", instead of the week's; empty: closed
	Names map[string]string `json:"names,omitempty"` // of dates, such as "National Day"; for those who set them
	Most  int               `json:"most,omitempty"`  // who may wait at once; 0: any number
}

// Span is from one time of a day to another: "09:00" to "18:00", at most "24:00".
type Span struct {
	From string `json:"from"`
	To   string `json:"to"`
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} // as time.Weekday counts

// horizon is how many days ahead an opening is looked for.
const horizon = 400

// OpensAt is when the desk opens next, in its time zone; zero if it is open at
// now. Where that is further ahead than a year it is then.
func (h Hours) OpensAt(now time.Time) time.Time {
	now = h.In(now)
	var day time.Time
	for n := range horizon {
		day = noon(now, n)
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

// ClosesAt is until when the desk is open that is open at now, in its time zone; now
// if it is closed, and zero if it does not close within a year.
func (h Hours) ClosesAt(now time.Time) time.Time {
	now = h.In(now)
	for end := now; end.Sub(now) < horizon*24*time.Hour; {
		next := end
		day := noon(end, 0)
		for _, s := range h.on(day) {
			if to := at(day, s.To); !end.Before(at(day, s.From)) && end.Before(to) {
				next = to
			}
		}
		if next.Equal(end) {
			return end
		}
		end = next
	}
	return time.Time{}
}

// noon stands for the day that comes n days after one. There are days without a
// midnight, on which the clock is put forward.
func noon(t time.Time, n int) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()+n, 12, 0, 0, 0, t.Location())
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

// In is a moment by the clock of the desk.
func (h Hours) In(now time.Time) time.Time {
	zone, err := time.LoadLocation(h.Zone)
	if err != nil { // only if the zone was taken out of the database
		zone = time.UTC
	}
	return now.In(zone)
}
