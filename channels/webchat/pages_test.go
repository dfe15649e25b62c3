package webchat

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, path string, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	mux := http.NewServeMux()
	for _, route := range New(newMemory(), Options{Log: quiet}).Routes() {
		mux.Handle(route.Pattern, route.Handler)
	}
	r := httptest.NewRequest(http.MethodGet, "http://bot.example"+path, nil)
	for k, v := range header {
		r.Header[k] = v
	}
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	return w
}

func TestWidgetIsSmall(t *testing.T) {
	w := get(t, "/widget.js", http.Header{"Accept-Encoding": {"gzip"}})
	if n := w.Body.Len(); n > 20<<10 || w.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("the widget takes %d bytes compressed, want at most %d", n, 20<<10)
	} else {
		t.Logf("the widget takes %d bytes compressed", n)
	}
}

func TestUnchangedWidgetIsNotSentAgain(t *testing.T) {
	tag := get(t, "/widget.js", nil).Header().Get("ETag")
	if w := get(t, "/widget.js", http.Header{"If-None-Match": {tag}}); w.Code != http.StatusNotModified {
		t.Errorf("status %d, want 304", w.Code)
	}
}

func TestPagesAllowNoInlineScript(t *testing.T) {
	for _, path := range []string{"/", "/privacy"} {
		w := get(t, path, nil)
		policy := w.Header().Get("Content-Security-Policy")
		if w.Code != 200 || strings.Contains(policy, "unsafe") || !strings.Contains(policy, "script-src 'self';") ||
			!strings.Contains(policy, "connect-src 'self' ws://bot.example wss://bot.example;") {
			t.Errorf("%s: status %d, policy %s", path, w.Code, policy)
		}
	}
}

func TestForgedHostStaysOutOfThePolicy(t *testing.T) {
	if got := sockets("x; script-src *"); got != "" {
		t.Errorf("the policy would get %q", got)
	}
}

// TestBrowserFloor looks for what WeChat's browser does not have: Chromium 86
// on Android, Safari 14 on iOS.
func TestBrowserFloor(t *testing.T) {
	newer := regexp.MustCompile(`:has\(|:is\(|:where\(|@container|@layer|\b\d+[dsl]vh\b|\binset:|aspect-ratio|accent-color|color-mix|` +
		`\bgap:|(margin|padding)-(inline|block):|randomUUID|structuredClone|\.at\(|findLast|Object\.hasOwn|\|\|=|&&=|\?\?=|` +
		`static \{|^\s+#\w+|this\.#|(?m:^  \w+ = )|replaceAll|AbortSignal|toSorted|\(\?<[=!]`)
	for i, line := range strings.Split(string(widgetSource()), "\n") {
		if strings.HasPrefix(line, "const STYLE") || strings.HasPrefix(line, "const PANEL") {
			line = strings.ReplaceAll(line, `\n`, "\n")
		}
		if found := newer.FindString(line); found != "" {
			t.Errorf("line %d of the widget uses %q, which is too new", i+1, found)
		}
	}
}
