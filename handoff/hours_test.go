package handoff_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/handoff"
)

// office is open on weekdays with a break at noon, and on one Sunday that makes
// up for a holiday.
var office = handoff.Hours{
	Zone: "Asia/Shanghai",
	Week: map[string][]handoff.Span{
		"mon": {{"09:00", "12:00"}, {"13:30", "18:00"}}, "tue": {{"09:00", "18:00"}}, "wed": {{"09:00", "18:00"}},
		"thu": {{"09:00", "18:00"}}, "fri": {{"09:00", "24:00"}},
	},
	Dates: map[string][]handoff.Span{"2026-10-01": {}, "2026-10-02": nil, "2026-10-04": {{"10:00", "16:00"}}},
}

// havana is a place where the clock is put forward at midnight.
var havana = handoff.Hours{Zone: "America/Havana", Week: map[string][]handoff.Span{"sun": {{"09:00", "17:00"}}}}

func TestOpensAt(t *testing.T) {
	newYork := handoff.Hours{Zone: "America/New_York", Week: map[string][]handoff.Span{"sun": {{"09:00", "17:00"}}}}
	for name, test := range map[string]struct {
		hours handoff.Hours
		now   string
		want  string // "" if it is open
	}{
		"round the clock":            {handoff.Hours{}, "2026-10-01T03:00:00+08:00", ""},
		"round the clock, a holiday": {handoff.Hours{Dates: map[string][]handoff.Span{"2026-10-01": nil}}, "2026-10-01T03:00:00Z", "2026-10-02T00:00:00Z"},
		"open":                       {office, "2026-09-28T09:00:00+08:00", ""},
		"open, asked from elsewhere": {office, "2026-09-28T01:00:00Z", ""},
		"before":                     {office, "2026-09-28T08:59:59+08:00", "2026-09-28T09:00:00+08:00"},
		"at noon":                    {office, "2026-09-28T12:00:00+08:00", "2026-09-28T13:30:00+08:00"},
		"in the evening":             {office, "2026-09-28T18:00:00+08:00", "2026-09-29T09:00:00+08:00"},
		"up to midnight":             {office, "2026-09-25T23:59:00+08:00", ""},
		"over the weekend":           {office, "2026-09-26T00:00:00+08:00", "2026-09-28T09:00:00+08:00"},
		"a holiday, then a Sunday":   {office, "2026-09-30T19:00:00+08:00", "2026-10-04T10:00:00+08:00"},
		"the Sunday":                 {office, "2026-10-04T11:00:00+08:00", ""},
		"a day without a midnight":   {havana, "2026-03-08T10:00:00-04:00", ""},
		"the clock goes forward":     {newYork, "2026-03-08T01:30:00-05:00", "2026-03-08T09:00:00-04:00"},
	} {
		now, err := time.Parse(time.RFC3339, test.now)
		if err != nil {
			t.Fatal(err)
		}
		got := test.hours.OpensAt(now)
		if test.want == "" && got.IsZero() || got.Format(time.RFC3339) == test.want {
			continue
		}
		t.Errorf("%s: at %s it opens at %s, want %q", name, test.now, got.Format(time.RFC3339), test.want)
	}
}

func TestClosesAt(t *testing.T) {
	for name, test := range map[string]struct {
		hours handoff.Hours
		now   string
		want  string
	}{
		"a day without a midnight": {havana, "2026-03-08T10:00:00-04:00", "2026-03-08T17:00:00-04:00"},
		"never":                    {handoff.Hours{}, "2026-10-01T03:00:00Z", "0001-01-01T00:00:00Z"},
		"before a date":            {handoff.Hours{Dates: map[string][]handoff.Span{"2026-10-02": nil}}, "2026-10-01T03:00:00Z", "2026-10-02T00:00:00Z"},
		"for the break":            {office, "2026-09-28T09:00:00+08:00", "2026-09-28T12:00:00+08:00"},
		"it is closed":             {office, "2026-09-28T12:00:00+08:00", "2026-09-28T12:00:00+08:00"},
		"up to midnight":           {office, "2026-09-25T20:00:00Z", "2026-09-25T20:00:00Z"},
	} {
		now, err := time.Parse(time.RFC3339, test.now)
		if err != nil {
			t.Fatal(err)
		}
		want, err := time.Parse(time.RFC3339, test.want)
		if got := test.hours.ClosesAt(now); err != nil || !got.Equal(want) {
			t.Errorf("%s: at %s it closes at %s, want %s", name, test.now, got.Format(time.RFC3339), test.want)
		}
	}
}

func TestHoursThatAreNone(t *testing.T) {
	day := func(spans ...handoff.Span) handoff.Hours {
		return handoff.Hours{Week: map[string][]handoff.Span{"mon": spans}}
	}
	for remedy, h := range map[string]handoff.Hours{
		"no time zone":         {Zone: "Mars/Olympus"},
		"most: it must be":     {Most: -1},
		"there is no day":      {Week: map[string][]handoff.Span{"monday": {{"09:00", "18:00"}}}},
		"no day is open":       day(),
		"no time such as":      day(handoff.Span{From: "9:00", To: "18:00"}),
		"two spans":            day(handoff.Span{From: "22:00", To: "02:00"}),
		"comes before":         day(handoff.Span{From: "09:00", To: "12:00"}, handoff.Span{From: "11:00", To: "18:00"}),
		"no date such as":      {Dates: map[string][]handoff.Span{"1 October": nil}},
		"dates.2026-10-01.0: ": {Dates: map[string][]handoff.Span{"2026-10-01": {{"25:00", "26:00"}}}},
		"none of the dates":    {Names: map[string]string{"2026-10-01": "National Day"}},
		"a name has 60":        {Dates: map[string][]handoff.Span{"2026-10-01": nil}, Names: map[string]string{"2026-10-01": strings.Repeat("节", 61)}},
	} {
		err := h.Validate()
		if !errors.Is(err, supportbot.ErrInvalid) || !strings.Contains(err.Error(), remedy) {
			t.Errorf("%q: %v", remedy, err)
		}
	}
	if err := office.Validate(); err != nil {
		t.Error(err)
	}
}
