package console

import (
	"fmt"
	"time"

	"supportbot"
	"supportbot/handoff"
)

// section is one way to divide the cases of a report: a chart, and the same as a
// table below it.
type section struct {
	Key  string // of its title
	Rows []row
}

// row is a group with its bars, in the units of the chart.
type row struct {
	handoff.Group
	Name           string
	Y              int
	Answered, Lost int // lengths
	LostAt         int // where the second begins
}

// The chart: names on the left, bars, and the number of cases behind them.
const (
	chartName  = 150
	chartBar   = 400
	chartWidth = chartName + chartBar + 70
	chartRow   = 26
)

// Height is that of the chart.
func (s section) Height() int { return chartRow * len(s.Rows) }

// Width is that of the chart.
func (s section) Width() int { return chartWidth }

// NameAt is where names end, Middle the line of their text within a row.
func (row) NameAt() int   { return chartName - 10 }
func (r row) Middle() int { return r.Y + 17 }
func (row) BarAt() int    { return chartName }

// CountAt is where the number of cases stands.
func (r row) CountAt() int { return r.LostAt + r.Lost + 8 }

// sections divides the cases of a period in every way that the page shows.
func (c *Console) sections(all []supportbot.Ended, p period, lang supportbot.Language) []section {
	promise := c.promise
	named := func(kind string) func(string) string {
		return func(key string) string {
			if label, ok := words[kind+"."+key]; ok {
				return label[lang]
			}
			return key
		}
	}
	nobody := func(key string) string {
		if key == "" {
			return words["reports.none"][lang]
		}
		return key
	}
	list := []section{{"reports.over-time", overTime(all, promise, p)}}
	for _, by := range []struct {
		title string
		key   func(supportbot.Ended) string
		name  func(string) string
	}{
		{"reports.by-reason", func(e supportbot.Ended) string { return e.Reason }, func(key string) string { return nobody(c.reasonName(key, lang)) }},
		{"reports.by-state", func(e supportbot.Ended) string { return string(e.State) }, named("state")},
		{"reports.by-outcome", func(e supportbot.Ended) string { return string(e.Verdict) }, func(key string) string { return nobody(named("verdict")(key)) }},
		{"reports.by-channel", func(e supportbot.Ended) string { return string(e.Channel) }, named("channel")},
		{"reports.by-language", func(e supportbot.Ended) string { return string(e.Language) }, named("language")},
		{"reports.by-agent", func(e supportbot.Ended) string { return e.Agent }, nobody},
		{"reports.by-code", func(e supportbot.Ended) string { return string(e.Code) }, func(key string) string { return nobody(c.codeName(key, lang)) }},
	} {
		list = append(list, section{by.title, rows(handoff.SumBy(all, promise, by.key), by.name)})
	}
	return list
}

// overTime has a row for every day of a period, or for every hour of a day.
func overTime(all []supportbot.Ended, promise handoff.Promise, p period) []row {
	layout, next := "01-02", func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }
	if p.Range == "day" {
		layout, next = "15:00", func(t time.Time) time.Time { return t.Add(time.Hour) }
	}
	var groups []handoff.Group
	for from := p.From; from.Before(p.To); from = next(from) {
		n := 0 // they are in order
		for n < len(all) && all[n].Ended.Before(next(from)) {
			n++
		}
		groups = append(groups, handoff.Group{Key: from.Format(layout), Figures: handoff.Sum(all[:n], promise)})
		all = all[n:]
	}
	return rows(groups, func(key string) string { return key })
}

// rows draws groups: the longest bar is as long as there is room.
func rows(groups []handoff.Group, name func(string) string) []row {
	most := 1
	for _, g := range groups {
		most = max(most, g.Cases)
	}
	list := make([]row, len(groups))
	for i, g := range groups {
		answered := g.Answered * chartBar / most
		list[i] = row{Group: g, Name: name(g.Key), Y: i * chartRow, Answered: answered, Lost: g.Cases*chartBar/most - answered, LostAt: chartName + answered}
	}
	return list
}

// Percent is a share as pages show it.
func (page) Percent(part, whole int) string {
	if whole == 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f%%", handoff.Share(part, whole))
}

// Length is a time as pages show it: minutes and seconds, or hours and minutes.
func (page) Length(d time.Duration) string {
	d = d.Round(time.Second)
	if d >= time.Hour {
		return fmt.Sprintf("%d h %02d min", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}

// Mark is an average as pages show it.
func (page) Mark(f handoff.Figures) string {
	if f.Marks == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f (%d)", f.Mark, f.Marks)
}
