package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Whoever guesses through a proxy that nobody has named fills neither the audit log
// nor the server's: both tell how much it was.
func TestGuessingThroughAnUnnamedProxy(t *testing.T) {
	s := serve(t, t.TempDir())
	const guesses = 40
	for i := range guesses {
		body := url.Values{"name": {fmt.Sprint("name", i%8)}, "password": {"guess"}}.Encode()
		request, err := http.NewRequest("POST", s.url+"/console/login", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("X-Forwarded-For", fmt.Sprintf("203.0.113.%d", i))
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
	s.stop()
	if n := strings.Count(s.log.String(), "--trusted-proxies"); n != 1 {
		t.Errorf("the proxy is warned of %d times, want once:\n%s", n, s.log)
	}
	list, err := command(t, "", "audit", "list", "--json", "--data", s.data)
	if err != nil {
		t.Fatal(err)
	}
	rows, told := 0, 0
	for _, r := range jsonLines(t, list) {
		if r["action"] != "login-refused" {
			continue
		}
		rows++
		n := 1
		if more, ok := r["details"].(map[string]any)["more"].(string); ok {
			fmt.Sscan(more, &n)
		}
		told += n
	}
	if rows != 2 || told != guesses {
		t.Errorf("%d rows tell of %d guesses, want 2 of %d:\n%s", rows, told, guesses, list)
	}
	if out, err := command(t, "", "audit", "verify", "--data", s.data); err != nil || !strings.HasPrefix(out, "ok: ") {
		t.Errorf("%s, %v", out, err)
	}
}
