package console_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"supportbot/handoff"
	"supportbot/internal/transcript"
)

// current is the version in force and who published it.
func (s *shelf) current() string {
	for _, v := range s.versions {
		if v.Current {
			return v.ID + " by " + v.PublishedBy
		}
	}
	return ""
}

func TestPublishRollBackRetire(t *testing.T) {
	d, s := newLibrary(t)
	for _, step := range []struct {
		agent, path, body string
		status            int
		says, inForce     string
	}{
		{"li", "/next/publish", ``, 403, "only a supervisor", "now by chen"},
		{"li", "/back/retire", ``, 403, "only a supervisor", "now by chen"},
		{"chen", "/never/publish", ``, 404, "no such version", "now by chen"},
		{"chen", "/..%2f..%2fetc/publish", ``, 404, "no such version", "now by chen"},
		{"chen", "/next/publish", `{"current":"back"}`, 409, "another version is in force", "now by chen"},
		{"chen", "/next/publish", `{"current":"now"}`, 200, "", "next by chen"},
		{"chen", "/back/publish", ``, 200, "", "back by chen"},
		{"chen", "/back/retire", ``, 400, "version back is in force", "back by chen"},
		{"chen", "/now/retire", `{"current":"next"}`, 409, "another version is in force", "back by chen"},
		{"chen", "/now/retire", `{"current":"back"}`, 200, "", "back by chen"},
		{"chen", "/next/publish", `[]`, 400, "must be a JSON object", "back by chen"},
	} {
		status, answer := d.call(t, step.agent, "POST", "/api/content"+step.path, step.body)
		if status != step.status || step.says != "" && !strings.Contains(fmt.Sprint(answer["error"]), step.says) {
			t.Errorf("%s %s %s: %d %v, want %d %q", step.agent, step.path, step.body, status, answer, step.status, step.says)
		}
		if s.current() != step.inForce {
			t.Errorf("after %s %s %s: %s, want %s", step.agent, step.path, step.body, s.current(), step.inForce)
		}
	}
	status, answer := d.call(t, "li", "GET", "/api/content", "")
	now := answer["versions"].([]any)[1].(map[string]any)
	if status != 200 || now["id"] != "now" || now["retired"] != true || now["open"] != 0.0 {
		t.Errorf("%d %v", status, now)
	}
}

func TestAnAdminMayPublish(t *testing.T) {
	d, s := newLibrary(t)
	d.agents[2].Role = handoff.RoleAdmin
	if status, answer := d.call(t, "chen", "POST", "/api/content/next/publish", ""); status != 200 || s.current() != "next by chen" {
		t.Errorf("%d %v, in force is %s", status, answer, s.current())
	}
}

func TestWhatRetiringWouldDo(t *testing.T) {
	d, _ := newLibrary(t)
	status, answer := d.call(t, "chen", "GET", "/api/content/back/retirement", "")
	if status != 200 || answer["continue"] != 5.0 || answer["restart"] != 2.0 {
		t.Errorf("%d %v", status, answer)
	}
}

// The buttons of the pages do the same, and say what was wrong.
func TestFormsOfTheContent(t *testing.T) {
	d, s := newLibrary(t)
	chen, li := d.browser(t), d.browser(t)
	d.login(t, chen, "chen", password)
	d.login(t, li, "li", password)
	post := func(b *http.Client, path, current string) (*http.Response, string) {
		response, err := b.PostForm(d.URL+"/console/content"+path, url.Values{"current": {current}})
		return read(t, response, err)
	}
	for _, test := range []struct {
		browser       *http.Client
		path, current string
		status        int
		says          string
	}{
		{li, "/next/publish", "now", 403, "only a supervisor or an administrator"},
		{li, "/back/retire", "now", 403, "only a supervisor or an administrator"},
		{chen, "/next/publish", "back", 409, "somebody has just published another version"},
		{chen, "/never/publish", "now", 404, "no such version"},
		{chen, "/now/retire", "now", 400, "version now is in force; publish another one first"},
		{d.browser(t), "/next/publish", "now", 303, ""}, // to the log-in
	} {
		r, body := post(test.browser, test.path, test.current)
		if r.StatusCode != test.status || !strings.Contains(body, test.says) || s.current() != "now by chen" {
			t.Errorf("%s: %d, in force is %s, the page lacks %q", test.path, r.StatusCode, s.current(), test.says)
		}
	}
	r, _ := post(chen, "/next/publish", "now")
	if r.StatusCode != 303 || s.current() != "next by chen" {
		t.Fatalf("publish: %d, in force is %s", r.StatusCode, s.current())
	}
	if _, body := get(t, chen, d.URL+r.Header.Get("Location")); !strings.Contains(body, "Version next is in force for new conversations") {
		t.Error("the list does not say what was done")
	}
	if _, body := get(t, chen, d.URL+"/console/content?told=published&version=%3Cb%3Emade-up"); strings.Contains(body, "made-up") {
		t.Error("a link can make the list say anything")
	}
}

func TestAgentsSeeTheContentAndChangeNothing(t *testing.T) {
	d, _ := newLibrary(t)
	li := d.browser(t)
	d.login(t, li, "li", password)
	_, body := get(t, li, d.URL+"/console/content")
	if !strings.Contains(body, ">now<") || strings.Contains(body, "/publish") || strings.Contains(body, "/retire") {
		t.Errorf("the list of an agent is\n%s", body)
	}
	for path, status := range map[string]int{
		"/now/preview": 200, "/now/flows": 200, "/now/flows/forgot-password": 200, "/back/retire": 403,
		"/never/preview": 404, "/never/flows": 404, "/now/flows/never": 404, "/never/flows/forgot-password": 404,
	} {
		if r, _ := get(t, li, d.URL+"/console/content"+path); r.StatusCode != status {
			t.Errorf("%s: %d, want %d", path, r.StatusCode, status)
		}
	}
}

func TestOtherSitesAndStrangersChangeNothing(t *testing.T) {
	d, s := newLibrary(t)
	chen := d.browser(t)
	d.login(t, chen, "chen", password)
	for _, path := range []string{"/content/next/publish", "/content/back/retire", "/api/content/next/publish", "/api/content/back/retire", "/api/content/now/preview"} {
		request, _ := http.NewRequest("POST", d.URL+"/console"+path, strings.NewReader("current=now"))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Origin", "https://evil.example")
		response, err := chen.Do(request)
		if r, _ := read(t, response, err); r.StatusCode != 403 {
			t.Errorf("%s from another site: %d", path, r.StatusCode)
		}
	}
	for _, path := range []string{"GET /content", "POST /content/next/publish", "POST /content/back/retire", "GET /content/now/retirement", "POST /content/now/preview", "GET /content/now/flows/forgot-password"} {
		method, path, _ := strings.Cut(path, " ")
		if status, _ := d.call(t, "", method, "/api"+path, "{}"); status != 401 {
			t.Errorf("%s without log-in: %d", path, status)
		}
	}
	if s.current() != "now by chen" || s.versions[2].Retired {
		t.Errorf("in force is %s", s.current())
	}
}

func TestWithoutALibraryItsPagesAreNotThere(t *testing.T) {
	d := newDesk(t)
	li := d.browser(t)
	d.login(t, li, "li", password)
	if r, _ := get(t, li, d.URL+"/console/content"); r.StatusCode != 404 {
		t.Errorf("the list: %d", r.StatusCode)
	}
	if _, body := get(t, li, d.URL+"/console/"); strings.Contains(body, "/console/content\"") {
		t.Error("the desk links to the content")
	}
}

func TestAFailingLibrary(t *testing.T) {
	d, s := newLibrary(t)
	s.down = errors.New("disk I/O error at /var/lib/secret")
	for _, route := range []string{"GET ", "POST /next/publish", "GET /now/flows/forgot-password", "GET /now/retirement"} {
		method, path, _ := strings.Cut(route, " ")
		status, answer := d.call(t, "chen", method, "/api/content"+path, "")
		if status != 500 || strings.Contains(fmt.Sprint(answer), "secret") {
			t.Errorf("%s: %d %v", route, status, answer)
		}
	}
}

func TestPreview(t *testing.T) {
	d, _ := newLibrary(t)
	chat := `{"channel":"web","language":"zh","acts":[{"event":"open"},{"user":"POS机密码忘了"},{"choice":"way=app"},{"user":"还是不行"},
		{"choice":"brand=lakala"},{"agent":"claim"},{"agent":"message 您好"},{"agent":"outcome verified"},{"wait":"24h"}]}`
	status, answer := d.call(t, "li", "POST", "/api/content/next/preview", chat)
	if status != 200 {
		t.Fatalf("%d %v", status, answer)
	}
	turns := answer["turns"].([]any)
	turn := func(i int) map[string]any { return turns[i].(map[string]any) }
	if len(turns) != 9 || turn(1)["at"] != "forgot-password/way" || turn(1)["topic"] != "forgot-password" || turn(4)["case"] != "waiting" || turn(7)["case"] != "done" || turn(8)["ended"] != true {
		t.Errorf("the turns are %v", turns)
	}
	if said := fmt.Sprint(turn(1)["said"]); !strings.Contains(said, "请放心，密码可以重设") {
		t.Errorf("the version that is shown is not the one that was asked for: %s", said)
	}

	// What can be downloaded is a test that holds for this version.
	file := filepath.Join(t.TempDir(), "preview.yaml")
	if err := os.WriteFile(file, []byte(answer["transcript"].(string)), 0o600); err != nil {
		t.Fatal(err)
	}
	saved, err := transcript.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if result := transcript.Run(contents()["next"], saved); len(result.Faults) > 0 || len(saved.Turns) != 9 {
		t.Errorf("the transcript does not hold: %v", result.Faults)
	}
}

func TestPreviewsThatCannotBe(t *testing.T) {
	d, _ := newLibrary(t)
	many, _ := json.Marshal(make([]map[string]string, 501))
	for _, test := range []struct {
		version, body string
		status        int
		says          string
	}{
		{"never", `{"channel":"web","language":"zh","acts":[{"event":"open"}]}`, 404, "no such version"},
		{"now", `{"channel":"pigeon","language":"zh"}`, 400, "channel must be web, sms or voice"},
		{"now", `{"channel":"web","language":"fr"}`, 400, "language must be zh or en"},
		{"now", `{"channel":"web","language":"zh","acts":[{}]}`, 400, "act 1 needs exactly one of"},
		{"now", `{"channel":"web","language":"zh","acts":[{"event":"open"},{"user":"a","digits":"1"}]}`, 400, "act 2 needs exactly one of"},
		{"now", `{"channel":"web","language":"zh","acts":[{"event":"open"},{"agent":"claim"}]}`, 400, "act 2"},
		{"now", `{"channel":"web","language":"zh","acts":[{"wait":"soon"}]}`, 400, "no time like 20m"},
		{"now", `{"channel":"web","language":"zh","acts":` + string(many) + `}`, 400, "the most is 500"},
	} {
		status, answer := d.call(t, "li", "POST", "/api/content/"+test.version+"/preview", test.body)
		if status != test.status || !strings.Contains(fmt.Sprint(answer["error"]), test.says) {
			t.Errorf("%.90s: %d %v, want %d and %q", test.body, status, answer, test.status, test.says)
		}
	}
}

// Every way of every flow has words in both languages.
func TestPicturesInBothLanguages(t *testing.T) {
	d, _ := newLibrary(t)
	for _, lang := range []string{"zh", "en"} {
		for _, name := range contents()["real"].Book.Flows() {
			status, p := d.call(t, "li", "GET", "/api/content/real/flows/"+name+"?lang="+lang, "")
			if status != 200 || p["goal"] == "" || !strings.HasPrefix(p["mermaid"].(string), "flowchart TD\n") {
				t.Fatalf("%s in %s: %d %v", name, lang, status, p)
			}
			for _, e := range p["edges"].([]any) {
				e := e.(map[string]any)
				if kind := e["kind"]; (kind == "branch" || kind == "ladder") && e["label"] == nil || strings.Contains(fmt.Sprint(e["label"]), "{0}") {
					t.Errorf("%s in %s: an edge without words: %v", name, lang, e)
				}
			}
		}
	}
}
