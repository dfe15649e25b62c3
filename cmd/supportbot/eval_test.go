package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// labelledFile writes messages about two labels, one of them named as a control
// of the guide is, and about neither. Those to test were not among those to train.
func labelledFile(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	line := func(split, label, text string, object string) {
		fmt.Fprintf(&b, "{\"text\":%q,\"label\":%q,\"split\":%q}\n", fmt.Sprintf(text, object), label, split)
	}
	for i, object := range strings.Fields("shoes books lamp phone table chair jacket guitar bike radio watch kettle") {
		split := "train"
		if i%4 == 0 {
			split = "test"
		}
		line(split, "delivery", "when will the parcel with my %s arrive", object)
		line(split, "delivery", "has the courier left with the %s", object)
		line(split, "goodbye", "close my account, I sold my %s", object)
		line(split, "goodbye", "please delete the account that bought the %s", object)
		line(split, "oos", "how is a %s made in a factory", object)
		line(split, "oos", "who invented the %s", object)
	}
	file := filepath.Join(t.TempDir(), "messages.jsonl")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestEvalOfAFile(t *testing.T) {
	file := labelledFile(t)
	out, err := command(t, "", "eval", "--json", "--file", file)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]float64
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	for _, figure := range []struct {
		name        string
		least, most float64
	}{
		{"accuracy", 1, 1},
		{"top3", 1, 1},
		{"oos_recall", 0.8, 1},
		{"false_reject", 0, 0.2},
		{"auroc", 0.9, 1},
		{"train_seconds", 1e-6, 60},
		{"microseconds_per_message", 1, 1e6},
	} {
		value, there := got[figure.name]
		if !there || value < figure.least || value > figure.most {
			t.Errorf("%s is %v (there: %v), want %v to %v", figure.name, value, there, figure.least, figure.most)
		}
	}
	out, err = command(t, "", "eval", "--file", file)
	if err != nil || !strings.Contains(out, "topics: best candidate right     100.0% of 12") || !strings.Contains(out, "6 of    6  delivery") {
		t.Errorf("%v\n%s", err, out)
	}
}
