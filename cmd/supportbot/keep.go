package main

import (
	"fmt"
	"strings"
	"time"
)

// days is a time in whole days, written as 180d or 2y, of 365 days each.
type days int

const year = 365

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *days) UnmarshalText(text []byte) error {
	var n int
	var unit string
	_, err := fmt.Sscanf(string(text), "%d%s", &n, &unit)
	if err != nil || n < 0 || n > 100*year || fmt.Sprint(n, unit) != string(text) || unit != "d" && unit != "y" {
		return fmt.Errorf("%q is no number of days or years, such as 180d or 2y", text)
	}
	if unit == "y" {
		n *= year
	}
	*d = days(n)
	return nil
}

// String writes what UnmarshalText reads.
func (d days) String() string {
	if d > 0 && d%year == 0 {
		return fmt.Sprintf("%dy", int(d/year))
	}
	return fmt.Sprintf("%dd", int(d))
}

func (d days) duration() time.Duration { return time.Duration(d) * 24 * time.Hour }

// ages are how long each kind of data is kept; 0 is for ever. Agents' log-ins have
// an end of their own.
type ages struct{ transcripts, cases, missed, audit, sent, content days }

// The defaults: a dispute about a verdict comes within a year; PCI DSS 4.0, 10.5.1,
// wants audit logs of a year; a merchant who missed a message asks within days.
var defaultAges = ages{transcripts: 180, cases: year, missed: 90, audit: 2 * year, sent: 7, content: year}

// kind is an age by its name in the setting.
type kind struct {
	name string
	age  *days
}

func (a *ages) kinds() []kind {
	return []kind{{"transcripts", &a.transcripts}, {"cases", &a.cases}, {"missed", &a.missed}, {"audit", &a.audit}, {"sent", &a.sent}, {"content", &a.content}}
}

// String writes what UnmarshalText reads.
func (a ages) String() string {
	var all []string
	for _, k := range a.kinds() {
		all = append(all, k.name+"="+k.age.String())
	}
	return strings.Join(all, ",")
}

// UnmarshalText implements encoding.TextUnmarshaler: KIND=AGE,… over the defaults.
// An age alone is that of transcripts and cases.
func (a *ages) UnmarshalText(text []byte) error {
	*a = defaultAges
	casesGiven := false
	for part := range strings.SplitSeq(string(text), ",") {
		name, value, named := strings.Cut(strings.TrimSpace(part), "=")
		if !named {
			name, value = "transcripts", name
		}
		var age days
		if err := age.UnmarshalText([]byte(value)); err != nil {
			return err
		}
		casesGiven = casesGiven || !named || name == "cases"
		if !named {
			a.cases = age
		}
		if err := a.set(name, age); err != nil {
			return err
		}
	}
	switch longer := a.transcripts == 0 && a.cases > 0 || a.cases > 0 && a.cases < a.transcripts; {
	case longer && casesGiven:
		return fmt.Errorf("cases=%s is shorter than transcripts=%s, in which the cases stand as well; keep cases as long at least", a.cases, a.transcripts)
	case longer:
		a.cases = a.transcripts
	}
	return nil
}

func (a *ages) set(name string, age days) error {
	var known []string
	for _, k := range a.kinds() {
		if k.name == name {
			*k.age = age
			return nil
		}
		known = append(known, k.name)
	}
	return fmt.Errorf("%q is no kind of data; there are %s", name, strings.Join(known, ", "))
}
