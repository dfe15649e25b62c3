package channels

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Secret signs requests to other programs, as https://www.standardwebhooks.com asks
// for.
type Secret []byte

const secretPrefix = "whsec_"

// ParseSecret reads "whsec_" and the base64 of 24 to 64 random bytes, as the receiver
// has it too. The error says what a secret must be, and how to make one.
func ParseSecret(text string) (Secret, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(text, secretPrefix))
	if err != nil || !strings.HasPrefix(text, secretPrefix) || len(key) < 24 || len(key) > 64 {
		return nil, errors.New("must be whsec_ and the base64 of 24 to 64 random bytes; make one with: echo whsec_$(openssl rand -base64 32)")
	}
	return key, nil
}

// Sign adds the headers of
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
// to a request with a body of JSON. id is the same every time that this body is sent.
func (s Secret) Sign(h http.Header, id string, at time.Time, body []byte) {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, s)
	fmt.Fprintf(mac, "%s.%s.%s", id, timestamp, body)
	h.Set("Content-Type", "application/json")
	h.Set("User-Agent", "supportbot")
	h.Set("webhook-id", id)
	h.Set("webhook-timestamp", timestamp)
	h.Set("webhook-signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}
