package reference_test

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"supportbot"
	"supportbot/internal/reference"
)

var secret = "whsec_" + base64.StdEncoding.EncodeToString([]byte("a secret of thirty-two bytes ..."))

func lookup(t *testing.T, handler http.HandlerFunc) *reference.Lookup {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	l, err := reference.NewLookup(server.URL, secret)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestTheOtherSideCompares(t *testing.T) {
	check, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	l := lookup(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if err := check.Verify(body, r.Header); err != nil {
			t.Errorf("%s: %v", body, err)
		}
		switch {
		case strings.Contains(string(body), `"merchant":"2"`):
			w.WriteHeader(404)
		case string(body) == `{"merchant":"1","field":"owner","value":"王 小明"}`:
			_, _ = io.WriteString(w, `{"match":true}`)
		default:
			_, _ = io.WriteString(w, `{"match":false}`)
		}
	})
	ctx := context.Background()
	if match, err := l.Compare(ctx, "1", "owner", "王 小明"); !match || err != nil {
		t.Errorf("right: %v, %v", match, err)
	}
	if match, err := l.Compare(ctx, "1", "owner", "王大明"); match || err != nil {
		t.Errorf("wrong: %v, %v", match, err)
	}
	if _, err := l.Compare(ctx, "2", "owner", "王小明"); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("unknown: %v", err)
	}
}

// What is no clear answer matches nothing, and who fails is left alone.
func TestAnotherSideThatFailsIsLeftAlone(t *testing.T) {
	asked := 0
	answers := []func(http.ResponseWriter){
		func(w http.ResponseWriter) { w.WriteHeader(500) },
		func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"matches":true}`) },
		func(w http.ResponseWriter) {
			http.Redirect(w, httptest.NewRequest("GET", "/", nil), "/elsewhere", http.StatusFound)
		},
	}
	l := lookup(t, func(w http.ResponseWriter, _ *http.Request) {
		answers[asked](w)
		asked++
	})
	for range 5 {
		match, err := l.Compare(context.Background(), "1", "owner", "王小明")
		if match || err == nil || strings.Contains(err.Error(), "王小明") {
			t.Errorf("%v, %v", match, err)
		}
	}
	if asked != 3 {
		t.Errorf("asked %d times", asked)
	}
}

func TestWhereValuesMayGo(t *testing.T) {
	for url, good := range map[string]bool{
		"https://merchants.example.com/compare": true, "http://127.0.0.1:9000/": true, "http://[::1]:9000/": true, "http://localhost/x": true,
		"http://merchants.example.com/": false, "https://me:pass@example.com/": false, "ftp://example.com": false, "": false, "http://127.0.0.1.example.com/": false,
	} {
		if _, err := reference.NewLookup(url, secret); (err == nil) != good {
			t.Errorf("%q: %v", url, err)
		}
	}
	if _, err := reference.NewLookup("https://example.com/", "hunter2"); err == nil || !strings.Contains(err.Error(), "--reference-secret must be whsec_") {
		t.Errorf("a bad secret: %v", err)
	}
}
