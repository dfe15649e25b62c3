// Package reference tells whether what people say of themselves is what is on file
// of them, and nothing else: from a file of the operator's, or by asking another
// program.
package reference

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"fmt"

	"supportbot"
	"supportbot/handoff"
)

// table is what a file says of all merchants. Each value is there only as its HMAC
// under a key that dies with the process, so that nobody can read it from a dump of
// the memory without trying all there are.
type table struct {
	key     []byte
	columns map[string]handoff.Kind // but for the first, by name
	first   handoff.Kind            // of the column that names the merchant
	sums    map[sum]bool
	has     map[sum]bool // which merchant has which column
}

type sum [sha256.Size]byte

func newTable() *table {
	key := make([]byte, sha256.Size)
	rand.Read(key) // never fails: crypto/rand ends the program instead
	return &table{key: key, columns: map[string]handoff.Kind{}, sums: map[sum]bool{}, has: map[sum]bool{}}
}

// sum hashes parts in such a way that no two lists of parts have the same bytes.
func (t *table) sum(parts ...string) (s sum) {
	mac := hmac.New(sha256.New, t.key)
	for _, part := range parts {
		fmt.Fprintf(mac, "%d %s", len(part), part)
	}
	mac.Sum(s[:0])
	return s
}

// put keeps a value in its normal form.
func (t *table) put(merchant, column, normal string) {
	t.has[t.sum(merchant, column)] = true
	t.sums[t.sum(merchant, column, normal)] = true
}

// compare looks for the HMAC of what was said. How long that takes depends on no
// value, because what is compared is unknown to whoever says it.
func (t *table) compare(merchant, column, said string) (match bool, err error) {
	merchant = handoff.Normal(t.first, merchant)
	kind, known := t.columns[column]
	if !known || merchant == "" || !t.has[t.sum(merchant, column)] {
		return false, fmt.Errorf("reference: %s of this merchant: %w", column, supportbot.ErrNotFound)
	}
	normal := handoff.Normal(kind, said)
	return normal != "" && t.sums[t.sum(merchant, column, normal)], nil
}
