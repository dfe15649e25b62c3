package reference_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/internal/reference"
)

const good = `merchant:digits,owner:words,phone:phone,opened:date
8221 0005 9981 234,王小明,138 0013 8000,2024-03-05
822100059985678,Li Na,,
`

// write changes the file, and its time, which some file systems keep to the second.
func write(t *testing.T, path, text string, age time.Duration) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	at := time.Now().Add(-age)
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

func TestAFileIsCompared(t *testing.T) {
	path := filepath.Join(t.TempDir(), "merchants.csv")
	write(t, path, "\ufeff"+good, 0)
	f, err := reference.Open(path, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		merchant, field, said string
		match, known          bool
	}{
		{"822100059981234", "owner", "王 小明", true, true},
		{"822100059981234", "owner", "王小朋", false, true},
		{"822100059981234", "phone", "+86-13800138000", true, true},
		{"822100059981234", "opened", "2024年3月5号", true, true},
		{"822100059981234", "opened", "去年", false, true},
		{"822100059981234", "owner", " ", false, true},
		{"822100059985678", "owner", "王小明", false, true}, // another merchant's
		{"822100059985678", "phone", "13800138000", false, false},
		{"822100059981234", "shoe", "42", false, false},
		{"100000000000000", "owner", "王小明", false, false},
		{"", "owner", "王小明", false, false},
	} {
		match, err := f.Compare(context.Background(), test.merchant, test.field, test.said)
		if match != test.match || errors.Is(err, supportbot.ErrNotFound) == test.known {
			t.Errorf("%+v: %v, %v", test, match, err)
		}
	}
}

func TestBrokenFilesAreRefusedByLine(t *testing.T) {
	for _, test := range []struct{ text, says string }{
		{"", ":1: the file is empty"},
		{"merchant,owner:words\n", ":1: column merchant has no kind"},
		{"merchant:digits,Owner:words\n", `:1: column 2 is called "Owner"`},
		{"merchant:digits,pin:digits\n", ":1: column pin is a secret"},
		{"merchant:digits,card_number:digits\n", ":1: column card_number is a secret"},
		{"merchant:digits,owner:words,owner:words\n", ":1: there are two columns owner"},
		{"merchant:digits,opened:date\n1,2024-03-05\n2,3/5/24\n", ":3: opened is no value of the kind date"},
		{"merchant:digits,owner:words\n1,a\n2,b\n1,c\n", ":4: the merchant of this line is also that of line 2"},
		{"merchant:digits,owner:words\n,a\n", ":2: merchant is empty"},
		{"merchant:digits,owner:words\n1,a,b\n", ":2: wrong number of fields"},
		{"merchant:digits,owner:words\n1,\"a\n", ":2: extraneous or missing"},
		{"merchant:digits,owner:words\n1,\xce\xe2\n", ":2: this is not UTF-8"},
	} {
		path := filepath.Join(t.TempDir(), "merchants.csv")
		write(t, path, test.text, 0)
		_, err := reference.Open(path, slog.New(slog.DiscardHandler))
		if err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "3/5/24") {
			t.Errorf("%q: %v, want %q", test.text, err, test.says)
		}
	}
}

func TestAChangedFileIsReadAndABrokenOneKeepsTheLast(t *testing.T) {
	path := filepath.Join(t.TempDir(), "merchants.csv")
	write(t, path, good, time.Hour)
	var log bytes.Buffer
	f, err := reference.Open(path, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	owner := func(want string) {
		t.Helper()
		f.Refresh()
		if match, err := f.Compare(context.Background(), "822100059985678", "owner", want); !match || err != nil {
			t.Errorf("%s is not on file: %v", want, err)
		}
	}
	write(t, path, strings.Replace(good, "Li Na", "Han Mei", 1), 30*time.Minute)
	owner("Han Mei")
	write(t, path, "merchant:digits\n,\n", 20*time.Minute)
	owner("Han Mei")
	if !strings.Contains(log.String(), "merchants.csv:2:") {
		t.Errorf("the log does not say which line is broken: %s", log.String())
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	owner("Han Mei")
	write(t, path, good, 10*time.Minute)
	owner("Li Na")
	if strings.Contains(log.String(), "Li Na") || strings.Contains(log.String(), "13800138000") {
		t.Errorf("the log tells what is on file: %s", log.String())
	}
}
