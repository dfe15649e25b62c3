package console_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// Whoever has the password, at a desk that was left open, has not got the second
// factor, and cannot put their own in its place.
func TestReplacingTheSecondFactorNeedsTheOld(t *testing.T) {
	const old = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	d := newDesk(t)
	b := d.browser(t)
	d.login(t, b, "li", password)
	var fresh string // the key that is being set up
	set := func(oldCode string) (*http.Response, string) {
		t.Helper()
		_, body := get(t, b, d.URL+"/console/account")
		_, fresh, _ = strings.Cut(body, `<code id="key">`)
		fresh, _, _ = strings.Cut(fresh, "<")
		return read2(t)(b.PostForm(d.URL+"/console/account/totp", url.Values{"code": {codeOf(fresh, time.Now())}, "password": {password}, "old": {oldCode}}))
	}
	first, body := set("") // there is no old one
	if _, codes, _ := strings.Cut(body, "<li><code>"); first.StatusCode != 200 || codes == "" {
		t.Fatalf("the first: %d", first.StatusCode)
	}
	_, recovery, _ := strings.Cut(body, "<li><code>")
	recovery, _, _ = strings.Cut(recovery, "<")
	last := fresh
	for _, try := range []struct {
		why, old string
		status   int
	}{
		{"without the old one", "", 403},
		{"with a wrong one", "000000", 403},
		{"with another's", codeOf(old, time.Now()), 403},
		{"with a code of the old one", codeOf(last, time.Now().Add(30*time.Second)), 200},
		{"with a recovery code of the one before", recovery, 403},
	} {
		if r, _ := set(try.old); r.StatusCode != try.status {
			t.Errorf("%s: %d, want %d", try.why, r.StatusCode, try.status)
		}
	}
	if a, err := d.Agent(t.Context(), "li"); err != nil || a.TOTP == last {
		t.Errorf("the second factor is %q, %v", a.TOTP, err)
	}
	if want := "login-refused li map[for:second-factor"; !slices.ContainsFunc(d.audited, func(a string) bool { return strings.Contains(a, want) }) {
		t.Errorf("audited are %q, without %q", d.audited, want)
	}
	for range 10 { // with those of before
		set("000000")
	}
	if r, _ := set("000000"); r.StatusCode != 429 || r.Header.Get("Retry-After") == "" {
		t.Errorf("guessing goes on: %d", r.StatusCode)
	}
}

func codeOf(key string, at time.Time) string {
	code, err := totp.GenerateCode(key, at)
	must(err)
	return code
}
