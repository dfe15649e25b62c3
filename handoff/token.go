package handoff

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// NewToken makes a bearer token for an agent's programs: 256 random bits behind
// a prefix by which scanners for leaked secrets can tell it. The token is shown
// once; only sum is stored.
func NewToken() (token string, sum [32]byte) {
	secret := make([]byte, 32)
	rand.Read(secret) // never fails: crypto/rand ends the program instead
	token = "sb_" + base64.RawURLEncoding.EncodeToString(secret)
	return token, SumToken(token)
}

// SumToken returns what is stored of a token. A token is random, so a plain
// hash is enough.
func SumToken(token string) [32]byte { return sha256.Sum256([]byte(token)) }
