package console

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"supportbot"
	"supportbot/handoff"
)

// hoursBody is what the page of the hours shows.
type hoursBody struct {
	Hours      handoff.Hours
	Week       []hoursDay
	Dates      []hoursDay // in order
	Zones      []string   // to choose from, beside all others
	Open       bool
	Always     bool      // it does not close within a year
	Changes    time.Time // when it opens or closes next
	Told       map[supportbot.Language]toldClosed
	ToldLater  bool // this is told once the desk has closed
	Saved      bool
	Languages  []supportbot.Language
	RoundClock bool // the week is open day and night
}

type hoursDay struct {
	Key   string // "mon", or a date
	Name  string // of a date
	Spans string // as they are typed: "09:00-12:00, 13:30-18:00"
	Past  bool
}

// toldClosed is what merchants are told while the desk is closed.
type toldClosed struct{ Written, Spoken string }

// zones are those that are offered. Any other of the IANA database may be typed.
var zones = []string{"Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "UTC"}

func (c *Console) hoursPage(w http.ResponseWriter, r *http.Request, admin handoff.Agent) {
	hours, err := c.desk.Hours(r.Context())
	if err != nil {
		c.broken(w, r, err)
		return
	}
	p := c.placed(admin, "/console/hours")
	p.Body = c.newHoursBody(hours, time.Now(), r.URL.Query().Has("saved"))
	c.render(w, r, http.StatusOK, "hours.html", p)
}

func (c *Console) newHoursBody(hours handoff.Hours, now time.Time, saved bool) hoursBody {
	b := hoursBody{Hours: hours, Zones: zones, Languages: supportbot.Languages, Saved: saved, RoundClock: len(hours.Week) == 0}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		b.Week = append(b.Week, hoursDay{Key: day, Spans: typed(hours.Week[day])})
	}
	closes := hours.ClosesAt(now)
	today := hours.In(now).Format(time.DateOnly)
	for date, spans := range hours.Dates {
		b.Dates = append(b.Dates, hoursDay{Key: date, Name: hours.Names[date], Spans: typed(spans), Past: date < today})
	}
	slices.SortFunc(b.Dates, func(a, b hoursDay) int { return strings.Compare(a.Key, b.Key) })
	opens := hours.OpensAt(now)
	at := now // when what is told is told
	switch b.Open = opens.IsZero(); {
	case !b.Open:
		b.Changes = opens
	case closes.IsZero():
		b.Always = true
		return b
	default:
		b.Changes, b.ToldLater, at = closes, true, closes
		opens = hours.OpensAt(closes)
	}
	b.Told = map[supportbot.Language]toldClosed{}
	for _, lang := range supportbot.Languages {
		written, spoken := c.knowledge.Closed(lang, at, opens)
		b.Told[lang] = toldClosed{written, spoken}
	}
	return b
}

// typed writes the times of a day as the page takes them.
func typed(spans []handoff.Span) string {
	var parts []string
	for _, s := range spans {
		parts = append(parts, s.From+"-"+s.To)
	}
	return strings.Join(parts, ", ")
}
