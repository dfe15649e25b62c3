package console

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"supportbot"
	"supportbot/handoff"
)

// Reports knows the cases that have ended.
type Reports interface {
	// WrapUp gives a case that has ended a code; supportbot.ErrNotFound if it has
	// not, was not that agent's, or ended longer than handoff.WrapUpLimit ago.
	WrapUp(ctx context.Context, id, agent string, code supportbot.Wrapup) error

	// Ended lists cases that ended from one time on and before another, the oldest
	// first.
	Ended(ctx context.Context, from, to time.Time, limit int) ([]supportbot.Ended, error)
}

func (c *Console) reportRoutes() map[string]guarded {
	return map[string]guarded{
		"POST /console/api/cases/{id}/wrapup": c.api(c.wrapUp),
		"GET /console/reports":                c.page(c.reportsPage),
		"GET /console/reports.csv":            c.page(c.reportsCSV),
	}
}

// maxReported is how many cases a report reads at most.
const maxReported = 50_000

// period is what a report is about, whole days in the operator's time zone.
type period struct {
	Range    string // day, week or month
	From, To time.Time
}

// Date is the last day, as the form has it.
func (p period) Date() string { return p.To.AddDate(0, 0, -1).Format(time.DateOnly) }

// periodOf reads ?range= and ?date=, the last day; today's week unless they say
// otherwise. AddDate and not hours: days have 23 and 25 of them twice a year.
func (c *Console) periodOf(r *http.Request) period {
	p := period{Range: r.FormValue("range")}
	length := map[string]int{"day": 1, "week": 7, "month": 30}[p.Range]
	if length == 0 {
		p.Range, length = "week", 7
	}
	last, err := time.ParseInLocation(time.DateOnly, r.FormValue("date"), c.zone)
	if err != nil {
		y, m, d := time.Now().In(c.zone).Date()
		last = time.Date(y, m, d, 0, 0, 0, 0, c.zone)
	}
	p.To = last.AddDate(0, 0, 1)
	p.From = p.To.AddDate(0, 0, -length)
	return p
}

// reportsBody is what the page of reports shows.
type reportsBody struct {
	period
	Zone     string
	Promise  handoff.Promise
	All      handoff.Figures
	Sections []section
	Cut      bool // there are more cases than maxReported
}

func (c *Console) reportsPage(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	p := c.periodOf(r)
	all, err := c.reports.Ended(r.Context(), p.From, p.To, maxReported)
	if err != nil {
		c.broken(w, r, err)
		return
	}
	body := reportsBody{
		period: p, Zone: p.From.Format("MST -07:00"), Promise: c.promise, All: handoff.Sum(all, c.promise), Cut: len(all) == maxReported,
		Sections: c.sections(all, p, c.language(w, r)),
	}
	if name := c.zone.String(); name != "Local" {
		body.Zone = name
	}
	page := c.placed(agent, "/console/reports")
	page.Body = body
	c.render(w, r, http.StatusOK, "reports.html", page)
}

// reportsCSV sends the cases of a period, one a line, and puts that into the audit
// log first.
func (c *Console) reportsCSV(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	p := c.periodOf(r)
	all, err := c.reports.Ended(r.Context(), p.From, p.To, maxReported)
	if err == nil {
		err = c.accounts.Audit(r.Context(), supportbot.Audited{
			Actor: agent.Name, Action: supportbot.ReportExported, Subject: p.From.Format(time.DateOnly) + "/" + p.Date(),
			Details: map[string]string{"cases": fmt.Sprint(len(all))},
		})
	}
	if err != nil {
		c.broken(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="cases-%s-%s.csv"`, p.From.Format(time.DateOnly), p.Date()))
	out := csv.NewWriter(w)
	_ = out.Write([]string{"case", "state", "outcome", "reason", "channel", "language", "agent", "opened", "claimed", "replied", "ended", "code", "mark"})
	for _, e := range all {
		_ = out.Write(c.line(e)) // a browser that has gone cannot be told
	}
	out.Flush()
}

func (c *Console) line(e supportbot.Ended) []string {
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(c.zone).Format(time.RFC3339)
	}
	mark := ""
	if e.Score > 0 {
		mark = strconv.Itoa(e.Score)
	}
	line := []string{
		e.Case, string(e.State), string(e.Verdict), e.Reason, string(e.Channel), string(e.Language), e.Agent,
		at(e.Opened), at(e.Claimed), at(e.Replied), at(e.Ended), string(e.Code), mark,
	}
	for i := range line {
		line[i] = harmless(line[i])
	}
	return line
}

// harmless keeps a spreadsheet from running a text as a formula, as
// https://owasp.org/www-community/attacks/CSV_Injection says.
func harmless(text string) string {
	if text != "" && strings.ContainsAny(text[:1], "=+-@\t\r") {
		return "'" + text
	}
	return text
}
