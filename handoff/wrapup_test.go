package handoff_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"supportbot"
	"supportbot/handoff"
)

func TestLoadCodes(t *testing.T) {
	codes, err := handoff.LoadCodes(os.DirFS("../kb-content"))
	if err != nil || len(codes) == 0 || codes[0].ID != "solved" || codes[0].Label[supportbot.Chinese] != "已解决" {
		t.Errorf("the built-in codes are %v, %v", codes, err)
	}
	if codes, err := handoff.LoadCodes(fstest.MapFS{}); err != nil || codes != nil {
		t.Errorf("without a file: %v, %v", codes, err)
	}
	for wrong, file := range map[string]string{
		"codes.yaml:1: this file is empty":                     "",
		"codes.yaml:1: there are 0 codes":                      "codes: []\n",
		`codes.yaml:2: id "Solved!" must be small letters`:     "codes:\n- {id: Solved!, zh: 好, en: Good}\n",
		"codes.yaml:3: code solved stands here a second time":  "codes:\n- {id: solved, zh: 好, en: Good}\n- {id: solved, zh: 好, en: Good}\n",
		"codes.yaml:2: code solved needs a label in zh and en": "codes:\n- {id: solved, zh: 好}\n",
		`codes.yaml:2: unknown key "lable"`:                    "codes:\n- {id: solved, zh: 好, en: Good, lable: x}\n",
	} {
		_, err := handoff.LoadCodes(fstest.MapFS{"codes.yaml": {Data: []byte(file)}})
		if err == nil || !strings.Contains(err.Error(), wrong) {
			t.Errorf("%q: %v, want %s", file, err, wrong)
		}
	}
}
