package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"supportbot"
	"supportbot/internal/seal"
)

// vault has the keys and addresses of conversations. They never change, so those of
// the last ones are remembered.
type vault struct {
	ring   *seal.Ring
	lookup []byte // see placeOf
	mu     sync.Mutex
	keys   *simplelru.LRU[supportbot.ThreadID, home]
}

// maxKeys is how many are remembered, of about a kilobyte each.
const maxKeys = 8192

func newVault(ring *seal.Ring, lookup []byte) *vault {
	keys, _ := simplelru.NewLRU[supportbot.ThreadID, home](maxKeys, nil) // it fails only without a limit
	return &vault{ring: ring, lookup: lookup, keys: keys}
}

// home is a conversation as the place of sealed values. Its key is bound to the
// place where it is found, so that a conversation cannot be put under another address.
type home struct {
	id      supportbot.ThreadID // 0 if it is yet to be made
	at      supportbot.Address
	place   string // by which it is found, see placeOf
	wrapped []byte // the key, sealed; nil if there is nothing to open
	address []byte // the peer, sealed by the key
	key     seal.Key
}

// columns are those of thread t that a home is read from, into its fields.
const columns = `t.id, t.channel, t.peer, t.key, t.address`

func (h *home) fields(more ...any) []any {
	fields := make([]any, 0, 5+len(more))
	return append(append(fields, &h.id, &h.at.Channel, &h.place, &h.wrapped, &h.address), more...)
}

// begin makes the home of a conversation that is yet to be made.
func (v *vault) begin(at supportbot.Address) (h home, err error) {
	h = home{at: at, place: v.placeOf(at)}
	if h.key, err = seal.NewKey(); err != nil {
		return h, err
	}
	err = h.wrap(v.ring)
	return h, err
}

// wrap seals the key for the place, and the address by the key.
func (h *home) wrap(ring *seal.Ring) (err error) {
	if h.wrapped, err = h.key.Wrapped(ring, keyName(h.at.Channel, h.place)); err == nil {
		h.address, err = h.key.Seal([]byte(h.at.Peer), addressName)
	}
	return err
}

// open finds the key and the address of a conversation.
func (v *vault) open(h *home) (err error) {
	if h.wrapped == nil {
		return nil
	}
	if known, ok := v.remembered(h.id); ok {
		*h = known
		return nil
	}
	if h.key, err = seal.Unwrap(v.ring, h.wrapped, keyName(h.at.Channel, h.place)); err != nil {
		return fmt.Errorf("the key of conversation %d: %w", h.id, err)
	}
	peer, err := h.key.Open(h.address, addressName)
	if err != nil {
		return fmt.Errorf("the address of conversation %d: %w", h.id, err)
	}
	h.at.Peer = string(peer)
	v.keep(*h, h.id)
	return nil
}

// keep remembers a conversation under its number, which one that was just made did
// not have before.
func (v *vault) keep(h home, id supportbot.ThreadID) {
	h.id = id
	v.mu.Lock()
	defer v.mu.Unlock()
	v.keys.Add(id, h)
}

// remembered is a conversation that was opened lately.
func (v *vault) remembered(id supportbot.ThreadID) (home, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.keys.Get(id)
}

// forget drops the key of a conversation that was erased.
func (v *vault) forget(id supportbot.ThreadID) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.keys.Remove(id)
}

// homeOf finds the key of a conversation, sql.ErrNoRows if there is none.
func (s *Store) homeOf(ctx context.Context, c conn, id supportbot.ThreadID) (home, error) {
	if h, ok := s.vault.remembered(id); ok {
		return h, nil
	}
	var h home
	if err := row(ctx, c, `SELECT `+columns+` FROM thread t WHERE id = $1`, id).Scan(h.fields()...); err != nil {
		return h, err
	}
	return h, s.vault.open(&h)
}

// homeAt is the home at an address, one to be made if there is none.
func (s *Store) homeAt(ctx context.Context, at supportbot.Address) (home, error) {
	h := home{at: at, place: s.vault.placeOf(at)}
	err := row(ctx, s.read, `SELECT id, key, address FROM thread WHERE channel = $1 AND peer = $2`, at.Channel, h.place).Scan(&h.id, &h.wrapped, &h.address)
	if errors.Is(err, sql.ErrNoRows) {
		return s.vault.begin(at)
	}
	if err != nil {
		return h, err
	}
	return h, s.vault.open(&h)
}

// The names under which values are sealed: of their column, and of their row in
// the conversation.
const (
	payloadColumn = "inbox.payload "
	resultColumn  = "inbox.result "
	sessionColumn = "thread.session "
	missedColumn  = "missed.data "
	addressName   = "thread.address"
)

func keyName(channel supportbot.Channel, place string) string {
	return "thread.key " + string(channel) + " " + place
}
func sessionName(version int64) string     { return sessionColumn + strconv.FormatInt(version, 10) }
func payloadName(sender, id string) string { return payloadColumn + sender + " " + id }
func resultName(seq int64) string          { return resultColumn + strconv.FormatInt(seq, 10) }
func bodyName(seq int64) string            { return "message.body " + strconv.FormatInt(seq, 10) }
func caseName(id string) string            { return "cases.data " + id }
func missedName(seq string) string         { return missedColumn + seq }
func draftName(id, agent string) string    { return "seat.draft " + id + " " + agent }
func meantName(seq int64) string           { return fmt.Sprint("missed.meant ", seq) }
