package console_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supportbot"
	"supportbot/channels"
)

// call makes one request of an agent ("" for nobody) and decodes the answer.
func (d *desk) call(t *testing.T, agent, method, path, body string) (int, map[string]any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, d.URL+"/console"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if agent != "" {
		request.Header.Set("Authorization", "Bearer "+d.token[agent])
	}
	response, err := d.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var answer map[string]any
	if err := json.Unmarshal(raw, &answer); err != nil {
		t.Fatalf("%s %s: the answer is not a JSON object: %q", method, path, raw)
	}
	return response.StatusCode, answer
}

func TestTheWayOfACase(t *testing.T) {
	d := newDesk(t)
	for _, step := range []struct {
		agent, method, path, body string
		status                    int
		answer                    string // JSON that the answer contains
	}{
		{"wang", "POST", "/api/cases/17-1/messages", `{"fence":1,"text":"hi"}`, 409, `{"owner":""}`},
		{"li", "POST", "/api/cases/17-1/claim", ``, 200, `{"fence":2}`},
		{"li", "POST", "/api/cases/17-1/claim", `{}`, 200, `{"fence":2}`},
		{"wang", "POST", "/api/cases/17-1/claim", `{}`, 409, `{"owner":"li"}`},
		{"wang", "POST", "/api/cases/17-1/messages", `{"fence":2,"text":"hi"}`, 409, `{"owner":"li"}`},
		{"li", "POST", "/api/cases/17-1/messages", `{"fence":1,"text":"hi"}`, 409, `{"owner":"li"}`},
		{"li", "POST", "/api/cases/17-1/messages", `{"fence":99,"text":"hi"}`, 409, `{"owner":"li"}`},
		{"li", "POST", "/api/cases/17-1/messages", `{"text":"hi"}`, 409, `{"owner":"li"}`},
		{"li", "POST", "/api/cases/17-1/messages", `{"fence":2,"text":"您好","colour":"blue"}`, 200, `{}`},
		{"wang", "POST", "/api/cases/17-1/release", `{"fence":2}`, 409, `{"owner":"li"}`},
		{"li", "POST", "/api/cases/17-1/release", `{"fence":2}`, 200, `{}`},
		{"li", "POST", "/api/cases/17-1/outcome", `{"fence":2,"outcome":"verified"}`, 409, `{"owner":""}`},
		{"wang", "POST", "/api/cases/17-1/claim", ``, 200, `{"fence":4}`},
		{"wang", "POST", "/api/cases/17-1/outcome", `{"fence":4,"outcome":"failed","note":"答错两次"}`, 200, `{}`},
		{"wang", "POST", "/api/cases/17-1/outcome", `{"fence":4,"outcome":"verified"}`, 409, `{"owner":"wang"}`},
		{"wang", "POST", "/api/cases/17-1/close", `{"fence":5}`, 409, `{"owner":"wang"}`},
		{"li", "POST", "/api/cases/17-1/claim", ``, 409, `{"owner":"wang"}`},
	} {
		status, answer := d.call(t, step.agent, step.method, step.path, step.body)
		if status != step.status || !contains(t, answer, step.answer) {
			t.Errorf("%s %s %s: %d %v, want %d %s", step.agent, step.path, step.body, status, answer, step.status, step.answer)
		}
	}
	c, _ := d.Case(t.Context(), "17-1")
	if c.State != supportbot.CaseDone || c.Verdict != supportbot.Failed || c.Note != "答错两次" {
		t.Errorf("in the end the case is %+v", c)
	}
	if n := len(d.said["17-1"]); n != 3 {
		t.Errorf("the merchant was told %d messages, want the one that was accepted", n-2)
	}
}

// contains tells whether answer has all fields of a JSON object, equal.
func contains(t *testing.T, answer map[string]any, object string) bool {
	t.Helper()
	var want map[string]any
	if err := json.Unmarshal([]byte(object), &want); err != nil {
		t.Fatal(err)
	}
	for field, value := range want {
		if got, ok := answer[field]; !ok || !cmp.Equal(value, got) {
			return false
		}
	}
	return true
}

func TestClose(t *testing.T) {
	d := newDesk(t)
	d.call(t, "li", "POST", "/api/cases/17-1/claim", "")
	if status, answer := d.call(t, "li", "POST", "/api/cases/17-1/close", `{"fence":2}`); status != 200 {
		t.Fatalf("%d %v", status, answer)
	}
	if c, _ := d.Case(t.Context(), "17-1"); c.State != supportbot.CaseClosed || c.Verdict != "" {
		t.Errorf("the case is %s with verdict %q", c.State, c.Verdict)
	}
}

func TestLists(t *testing.T) {
	d := newDesk(t)
	d.notice = "flows/menu.yaml:3: unknown key"
	second := d.cases[0]
	second.ID, second.State, second.Owner, second.Fence = "18-1", supportbot.CaseActive, "li", 2
	third := second
	third.ID, third.State, third.Verdict = "19-1", supportbot.CaseDone, supportbot.Verified
	d.cases = append(d.cases, second, third)

	for _, test := range []struct{ agent, query, ids string }{
		{"li", "waiting", "17-1"},
		{"li", "mine", "18-1"},
		{"wang", "mine", ""},
		{"li", "all", "17-1 18-1 19-1"},
	} {
		status, answer := d.call(t, test.agent, "GET", "/api/cases?state="+test.query, "")
		var ids []string
		for _, c := range answer["cases"].([]any) {
			ids = append(ids, c.(map[string]any)["id"].(string))
		}
		if status != 200 || strings.Join(ids, " ") != test.ids {
			t.Errorf("%s of %s: %d %v, want %s", test.query, test.agent, status, ids, test.ids)
		}
		if answer["notice"] != d.notice {
			t.Errorf("notice %q", answer["notice"])
		}
	}

	_, answer := d.call(t, "li", "GET", "/api/cases?state=waiting", "")
	want := map[string]any{
		"id": "17-1", "state": "waiting", "reason": "forgot-password", "priority": "urgent",
		"channel": "web", "language": "zh", "queued_at": d.cases[0].QueuedAt.Format("2006-01-02T15:04:05Z07:00"),
		"owner": "", "fence": 1.0, "goal": "忘记终端登录密码", "target_seconds": 60.0,
	}
	if diff := cmp.Diff([]any{want}, answer["cases"]); diff != "" {
		t.Errorf("a listed case (-want +got):\n%s", diff)
	}
}

func TestShow(t *testing.T) {
	d := newDesk(t)
	status, answer := d.call(t, "li", "GET", "/api/cases/17-1", "")
	packet, _ := answer["packet"].(map[string]any)
	transcript, _ := answer["transcript"].([]any)
	if status != 200 || answer["id"] != "17-1" || answer["fence"] != 1.0 || packet["goal"] != "忘记终端登录密码" || len(transcript) != 2 {
		t.Fatalf("%d %v", status, answer)
	}
	first := transcript[0].(map[string]any)
	if first["seq"] != 1.0 || first["from"] != "user" || first["text"] != "POS机密码忘了" {
		t.Errorf("the first message is %v", first)
	}
	_, answer = d.call(t, "li", "GET", "/api/cases/17-1?after=1", "")
	if transcript, _ = answer["transcript"].([]any); len(transcript) != 1 || transcript[0].(map[string]any)["seq"] != 2.0 {
		t.Errorf("after the first message comes %v", transcript)
	}
	_, answer = d.call(t, "li", "GET", "/api/cases/17-1?after=9999", "")
	if transcript, ok := answer["transcript"].([]any); !ok || len(transcript) != 0 {
		t.Errorf("after the last message comes %v, want an empty array", answer["transcript"])
	}
}

func TestWhetherThePersonMayBeWrittenTo(t *testing.T) {
	heard := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	for channel, want := range map[supportbot.Channel]map[string]any{
		supportbot.SMS:      {"stopped": true},
		supportbot.WhatsApp: {"stopped": true, "until": "2026-03-05T12:00:00Z"},
	} {
		d := newDesk(t)
		d.cases[0].Channel, d.reach = channel, channels.Reach{Stopped: true, Heard: heard}
		_, answer := d.call(t, "li", "GET", "/api/cases/17-1", "")
		if diff := cmp.Diff(want, answer["reach"]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", channel, diff)
		}
	}
}

// What is wrong is said, nothing changes, and the server lives on.
func TestBadRequests(t *testing.T) {
	d := newDesk(t)
	d.call(t, "li", "POST", "/api/cases/17-1/claim", "")
	before, _ := d.Case(t.Context(), "17-1")
	const messages, outcome = "/api/cases/17-1/messages", "/api/cases/17-1/outcome"

	for _, test := range []struct {
		method, path, body string
		status             int
		says               string
	}{
		{"POST", messages, `{`, 400, "not JSON"},
		{"POST", messages, `hello`, 400, "not JSON"},
		{"POST", messages, "\x00\xff", 400, "not JSON"},
		{"POST", messages, `{"fence":2,"text":"a"} {}`, 400, "not JSON"},
		{"POST", messages, strings.Repeat(`[`, 60_000), 400, "not JSON"},
		{"POST", messages, `[]`, 400, "must be a JSON object"},
		{"POST", messages, `"text"`, 400, "must be a JSON object"},
		{"POST", messages, `null`, 400, "text must not be empty"},
		{"POST", messages, ``, 400, "text must not be empty"},
		{"POST", messages, `{"fence":"2","text":"a"}`, 400, "fence must not be a string"},
		{"POST", messages, `{"fence":2.5,"text":"a"}`, 400, "fence must not be a number 2.5"},
		{"POST", messages, `{"fence":99999999999999999999,"text":"a"}`, 400, "fence must not be a number"},
		{"POST", messages, `{"fence":2,"text":{"a":1}}`, 400, "text must not be a object"},
		{"POST", messages, `{"fence":2,"text":" \n"}`, 400, "text must not be empty"},
		{"POST", messages, `{"fence":2,"text":"` + strings.Repeat("字", 4001) + `"}`, 400, "the most is 4000"},
		{"POST", messages, `{"fence":2,"text":"` + strings.Repeat("x", 70_000) + `"}`, 413, "larger than 65536 bytes"},
		{"POST", outcome, `{"fence":2}`, 400, "verified, failed, inconclusive, refused"},
		{"POST", outcome, `{"fence":2,"outcome":"unavailable"}`, 400, "verified, failed, inconclusive, refused"},
		{"GET", "/api/cases", ``, 400, "waiting, mine, approval or all"},
		{"GET", "/api/cases?state=done", ``, 400, "waiting, mine, approval or all"},
		{"GET", "/api/cases/17-1?after=x", ``, 400, "sequence number"},
		{"GET", "/api/cases/17-1?after=-1", ``, 400, "sequence number"},
		{"GET", "/api/cases/99-1", ``, 404, "no such case"},
		{"GET", "/api/cases/..%2f..%2fetc", ``, 404, "no such case"},
		{"POST", "/api/cases/99-1/claim", ``, 404, "no such case"},
		{"POST", "/api/cases/99-1/close", `{"fence":2}`, 404, "no such case"},
	} {
		status, answer := d.call(t, "li", test.method, test.path, test.body)
		if status != test.status || !strings.Contains(fmt.Sprint(answer["error"]), test.says) {
			t.Errorf("%s %.60s: %d %v, want %d and %q", test.path, test.body, status, answer, test.status, test.says)
		}
	}
	after, _ := d.Case(t.Context(), "17-1")
	if diff := cmp.Diff(before, after); diff != "" || len(d.said["17-1"]) != 2 {
		t.Errorf("bad requests changed the case (-before +after):\n%s", diff)
	}
	longest := `{"fence":2,"text":"` + strings.Repeat("字", 4000) + `"}`
	if status, answer := d.call(t, "li", "POST", messages, longest); status != 200 {
		t.Errorf("the longest message: %d %v", status, answer)
	}
}

func TestNobodyIsLetInWithoutLogin(t *testing.T) {
	d := newDesk(t)
	d.token["thief"] = "sb_" + strings.Repeat("A", 43)
	for _, agent := range []string{"", "thief"} {
		for _, route := range []string{
			"GET /ws", "GET /api/cases", "GET /api/cases/17-1", "POST /api/cases/17-1/claim", "POST /api/cases/17-1/messages",
			"POST /api/cases/17-1/outcome", "POST /api/cases/17-1/release", "POST /api/cases/17-1/close", "POST /api/heartbeat",
		} {
			method, path, _ := strings.Cut(route, " ")
			if status, answer := d.call(t, agent, method, path, "{}"); status != 401 || answer["error"] == "" {
				t.Errorf("%s as %q: %d %v", route, agent, status, answer)
			}
		}
	}
}

// A failing store is never taken for an unknown case, a conflict or success.
func TestStoreFailure(t *testing.T) {
	d := newDesk(t)
	d.down = errors.New("disk I/O error at /var/lib/secret")
	for _, route := range []string{"GET /api/cases?state=all", "GET /api/cases/17-1", "POST /api/cases/17-1/claim", "POST /api/heartbeat"} {
		method, path, _ := strings.Cut(route, " ")
		status, answer := d.call(t, "li", method, path, "")
		if status != 500 || strings.Contains(fmt.Sprint(answer), "secret") {
			t.Errorf("%s: %d %v", route, status, answer)
		}
	}
}

func TestEveryCallRenewsTheLeasesButNotTooOften(t *testing.T) {
	d := newDesk(t)
	for range 20 {
		d.call(t, "li", "GET", "/api/cases?state=mine", "")
	}
	if d.beats["li"] != 1 {
		t.Errorf("20 calls at once renewed %d times, want once", d.beats["li"])
	}
	if status, _ := d.call(t, "li", "POST", "/api/heartbeat", ""); status != 200 || d.beats["li"] != 2 {
		t.Errorf("heartbeat: %d, renewed %d times", status, d.beats["li"])
	}
	if d.beats["wang"] != 0 {
		t.Error("the leases of another agent were renewed")
	}
}
