package handoff_test

import (
	"bytes"
	"image/png"
	"strings"
	"testing"
	"time"

	"supportbot/handoff"
)

// The vectors of RFC 6238, appendix B, for SHA-1, with six digits.
func TestCodesOfTheSecondFactor(t *testing.T) {
	const key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" // 12345678901234567890
	for at, code := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		if step, ok := handoff.CheckTOTP(key, code, time.Unix(at, 0)); !ok || step != at/30 {
			t.Errorf("at %d: step %d, %v", at, step, ok)
		}
		for _, off := range []int64{-30, 30} { // a clock that is slow or fast
			if step, ok := handoff.CheckTOTP(key, " "+code+" ", time.Unix(at+off, 0)); !ok || step != at/30 {
				t.Errorf("%d seconds off %d: step %d, %v", off, at, step, ok)
			}
		}
		for _, off := range []int64{-90, 90} {
			if _, ok := handoff.CheckTOTP(key, code, time.Unix(at+off, 0)); ok {
				t.Errorf("%d seconds off %d the code is right", off, at)
			}
		}
	}
	for _, c := range []struct{ key, code string }{{key, ""}, {key, "28708"}, {key, "2870820"}, {"", "287082"}, {"not base32 !", "287082"}} {
		if _, ok := handoff.CheckTOTP(c.key, c.code, time.Unix(59, 0)); ok {
			t.Errorf("%q is right for %q", c.code, c.key)
		}
	}
}

func TestANewSecondFactor(t *testing.T) {
	uri, err := handoff.NewTOTP("小 李&?")
	if err != nil || !strings.HasPrefix(uri, "otpauth://totp/") || len(handoff.TOTPKey(uri)) < 32 {
		t.Fatalf("%s with key %q, %v", uri, handoff.TOTPKey(uri), err)
	}
	if again, _ := handoff.NewTOTP("小 李&?"); handoff.TOTPKey(again) == handoff.TOTPKey(uri) {
		t.Error("two keys are the same")
	}
	var picture bytes.Buffer
	if err := handoff.WriteQR(&picture, uri); err != nil {
		t.Fatal(err)
	}
	if _, err := png.Decode(&picture); err != nil {
		t.Error(err)
	}
	if handoff.TOTPKey("javascript:alert(1)") != "" {
		t.Error("any URI has a key")
	}
}

func TestRecoveryCodes(t *testing.T) {
	codes, sums := handoff.NewRecovery()
	seen := map[[32]byte]bool{}
	for i, code := range codes {
		for _, typed := range []string{code, strings.ToUpper(code), strings.ReplaceAll(code, "-", ""), strings.ReplaceAll(code, "-", " ") + " "} {
			if handoff.SumRecovery(typed) != sums[i] {
				t.Errorf("%q is not taken for %q", typed, code)
			}
		}
		seen[sums[i]] = true
	}
	if len(seen) != 8 {
		t.Errorf("%d different codes", len(seen))
	}
}
