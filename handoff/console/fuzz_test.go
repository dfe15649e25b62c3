package console

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzBody: a body of the agents' API is read, or it is refused in a short JSON
// object that says why.
func FuzzBody(f *testing.F) {
	for _, body := range []string{"", `{"fence":2,"text":"你好"}`, `{"fence":"2"}`, `{"fence":1e99}`, `[]`, `null`, `{"text":`, "\xff", `{"FENCE":3}`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var v struct {
			Fence   int64  `json:"fence"`
			Text    string `json:"text"`
			Outcome string `json:"outcome"`
		}
		w := httptest.NewRecorder()
		if readJSON(w, httptest.NewRequest("POST", "/", bytes.NewReader(body)), &v) {
			if len(body) > maxBody || !utf8.ValidString(v.Text) {
				t.Fatalf("took %.100q", body)
			}
			return
		}
		var answer struct{ Error string }
		err := json.Unmarshal(w.Body.Bytes(), &answer)
		if err != nil || answer.Error == "" || len(answer.Error) > 500 || w.Code != http.StatusBadRequest && w.Code != http.StatusRequestEntityTooLarge {
			t.Fatalf("%d %.1000s, %v", w.Code, w.Body, err)
		}
	})
}

// FuzzLanguage: whatever a browser asks for, the page is in a language that the
// console speaks.
func FuzzLanguage(f *testing.F) {
	for _, accept := range []string{"", "zh-CN,zh;q=0.9,en;q=0.8", "fr, en", ";;;,,", "zh_Hans", "*", "\x00", strings.Repeat(",", 1000)} {
		f.Add(accept, "lang=zh")
		f.Add(accept, "")
	}
	c := &Console{log: slog.New(slog.DiscardHandler)}
	f.Fuzz(func(t *testing.T, accept, query string) {
		r := httptest.NewRequest("GET", "/console/", nil)
		r.URL = &url.URL{Path: "/console/", RawQuery: query}
		r.Header["Accept-Language"] = []string{accept}
		r.Header["Cookie"] = []string{"supportbot_language=" + accept}
		w := httptest.NewRecorder()
		if lang := c.language(w, r); !lang.Valid() {
			t.Fatalf("the page is in %q", lang)
		}
		for _, cookie := range w.Result().Cookies() {
			if cookie.Value != "zh" && cookie.Value != "en" {
				t.Fatalf("remembers %q", cookie.Value)
			}
		}
	})
}
