package twilio

import (
	"net/url"
	"strings"
	"testing"

	"supportbot"
)

func FuzzPlace(f *testing.F) {
	f.Add("n=3&lang=en&heard=7&before=2&queued=1&tries=1&polls=4&intro=1")
	f.Add("n=3&texts=1")
	f.Add("n=-1&lang=fr")
	f.Add("n=99999999999999999999")
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		p, err := readPlace(values)
		if err != nil {
			return
		}
		_, again, _ := strings.Cut(p.url(pathTurn), "?")
		values, err = url.ParseQuery(again)
		if err != nil {
			t.Fatal(err)
		}
		if q, err := readPlace(values); err != nil || q != p {
			t.Errorf("%+v becomes %+v, %v", p, q, err)
		}
	})
}

func FuzzSay(f *testing.F) {
	f.Add("请打110，尾号8000，268元")
	f.Add("<Say>&\x00\xff]]>")
	f.Fuzz(func(t *testing.T, text string) {
		heard := parsed(t, string(twiml([]element{say(supportbot.Chinese, text)})))
		if len(heard.Inner) != 1 || heard.Inner[0].Name != "Say" {
			t.Fatalf("%q becomes %+v", text, heard)
		}
		for _, inner := range heard.Inner[0].Inner {
			if inner.Name != "" && inner.Name != "say-as" {
				t.Errorf("%q puts %s into TwiML", text, inner.Name)
			}
		}
	})
}
