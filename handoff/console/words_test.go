package console

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"supportbot"
)

func TestEveryLabelHasBothLanguages(t *testing.T) {
	for key, label := range words {
		for _, lang := range supportbot.Languages {
			if label[lang] == "" {
				t.Errorf("%s lacks %s", key, lang)
			}
		}
		if strings.Contains(label[supportbot.Chinese], "{0}") != strings.Contains(label[supportbot.English], "{0}") {
			t.Errorf("%s: only one language has the value {0}", key)
		}
	}
}

// The script's labels are checked here, those of the templates when they run.
func TestScriptUsesOnlyLabelsThatExist(t *testing.T) {
	used := regexp.MustCompile(`'([a-z]+\.[a-z]+)'`)
	checked := 0
	scripts, err := fs.Glob(files, "static/*.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range scripts {
		code, err := files.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(code), "\n") {
			if strings.HasPrefix(line, "import") {
				continue
			}
			for _, match := range used.FindAllStringSubmatch(line, -1) {
				checked++
				if words[match[1]] == nil {
					t.Errorf("%s uses %q, which words.json lacks", file, match[1])
				}
			}
		}
	}
	if checked < 20 {
		t.Errorf("found only %d labels in the scripts", checked)
	}
}
