package handoff_test

import (
	"errors"
	"strings"
	"testing"

	"supportbot"
	"supportbot/handoff"
)

func TestValidName(t *testing.T) {
	for _, name := range []string{"li", "赵敏", "Night shift / B", strings.Repeat("a", handoff.MaxName)} {
		if err := handoff.ValidName(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, name := range []string{"", " li", "..", "li\n", "\xff", "operator:root", strings.Repeat("赵", handoff.MaxName/3+1)} {
		var fault *handoff.Fault
		if err := handoff.ValidName(name); !errors.As(err, &fault) || fault.Field != "name" || !errors.Is(err, supportbot.ErrInvalid) {
			t.Errorf("%q: %v", name, err)
		}
	}
}
