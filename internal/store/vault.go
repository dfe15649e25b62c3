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

// vault has the keys of conversations. One never changes, so those of the last
// ones are remembered.
type vault struct {
	ring *seal.Ring
	mu   sync.Mutex
	keys *simplelru.LRU[supportbot.ThreadID, seal.Key]
}

// maxKeys is how many are remembered, of about a kilobyte each.
const maxKeys = 8192

func newVault(ring *seal.Ring) *vault {
	keys, _ := simplelru.NewLRU[supportbot.ThreadID, seal.Key](maxKeys, nil) // it fails only without a limit
	return &vault{ring: ring, keys: keys}
}

// home is a conversation as the place of sealed values. Its key is bound to the
// address, so that a conversation cannot be put under another one.
type home struct {
	id      supportbot.ThreadID // 0 if it is yet to be made
	at      supportbot.Address
	wrapped []byte // the key, sealed; nil if there is nothing to open
	key     seal.Key
}

// begin makes the home of a conversation that is yet to be made.
func (v *vault) begin(at supportbot.Address) (h home, err error) {
	h.at = at
	if h.key, err = seal.NewKey(); err != nil {
		return h, err
	}
	h.wrapped, err = h.key.Wrapped(v.ring, keyName(at))
	return h, err
}

// open finds the key of a conversation.
func (v *vault) open(h *home) (err error) {
	if h.wrapped == nil {
		return nil
	}
	v.mu.Lock()
	key, ok := v.keys.Get(h.id)
	v.mu.Unlock()
	if ok {
		h.key = key
		return nil
	}
	if h.key, err = seal.Unwrap(v.ring, h.wrapped, keyName(h.at)); err != nil {
		return fmt.Errorf("the key of conversation %d: %w", h.id, err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.keys.Add(h.id, h.key)
	return nil
}

// remembered is the key of a conversation that was opened lately.
func (v *vault) remembered(id supportbot.ThreadID) (home, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	key, ok := v.keys.Get(id)
	return home{id: id, key: key}, ok
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
	h := home{id: id}
	err := row(ctx, c, `SELECT channel, peer, key FROM thread WHERE id = $1`, id).Scan(&h.at.Channel, &h.at.Peer, &h.wrapped)
	if err != nil {
		return h, err
	}
	return h, s.vault.open(&h)
}

// homeAt is the home at an address, one to be made if there is none.
func (s *Store) homeAt(ctx context.Context, at supportbot.Address) (home, error) {
	h := home{at: at}
	err := row(ctx, s.read, `SELECT id, key FROM thread WHERE channel = $1 AND peer = $2`, at.Channel, at.Peer).Scan(&h.id, &h.wrapped)
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
)

func keyName(at supportbot.Address) string {
	return "thread.key " + string(at.Channel) + " " + at.Peer
}
func sessionName(version int64) string     { return sessionColumn + strconv.FormatInt(version, 10) }
func payloadName(sender, id string) string { return payloadColumn + sender + " " + id }
func resultName(seq int64) string          { return resultColumn + strconv.FormatInt(seq, 10) }
func bodyName(seq int64) string            { return "message.body " + strconv.FormatInt(seq, 10) }
func caseName(id string) string            { return "cases.data " + id }
func missedName(seq string) string         { return missedColumn + seq }
func meantName(seq int64) string           { return fmt.Sprint("missed.meant ", seq) }
