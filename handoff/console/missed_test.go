package console_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/handoff/console"
	"supportbot/internal/learn"
	"supportbot/kb"
)

// drawer keeps what was not understood in memory.
type drawer struct {
	missed  []supportbot.Missed
	audited []supportbot.Audited
}

func (d *drawer) Missed(context.Context, int) ([]supportbot.Missed, error) {
	return slices.Clone(d.missed), nil
}

func (d *drawer) Dismiss(_ context.Context, all []supportbot.MissedID, _ string) error {
	d.missed = slices.DeleteFunc(d.missed, func(m supportbot.Missed) bool { return slices.Contains(all, m.ID) })
	return nil
}

func (d *drawer) Audit(_ context.Context, act supportbot.Audited) error {
	d.audited = append(d.audited, act)
	return nil
}

func newDrawer(texts ...string) *drawer {
	d := &drawer{}
	for i, text := range texts {
		lang := kb.Language(text)
		if lang == "" {
			lang = supportbot.Chinese
		}
		d.missed = append(d.missed, supportbot.Missed{
			ID: supportbot.MissedID{Thread: 7, Row: int64(i + 1)}, Text: text, Language: lang, Decision: supportbot.Clarify,
			Guesses: []supportbot.Candidate{{Topic: "transaction-limits", Score: 0.4}}, At: time.Date(2026, time.November, 20, 3, 0, 0, 0, time.UTC),
		})
	}
	return d
}

func (d *drawer) lessons() learn.Lessons {
	return learn.Lessons{Store: d, Reader: func() *kb.Reader { return contents()["now"].Reader.(*kb.Reader) }}
}

func newLessons(texts ...string) learn.Lessons { return newDrawer(texts...).lessons() }

// refunds is what the tests show: 4 of a kind in both languages, a longer story,
// and an attack.
var refunds = []string{"把手续的费退掉", "手续的费退掉", "手续的费退掉", "手续的费能退掉么", "refund me that fee", attack}

const attack = `</bdi><script>document.title='owned'</script>"><img src=x onerror=alert(1)>`

func newMissed(t *testing.T) (*desk, *drawer) {
	d, s := newLibrary(t)
	drawer := newDrawer(refunds...)
	drawer.missed[0].Meant, drawer.missed[3].Meant = "service-agreement", "service-agreement"
	d.console = console.New(d.memory, d.memory, console.Options{
		Papers: d.memory, Knowledge: handbook{}, Mask: masked,
		Library: s, Lessons: drawer.lessons(), Reports: &books{ended: served()}, Key: []byte("key"), Client: client, Sessions: newSessions(), Log: discard,
	})
	d.Server = serve(t, d.console)
	return d, drawer
}

func TestPhrasesAreMadeOfWhatWasMissed(t *testing.T) {
	d, drawer := newMissed(t)
	chen := d.browser(t)
	d.login(t, chen, "chen", password)
	post := func(path string, form url.Values) (*http.Response, string) {
		response, err := chen.PostForm(d.URL+"/console/missed"+path, form)
		return read(t, response, err)
	}
	_, list := get(t, chen, d.URL+"/console/missed")
	for _, want := range []string{"like “手续的费退掉”", "4 ×", "service-agreement 2", "transaction-limits 4", "Chinese 4"} {
		if !strings.Contains(list, want) {
			t.Errorf("the list lacks %q:\n%s", want, list)
		}
	}
	if strings.Index(list, "手续的费退掉") > strings.Index(list, "refund me that fee") {
		t.Error("the largest group does not come first")
	}
	_, group := get(t, chen, d.URL+"/console/missed/7-2")
	if n := strings.Count(group, `name="message"`); n != 3 || !strings.Contains(group, `value="service-agreement" selected`) {
		t.Errorf("%d boxes, or no label is suggested:\n%s", n, group)
	}

	for _, form := range []url.Values{
		{"group": {"7-2"}, "label": {"service-agreement"}},
		{"group": {"7-2"}, "message": {"7-2"}, "label": {""}},
		{"group": {"7-2"}, "message": {"7-5"}, "label": {"service-agreement"}}, // of another group
	} {
		if r, body := post("/export", form); r.StatusCode != 400 || !strings.Contains(body, "choose one sentence") {
			t.Errorf("%v: %d", form, r.StatusCode)
		}
	}
	r, file := post("/export", url.Values{"group": {"7-2"}, "message": {"7-2", "7-4"}, "label": {"service-agreement"}})
	if want := "# phrases/zh/service-agreement.txt\n手续的费退掉\n手续的费能退掉么\n"; file != want || r.StatusCode != 200 {
		t.Errorf("%d %q, want %q", r.StatusCode, file, want)
	}
	if got := r.Header.Get("Content-Disposition"); got != `attachment; filename="service-agreement.txt"` {
		t.Errorf("it is shown as %s", got)
	}
	if len(drawer.audited) != 1 || drawer.audited[0].Actor != "chen" || drawer.audited[0].Action != supportbot.MissedExported {
		t.Errorf("audited is %+v", drawer.audited)
	}

	if r, _ := post("/dismiss", url.Values{"group": {"7-2"}}); r.StatusCode != 400 || len(drawer.missed) != len(refunds) {
		t.Errorf("nothing ticked, and %d: %d are left", r.StatusCode, len(drawer.missed))
	}
	post("/dismiss", url.Values{"group": {"7-2"}, "message": {"7-3"}})
	if len(drawer.missed) != len(refunds)-2 { // it was said twice
		t.Errorf("%d are left", len(drawer.missed))
	}
	post("/dismiss", url.Values{"group": {"7-1"}, "whole": {"1"}})
	if len(drawer.missed) != 2 {
		t.Errorf("of the whole group, %d are left", len(drawer.missed))
	}
	if r, body := get(t, chen, d.URL+"/console/missed/7-1"); r.StatusCode != 404 || !strings.Contains(body, "no longer here") {
		t.Errorf("a group that is gone: %d", r.StatusCode)
	}
}

func TestWhatPeopleSaidIsNoCodeOnThePages(t *testing.T) {
	d, _ := newMissed(t)
	chen := d.browser(t)
	d.login(t, chen, "chen", password)
	for _, path := range []string{"", "/7-6"} {
		_, body := get(t, chen, d.URL+"/console/missed"+path)
		if strings.Contains(body, "<script>document") || strings.Contains(body, "<img") || !strings.Contains(body, "&lt;/bdi&gt;&lt;script&gt;") {
			t.Errorf("missed%s: %s", path, body)
		}
	}
}

func TestMissedOnTheAPI(t *testing.T) {
	d, drawer := newMissed(t)
	status, answer := d.call(t, "chen", "GET", "/api/missed", "")
	group := answer["groups"].([]any)[0].(map[string]any)
	if status != 200 || group["label"] != "service-agreement" || group["chosen"] != true || len(group["messages"].([]any)) != 4 {
		t.Fatalf("%d %v", status, answer)
	}
	status, answer = d.call(t, "chen", "POST", "/api/missed/export", `{"label":"service-agreement","messages":["7-5","7-1"]}`)
	if got := fmt.Sprint(answer["phrases"]); status != 200 || got != "[map[label:service-agreement language:zh lines:[把手续的费退掉]] map[label:service-agreement language:en lines:[refund me that fee]]]" {
		t.Errorf("%d %s", status, got)
	}
	for body, says := range map[string]string{
		`{"label":"no-topic","messages":["7-1"]}`:          `no label "no-topic"`,
		`{"label":"service-agreement","messages":["7:1"]}`: `"7:1" is not the id of a message, such as 12-3`,
		`{"label":"service-agreement"}`:                    "no message was chosen",
	} {
		if status, answer := d.call(t, "chen", "POST", "/api/missed/export", body); status != 400 || !strings.Contains(fmt.Sprint(answer["error"]), says) {
			t.Errorf("%s: %d %v, want %q", body, status, answer, says)
		}
	}
	if status, _ := d.call(t, "chen", "POST", "/api/missed/dismiss", `{"messages":["7-6","9-9"]}`); status != 200 || len(drawer.missed) != len(refunds)-1 {
		t.Errorf("%d, %d are left", status, len(drawer.missed))
	}
}

func TestAgentsDoNotSeeWhatWasMissed(t *testing.T) {
	d, _ := newMissed(t)
	li := d.browser(t)
	d.login(t, li, "li", password)
	for _, path := range []string{"/missed", "/missed/7-1", "/content"} {
		if _, body := get(t, li, d.URL+"/console"+path); strings.Contains(body, "手续的费") || strings.Contains(body, `href="/console/missed"`) {
			t.Errorf("%s shows an agent %s", path, body)
		}
	}
	if status, answer := d.call(t, "li", "GET", "/api/missed", ""); status != 403 || answer["groups"] != nil {
		t.Errorf("%d %v", status, answer)
	}
}
