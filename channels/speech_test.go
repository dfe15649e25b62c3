package channels

import (
	"strings"
	"testing"
	"time"

	"supportbot"
)

func TestSpeechTime(t *testing.T) {
	fifteen := LimitsOf(supportbot.Voice).Speech
	tests := []struct {
		name, text string
		lang       supportbot.Language
		spoken     int
		fits       bool
	}{
		{"67 characters", strings.Repeat("您", 67), supportbot.Chinese, 67, true},
		{"68 characters", strings.Repeat("您", 68), supportbot.Chinese, 68, false},
		{"punctuation is silent", strings.Repeat("您好，", 30) + "POS机。", supportbot.Chinese, 64, true},
		{"37 words", strings.Repeat("word ", 37), supportbot.English, 37, true},
		{"38 words", strings.Repeat("word, ", 38), supportbot.English, 38, false},
		{"a telephone number is read digit by digit", "Call 95516 now, press 1.", supportbot.English, 9, true},
		{"a dash is no word", "Stop - and don't pay.", supportbot.English, 4, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Spoken(test.text, test.lang); got != test.spoken {
				t.Errorf("%d are spoken, want %d", got, test.spoken)
			}
			if got := SpeechTime(test.text, test.lang); (got <= fifteen) != test.fits {
				t.Errorf("takes %v", got)
			}
		})
	}
	if got := SpeechTime("您好您好您好您好您", supportbot.Chinese); got != 2*time.Second {
		t.Errorf("nine characters take %v", got)
	}
}
