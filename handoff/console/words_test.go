package console

import (
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
	for _, file := range []string{"static/console.js", "static/paint.js", "static/sla.js", "static/compose.js", "static/checks.js", "static/pictures.js", "static/knowledge.js", "static/alerts.js", "static/keys.js", "static/preview.js", "static/flow.js", "static/wrapup.js", "static/assist.js", "static/states.js", "static/offer.js", "static/staff.js", "static/pass.js", "static/board.js", "static/profile.js", "static/callbar.js"} {
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
