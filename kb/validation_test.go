package kb

import (
	"strings"
	"testing"
)

func TestValidationIsReadAndNotLearnt(t *testing.T) {
	content := tinyGuide()
	content["validation/zh/greet.txt"] = file("# a comment\n您吃了吗\n")
	base, err := Load(content)
	if err != nil {
		t.Fatal(err)
	}
	if len(base.Validation) != 1 || base.Validation[0].Label != "greet" || base.Validation[0].Text != "您吃了吗" {
		t.Errorf("validation is %v", base.Validation)
	}
	if _, learnt := NewReader(base).exact[bare(normalise("您吃了吗"))]; learnt {
		t.Error("what validates was learnt")
	}
}

func TestWhatIsLearntCannotValidate(t *testing.T) {
	content := tinyGuide()
	learnt, _, _ := strings.Cut(strings.SplitAfter(string(content["phrases/en/forgot-password.txt"].Data), "\n")[2], "\n")
	content["validation/en/forgot-password.txt"] = file(learnt + "!\n")
	content["validation/en/strange.txt"] = file("hello\n")
	_, err := Load(content)
	for _, want := range []string{
		`validation/en/forgot-password.txt:1: phrase "` + learnt + `!" stands in phrases/en/forgot-password.txt:3 too, where it is learnt`,
		`validation/en/strange.txt:1: unknown id "strange"`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the problems lack %s:\n%v", want, err)
		}
	}
}
