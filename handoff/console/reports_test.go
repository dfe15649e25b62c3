package console_test

import (
	"context"
	"encoding/csv"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/handoff"
	"supportbot/handoff/console"
)

// served are cases around a midnight in Shanghai.
func served() []supportbot.Ended {
	midnight := time.Date(2026, 11, 3, 0, 0, 0, 0, shanghai)
	ended := func(id string, at time.Duration, waited time.Duration) supportbot.Ended {
		e := supportbot.Ended{
			Case: id, State: supportbot.CaseDone, Verdict: supportbot.Verified, Reason: "forgot-password", Channel: supportbot.Web, Language: supportbot.Chinese,
			Agent: "li", Opened: midnight.Add(at - time.Hour), Ended: midnight.Add(at), Code: "needs-visit",
		}
		e.Claimed = e.Opened.Add(waited)
		return e
	}
	all := []supportbot.Ended{ended("1-1", -time.Second, time.Minute), ended("2-1", 0, 2*time.Minute), ended("3-1", time.Hour, 30*time.Second), ended("4-1", 23*time.Hour, 0)}
	all[2].Score, all[2].Agent, all[2].Code = 4, attack, "prank"
	all[3].State, all[3].Claimed, all[3].Agent, all[3].Verdict, all[3].Code = supportbot.CaseAbandoned, time.Time{}, "", "", ""
	return all
}

// open gets a page as the supervisor, in English.
func (d *desk) open(t *testing.T, agent, path string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), "GET", d.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+d.token[agent])
	response, err := d.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(raw)
}

// Days are those of the operator's zone, which the page names, and every chart has
// its table.
func TestReportsCountDaysOfTheZone(t *testing.T) {
	d, _ := newBooked(t, served()...)
	_, html := d.open(t, "boss", "/console/reports?range=day&date=2026-11-03&lang=en")
	for _, want := range []string{
		"from 2026-11-03 to 2026-11-03, time zone Asia/Shanghai", "<dt>Cases</dt><dd>3</dd>", "<dt>In time (chat 1:00, phone 0:20)</dt><dd>33%</dd>",
		"<dt>Lost</dt><dd>33%</dd>", "<dt>Wait, median</dt><dd>0:30</dd>", "<dt>Wait, 90%</dt><dd>2:00</dd>", "<dd>4.0 (1)</dd>", `<th scope="row">01:00</th><td>1</td>`,
		`<th scope="row">Reset the sign-in password</th><td>3</td><td>2</td><td>1</td><td>33%</td>`,
		`<th scope="row">Needs a visit</th>`, `<th scope="row">Prank</th>`, // one that is no longer given
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(html, attack) {
		t.Error("a name is HTML")
	}
	if charts, tables := strings.Count(html, "<svg"), strings.Count(html, "<table"); charts != 8 || tables != charts {
		t.Errorf("%d charts and %d tables", charts, tables)
	}
	if _, week := d.open(t, "boss", "/console/reports?range=week&date=2026-11-03&lang=zh"); !strings.Contains(week, "<dt>工单</dt><dd>4</dd>") {
		t.Errorf("the week is\n%s", week)
	}
	if _, none := d.open(t, "boss", "/console/reports?date=yesterday&lang=en"); !strings.Contains(none, "No case ended in this period") {
		t.Errorf("without cases the page is\n%s", none)
	}
}

// What a spreadsheet would run is text in the file, and who took it is audited.
func TestReportsCSV(t *testing.T) {
	all := served()
	all[1].Agent = `=HYPERLINK("https://evil.example/","x")`
	all[2].Reason = "-1+1"
	d, _ := newBooked(t, all...)
	response, text := d.open(t, "boss", "/console/reports.csv?range=day&date=2026-11-03")
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(lines) != 4 || !strings.Contains(response.Header.Get("Content-Disposition"), "cases-2026-11-03-2026-11-03.csv") {
		t.Fatalf("the file is %v\n%s, %v", response.Header, text, err)
	}
	if got := lines[1]; got[0] != "2-1" || got[6] != "'"+all[1].Agent || got[10] != "2026-11-03T00:00:00+08:00" || got[12] != "" {
		t.Errorf("the first line is %q", got)
	}
	if got := lines[2]; got[3] != "'-1+1" || got[12] != "4" {
		t.Errorf("the second line is %q", got)
	}
	if len(d.audited) != 1 || !strings.HasPrefix(d.audited[0], "boss report-exported 2026-11-03/2026-11-03") {
		t.Errorf("audited is %q", d.audited)
	}
}

// How people went through a flow stands on its picture, for those who see all
// conversations.
func TestPassagesStandOnThePicture(t *testing.T) {
	d, s := newLibrary(t)
	token, sum := handoff.NewToken()
	d.agents = append(d.agents, handoff.Agent{Name: "boss", Role: handoff.RoleSupervisor})
	d.token["boss"], d.tokens[sum] = token, "boss"
	passages := func(_ context.Context, version, flow string) (map[string]supportbot.Traffic, error) {
		if version != "now" || flow != "forgot-password" {
			return nil, nil
		}
		return map[string]supportbot.Traffic{"agent": {Arrived: 12, Left: 3}}, nil
	}
	d.console = console.New(d.memory, d.memory, console.Options{Library: s, Passages: passages, Key: []byte("key"), Client: client, Sessions: newSessions(), Log: discard})
	d.Server = serve(t, d.console)
	for agent, want := range map[string]string{"boss": `"passed":{"arrived":12,"left":3,"agent":0,"missed":0}`, "wang": ""} {
		_, picture := d.open(t, agent, "/console/api/content/now/flows/forgot-password?lang=en")
		if n := strings.Count(picture, `"passed"`); !strings.Contains(picture, want) || (n == 1) != (want != "") {
			t.Errorf("%s sees %d counts in\n%s", agent, n, picture)
		}
	}
}
