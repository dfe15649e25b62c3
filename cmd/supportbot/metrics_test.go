package main

import (
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

func TestMetrics(t *testing.T) {
	s := serve(t, t.TempDir())
	s.says("1", "POS机密码忘了")
	s.says("1", "POS机密码忘了")
	s.says("2", "转人工")
	s.rest(restKey, "POST", "/api/v1/messages", `{"conversation":"c","id":"1","text":"something else"}`)
	token := s.token()
	s.rest(token, "POST", "/console/api/cases/1-1/claim", "")
	s.says("3", "在吗")
	s.rest(token, "POST", "/console/api/cases/1-1/close", `{"fence":2}`)
	if response, err := http.PostForm(s.url+"/console/login", url.Values{"name": {"admin"}, "password": {"wrong"}}); err != nil || response.StatusCode != 401 {
		t.Fatalf("a wrong password: %v %v", response, err)
	}
	_, text := s.get("/metrics")
	for _, line := range []string{
		`supportbot_turns_total{channel="rest",outcome="answered"} 1`,
		`supportbot_turns_total{channel="rest",outcome="repeat"} 1`,
		`supportbot_turns_total{channel="rest",outcome="conflict"} 1`,
		`supportbot_turns_total{channel="rest",outcome="handover"} 1`,
		`supportbot_turns_total{channel="rest",outcome="agent"} 2`,
		`supportbot_turns_total{channel="rest",outcome="silent"} 1`,
		`supportbot_turns_total{channel="rest",outcome="failed"} 0`,
		`supportbot_turn_seconds_count{channel="rest",stage="whole"} 7`,
		`supportbot_case_acts_total{act="claim"} 1`,
		`supportbot_refused_total{limit="turns"} 0`,
		`supportbot_cases{state="active"} 0`,
		`supportbot_cases_ended_total{outcome="",reason="forgot-password",state="closed"} 1`,
		`supportbot_case_answer_seconds_count{channel="rest"} 1`,
		`supportbot_case_handle_seconds_bucket{channel="rest",le="60"} 1`,
		`supportbot_waiting_rows{lane="in"} 0`,
		`supportbot_http_requests_total{code="401",route="POST /console/login"} 1`,
		`supportbot_http_requests_total{code="409",route="POST /api/v1/messages"} 1`,
		`supportbot_content_info{version="` + s.log.wait(t, `content=(\w+)`)[1] + `"} 1`,
		`supportbot_store_up 1`,
	} {
		if !strings.Contains(text, "\n"+line+"\n") {
			t.Errorf("there is no line %s", line)
		}
	}
	for _, stage := range []string{"mask", "read", "step", "commit"} {
		if strings.Contains(text, `supportbot_turn_seconds_count{channel="rest",stage="`+stage+`"} 0`) {
			t.Errorf("the stage %s was not timed", stage)
		}
	}
	for _, said := range []string{"密码", "shop", "wrong"} {
		if strings.Contains(text, said) {
			t.Errorf("the metrics hold %q", said)
		}
	}
}

// queries are what Grafana and Prometheus ask for, by where it stands.
func queries(t *testing.T) (expressions map[string]string, alerts map[string]string) {
	t.Helper()
	expressions, alerts = map[string]string{}, map[string]string{}
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	data, err := os.ReadFile("../../docs/grafana/supportbot.json")
	if err == nil {
		err = json.Unmarshal(data, &dashboard)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, panel := range dashboard.Panels {
		for _, target := range panel.Targets {
			expressions["panel "+panel.Title+": "+target.Expr] = target.Expr
		}
	}
	var rules struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr string
				Annotations struct{ Runbook string }
			}
		}
	}
	if data, err = os.ReadFile("../../docs/prometheus/alerts.yaml"); err == nil {
		err = yaml.Unmarshal(data, &rules)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, group := range rules.Groups {
		for _, rule := range group.Rules {
			expressions["alert "+rule.Alert] = rule.Expr
			alerts[rule.Alert] = rule.Annotations.Runbook
		}
	}
	return expressions, alerts
}

var (
	metricName  = regexp.MustCompile(`\b(?:supportbot|go|process)_[a-z_]+`)
	labelEquals = regexp.MustCompile(`(\w+)="([^"$]+)"`)
)

func TestDashboardAndAlertsAskForWhatThereIs(t *testing.T) {
	c := newContract(t)
	response, err := c.Client().Get(c.URL + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	metrics, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	there := string(metrics)
	for _, route := range c.routes {
		there += `route="` + route.Pattern + `"`
	}
	expressions, _ := queries(t)
	for where, expr := range expressions {
		names := metricName.FindAllString(expr, -1)
		if len(names) == 0 && !strings.HasPrefix(expr, "up{") {
			t.Errorf("%s asks for nothing", where)
		}
		for _, name := range names {
			if !regexp.MustCompile(`(?m)^` + name + `[{ ]`).MatchString(there) {
				t.Errorf("%s: there is no metric %s", where, name)
			}
		}
		for _, label := range labelEquals.FindAllStringSubmatch(expr, -1) {
			if label[1] != "job" && !strings.Contains(there, label[0]) {
				t.Errorf("%s: nothing has %s", where, label[0])
			}
		}
	}
}

func TestTheRunbookKnowsEveryAlertAndQuotesTheLog(t *testing.T) {
	data, err := os.ReadFile("../../docs/runbook.md")
	if err != nil {
		t.Fatal(err)
	}
	runbook := string(data)
	anchors := map[string]bool{}
	for _, heading := range regexp.MustCompile(`(?m)^## (.+)$`).FindAllStringSubmatch(runbook, -1) {
		anchors["docs/runbook.md#"+strings.ReplaceAll(strings.ToLower(heading[1]), " ", "-")] = true
	}
	_, alerts := queries(t)
	for alert, anchor := range alerts {
		if !anchors[anchor] {
			t.Errorf("%s: there is no %s", alert, anchor)
		}
		if !strings.Contains(runbook, "`"+alert+"`") {
			t.Errorf("the runbook does not name %s", alert)
		}
	}
	for _, alert := range regexp.MustCompile("`(Supportbot\\w+)`").FindAllStringSubmatch(runbook, -1) {
		if _, ok := alerts[alert[1]]; !ok {
			t.Errorf("the runbook names %s, which is no alert", alert[1])
		}
	}
	code := programText(t)
	for _, line := range regexp.MustCompile(`msg="([^"]+)"`).FindAllStringSubmatch(runbook, -1) {
		if !strings.Contains(code, `"`+line[1]+`"`) {
			t.Errorf("nothing logs %q", line[1])
		}
	}
}

// programText is the text of all that is no test.
func programText(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := fs.ReadFile(root, path)
		all.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func TestMetricsOnAnAddressOfTheirOwn(t *testing.T) {
	s := serve(t, t.TempDir(), "--metrics-listen", "127.0.0.1:0")
	if status, body := s.get("/metrics"); status != http.StatusNotFound {
		t.Errorf("on the main address: %d %.100s", status, body)
	}
	own := *s
	own.url = strings.TrimSuffix(s.log.wait(t, `msg=metrics url=(\S+)`)[1], "/metrics")
	if status, body := own.get("/metrics"); status != http.StatusOK || !strings.Contains(body, "supportbot_store_up 1") {
		t.Errorf("on their own: %d %.100s", status, body)
	}
	for _, path := range []string{"/", "/console/", "/api/v1/conversations/c/messages"} {
		if status, _ := own.get(path); status != http.StatusNotFound {
			t.Errorf("%s is there as well: %d", path, status)
		}
	}
	_, err := command(t, "", "serve", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--metrics-listen", strings.TrimPrefix(own.url, "http://"))
	if err == nil || !strings.Contains(err.Error(), "choose another address with --metrics-listen") {
		t.Errorf("a second server there: %v", err)
	}
	for _, address := range []string{"8081", "127.0.0.1:99999"} {
		_, err := command(t, "", "serve", "--listen", address, "--data", t.TempDir())
		if err == nil || !strings.Contains(err.Error(), "write --listen as HOST:PORT, such as 127.0.0.1:8081") {
			t.Errorf("%s: %v", address, err)
		}
	}
}
