package webchat

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// hostileOrigins are what passes for an origin if one looks less than exactly.
func hostileOrigins(scheme, host string) []string {
	list := []string{"", " ", "null", "*", "file://", scheme + "://", host, "//" + host, scheme + ":" + host, scheme + ":/" + host}
	for _, other := range []string{"ftp", "file", "ws", "wss", "javascript", "data", "chrome-extension", "blob", "https+http", scheme + "s", "x" + scheme} {
		list = append(list, other+"://"+host)
	}
	for _, before := range []string{"evil", "evil.", "evil-", "a.b.", "www.", ".", "..", "%", "%00", "\x00", " ", "\t", "user@", "user:pw@", "evil.example@", "evil.example:80@",
		"evil.example/", "evil.example?", "evil.example#", "evil.example\\", "evil.example,", "[::1]", "xn--", "ｅ"} {
		list = append(list, scheme+"://"+before+host)
	}
	for _, after := range []string{"evil", ".evil.example", "-evil.example", ".", "..", ":0", ":1", ":99999", ":", ":x", "/", "/path", "?q", "#f", "\\", "\\.evil.example",
		"@evil.example", ":80@evil.example", "%2eevil.example", "%00.evil.example", "\x00", "\x00.evil.example", " ", "\t", " https://evil.example", ",https://evil.example",
		";evil.example", "/.evil.example", "//evil.example", "\u202e", "。", "．evil.example"} {
		list = append(list, scheme+"://"+host+after)
	}
	for i := range host {
		list = append(list, scheme+"://"+host[:i]+"x"+host[i+1:], scheme+"://"+host[:i]+host[i+1:])
	}
	return append(list, scheme+"://"+strings.Replace(host, "example", "exаmple", 1)) // with a Cyrillic а
}

func TestHostileOrigins(t *testing.T) {
	c := New(newMemory(), Options{AllowedOrigins: []string{"https://shop.example"}, Log: quiet})
	asks := func(origin ...string) bool {
		r := httptest.NewRequest("GET", "/chat/ws", nil)
		r.Host = "bot.example:8080"
		r.Header["Origin"] = origin
		return c.allows(r)
	}
	good := []string{"https://shop.example", "https://bot.example:8080", "http://bot.example:8080"}
	for _, origin := range good {
		if !asks(origin) {
			t.Errorf("%s is refused", origin)
		}
	}
	tried := 0
	refuse := func(origins ...string) {
		t.Helper()
		if len(origins) == 1 && slices.Contains(good, origins[0]) {
			return // a change that changes nothing
		}
		tried++
		if asks(origins...) {
			t.Errorf("%s is let in", fmt.Sprintf("%q", origins))
		}
	}
	for _, list := range [][]string{hostileOrigins("https", "shop.example"), hostileOrigins("https", "bot.example:8080"), hostileOrigins("http", "bot.example:8080")} {
		for _, origin := range list {
			refuse(origin)
			refuse(good[0], origin)
			refuse(origin, good[0])
		}
	}
	refuse("http://shop.example") // the list says https
	if tried < 200 {
		t.Errorf("%d origins were tried, want 200 at least", tried)
	}
	t.Logf("%d tried", tried)
}
