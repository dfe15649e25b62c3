package dialog

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
)

func TestAFileInFlowsIsReadOrRefused(t *testing.T) {
	for name, want := range map[string]string{
		"extra.yml":       "flows/extra.yml:1: this file is not read; rename it to extra.yaml",
		"extra.txt":       "flows/extra.txt:1: this file is not read; names here end in .yaml",
		"more/extra.yaml": "flows/more:1: folders in flows are not read",
		"extra.yaml":      "flows/extra.yaml:3: this cannot be read: the comma ， is full-width",
	} {
		_, err := Load(smallWith(t, name, "flow: extra\nsteps:\n- say: {zh: 你好， en: Hello}\n"), small)
		var problems Problems
		if !errors.As(err, &problems) || !strings.HasPrefix(problems[0].String(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAFileThatCannotBeRead: what it may hold is not missed as well.
func TestAFileThatCannotBeRead(t *testing.T) {
	content := smallWith(t, "", "").(fstest.MapFS)
	content["flows/needed.yaml"] = &fstest.MapFile{Data: []byte("flow: menu\ngoal: {zh: \xb2\xcb}\n")}
	if _, err := Load(content, small); err == nil || err.Error() != "flows/needed.yaml:2: this is not UTF-8, perhaps GBK or UTF-16; save the file as UTF-8" {
		t.Errorf("%v", err)
	}
}

// TestWhatEditorsLeaveIsNoContent: neither does it have to be YAML, nor does it
// make another version.
func TestWhatEditorsLeaveIsNoContent(t *testing.T) {
	content := smallWith(t, "", "").(fstest.MapFS)
	clean, err := Load(content, small)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{".DS_Store", "flows/.DS_Store", "flows/._errand.yaml", "flows/.errand.yaml.swp", "flows/errand.yaml~", "flows/#errand.yaml#", "articles/.git/config", "phrases/zh/Thumbs.db"} {
		content[name] = &fstest.MapFile{Data: []byte("\x00\xff")}
	}
	left, err := Load(content, small)
	if err != nil {
		t.Fatal(err)
	}
	if left.Version != clean.Version {
		t.Errorf("version %s, want %s", left.Version, clean.Version)
	}
}
