package main

import (
	"strings"
	"testing"
)

func TestAges(t *testing.T) {
	for text, want := range map[string]string{
		"transcripts=180d":                "transcripts=180d,cases=1y,missed=90d,audit=2y,sent=7d,content=1y",
		"90d":                             "transcripts=90d,cases=90d,missed=90d,audit=2y,sent=7d,content=1y",
		"0d":                              "transcripts=0d,cases=0d,missed=90d,audit=2y,sent=7d,content=1y",
		"90d,cases=2y":                    "transcripts=90d,cases=2y,missed=90d,audit=2y,sent=7d,content=1y",
		"transcripts=3y":                  "transcripts=3y,cases=3y,missed=90d,audit=2y,sent=7d,content=1y",
		"transcripts=0d":                  "transcripts=0d,cases=0d,missed=90d,audit=2y,sent=7d,content=1y",
		"audit=0d, sent=1d, content=730d": "transcripts=180d,cases=1y,missed=90d,audit=0d,sent=1d,content=2y",
	} {
		var a ages
		if err := a.UnmarshalText([]byte(text)); err != nil || a.String() != want {
			t.Errorf("%s: %s, %v; want %s", text, a, err, want)
		}
		again := ages{}
		if err := again.UnmarshalText([]byte(a.String())); err != nil || again != a {
			t.Errorf("%s is read as %s, %v", a, again, err)
		}
	}
	for text, want := range map[string]string{
		"":                         `"" is no number of days or years, such as 180d or 2y`,
		"180":                      `"180" is no number of days or years`,
		"-1d":                      `"-1d" is no number of days or years`,
		"1.5y":                     `"1.5y" is no number of days or years`,
		"999999999999d":            "is no number of days or years",
		"logs=2y":                  `"logs" is no kind of data; there are transcripts, cases, missed, audit, sent, content`,
		"cases=90d":                "cases=90d is shorter than transcripts=180d",
		"transcripts=0d,cases=90d": "cases=90d is shorter than transcripts=0d",
	} {
		var a ages
		err := a.UnmarshalText([]byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
