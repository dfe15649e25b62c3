package handoff

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// MinPassword is the least length of a password, in characters. NIST SP 800-63B
// asks for 8, and for no other rule.
const MinPassword = 8

// The cost of a password: argon2id with 19 MiB, two passes and one lane, as the
// OWASP Password Storage Cheat Sheet asks for at least.
// https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
const (
	memoryKiB = 19 * 1024
	passes    = 2
	lanes     = 1
	saltBytes = 16
	keyBytes  = 32
)

// The most that a stored hash may ask for, so that a damaged one cannot take
// the machine's memory.
const (
	maxMemoryKiB = 256 * 1024
	maxPasses    = 16
)

// HashPassword returns the argon2id hash of password in the PHC string format,
// with a fresh salt.
// https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md
func HashPassword(password string) string {
	h := newHash()
	rand.Read(h.salt) // never fails: crypto/rand ends the program instead
	h.key = h.derive(password)
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, h.memory, h.passes, h.lanes, encode(h.salt), encode(h.key))
}

// CheckPassword tells whether password belongs to a hash of HashPassword. It
// does the same work when the hash is empty or damaged, so that the time it
// takes does not tell which names exist.
func CheckPassword(phc, password string) bool {
	h, ok := parseHash(phc)
	if !ok {
		h = newHash()
	}
	same := subtle.ConstantTimeCompare(h.derive(password), h.key) == 1
	return ok && same
}

type hash struct {
	memory, passes uint32
	lanes          uint8
	salt, key      []byte
}

// newHash has the present cost; salt and key are all zero.
func newHash() hash {
	return hash{
		memory: memoryKiB, passes: passes, lanes: lanes,
		salt: make([]byte, saltBytes), key: make([]byte, keyBytes),
	}
}

func (h hash) derive(password string) []byte {
	return argon2.IDKey([]byte(password), h.salt, h.passes, h.memory, h.lanes, uint32(len(h.key)))
}

func parseHash(phc string) (h hash, ok bool) {
	parts := strings.Split(phc, "$") // "", argon2id, version, parameters, salt, key
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return h, false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.passes, &h.lanes); err != nil {
		return h, false
	}
	if h.memory > maxMemoryKiB || h.passes < 1 || h.passes > maxPasses || h.lanes < 1 {
		return h, false
	}
	var errSalt, errKey error
	h.salt, errSalt = base64.RawStdEncoding.DecodeString(parts[4])
	h.key, errKey = base64.RawStdEncoding.DecodeString(parts[5])
	return h, errSalt == nil && errKey == nil && len(h.key) >= 16
}
