package handoff

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"image/png"
	"io"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
)

// A code of the second factor holds for a step of 30 seconds, and so that clocks
// may differ, one step before and after (RFC 6238, section 5.2).
const (
	totpStep = 30 // seconds
	totpSkew = 1  // steps
)

// NewTOTP makes a key for the second factor of an agent, as an otpauth:// URI,
// which authenticator apps read.
// https://github.com/google/google-authenticator/wiki/Key-Uri-Format
func NewTOTP(agent string) (uri string, err error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "supportbot", AccountName: agent, Period: totpStep})
	if err != nil {
		return "", fmt.Errorf("handoff: make a second factor: %w", err)
	}
	return key.URL(), nil
}

// TOTPKey is the base32 key in an otpauth:// URI, "" if there is none.
func TOTPKey(uri string) string {
	key, err := otp.NewKeyFromURL(uri)
	if err != nil {
		return ""
	}
	return key.Secret()
}

// qrSide is the length of a QR code's side, in pixels.
const qrSide = 240

// WriteQR writes a URI as a QR code in PNG.
func WriteQR(w io.Writer, uri string) error {
	key, err := otp.NewKeyFromURL(uri)
	if err != nil {
		return fmt.Errorf("handoff: draw a second factor: %w", err)
	}
	picture, err := key.Image(qrSide, qrSide)
	if err != nil {
		return fmt.Errorf("handoff: draw a second factor: %w", err)
	}
	return png.Encode(w, picture)
}

// CheckTOTP tells whether a code is right for a key at a time, and of which step
// since 1970 it is. Whoever accepts it must accept none of the same or an earlier
// step again.
func CheckTOTP(key, code string, now time.Time) (step int64, ok bool) {
	current := now.Unix() / totpStep
	for step := current - totpSkew; step <= current+totpSkew; step++ {
		right, err := hotp.ValidateCustom(strings.TrimSpace(code), uint64(step), key, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && right {
			return step, true
		}
	}
	return 0, false
}

// recoveryCodes are how many there are.
const recoveryCodes = 8

// NewRecovery makes codes that let an agent in once each without the second
// factor, and the SHA-256 of each, which is all that is stored: with 80 random
// bits a plain hash is enough.
func NewRecovery() (codes []string, sums [][32]byte) {
	for range recoveryCodes {
		text := strings.ToLower(rand.Text()[:16])
		code := text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:]
		codes, sums = append(codes, code), append(sums, SumRecovery(code))
	}
	return codes, sums
}

// SumRecovery returns what is stored of a recovery code, however it was typed.
func SumRecovery(code string) [32]byte {
	return sha256.Sum256([]byte(strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(code))))
}
