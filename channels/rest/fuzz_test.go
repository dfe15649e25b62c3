package rest

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"reflect"
	"testing"
	"unicode/utf8"
)

// FuzzMessage: a body is refused in a few words, or it is within the limits and
// reads the same when it is written out and read again.
func FuzzMessage(f *testing.F) {
	for _, body := range []string{
		`{"conversation":"c","id":"1","text":"绑卡失败"}`, `{"conversation":"c","id":"1","choice":"app","language":"zh"}`,
		`{"conversation":1e9,"id":[]}`, `{"conversation":"\u0000","id":"\ud800","text":" "}`, `[]`, `null`, `{`, "\xff",
	} {
		f.Add([]byte(body))
	}
	read := func(body []byte) (message, error) {
		return readMessage(httptest.NewRecorder(), httptest.NewRequest("POST", "/", bytes.NewReader(body)))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := read(body)
		if err != nil {
			if n := len(err.Error()); n > 500 {
				t.Fatalf("refused in %d bytes", n)
			}
			return
		}
		if len(body) > maxBody || utf8.RuneCountInString(m.ID) > maxName || m.Text != nil && utf8.RuneCountInString(*m.Text) > maxText {
			t.Fatalf("beyond the limits: %.100q", body)
		}
		written, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := read(written); err != nil || !reflect.DeepEqual(m, again) {
			t.Fatalf("%+v became %+v, %v", m, again, err)
		}
	})
}

// FuzzNumber: a number of the query is refused, or it is from 0 up.
func FuzzNumber(f *testing.F) {
	for _, query := range []string{"after=1", "after=-1", "after=9223372036854775808", "after=%00", "after=1&after=2", "after=1;2", "%zz", "after=+7"} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.URL = &url.URL{Path: "/", RawQuery: query}
		if n, err := number(r, "after"); n < 0 || err != nil && n != 0 {
			t.Fatalf("%q is %d, %v", query, n, err)
		}
	})
}
