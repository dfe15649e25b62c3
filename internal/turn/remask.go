package turn

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"supportbot"
	"supportbot/internal/privacy"
)

// Remask is one message that turned out to hold a part of a secret.
type Remask struct {
	Seq int64 // of the inbox row
	Was string
	Now string
}

// withEarlier masks what only shows to be a secret beside what the person wrote
// in the last minutes. The parts that are kept already are masked in the store
// first, so that no two of them are ever there together; then the conversation
// is returned as it is now.
func (p *Path) withEarlier(ctx context.Context, t known, in supportbot.Inbound, q supportbot.Question) (known, supportbot.Inbound, error) {
	said := spoken(&in)
	if t.ID == 0 || said == nil || !privacy.MayBelong(*said) {
		return t, in, nil
	}
	rows := t.said
	if begin := in.At.Add(-privacy.SplitLimit); t.since.After(begin) {
		var err error
		if rows, err = p.store.Lately(ctx, t.ID, begin); err != nil {
			return t, in, err
		}
	}
	// A repeat is masked as it was the first time, by what came before it.
	if i := slices.IndexFunc(rows, func(r Row) bool { return r.Inbound.ID == in.ID }); i >= 0 {
		return t, in, nil
	}
	var earlier []privacy.Said
	for i := range rows {
		text := ""
		if said := spoken(&rows[i].Inbound); said != nil {
			text = *said
		}
		earlier = append(earlier, privacy.Said{Text: text, At: rows[i].Inbound.At})
	}
	text, kinds, changed := privacy.MaskAfter(earlier, privacy.Said{Text: *said, At: in.At}, q)
	*said = text
	for _, kind := range kinds {
		if !slices.Contains(in.Masked, kind) {
			in.Masked = append(in.Masked, kind)
		}
	}
	if len(changed) == 0 {
		return t, in, nil
	}
	var all []Remask
	for i, now := range changed {
		all = append(all, Remask{Seq: rows[i].Seq, Was: earlier[i].Text, Now: now})
	}
	if err := p.remask(ctx, t.ID, all); err != nil {
		return t, in, err
	}
	t, err := p.read(ctx, in.Address, in.At)
	return t, in, err
}

// alone keeps what one person writes apart from masking until it is written, so
// that parts of one secret that come at the same time know of each other. It
// returns what ends that, once or more often.
func (p *Path) alone(ctx context.Context, id supportbot.ThreadID, in supportbot.Inbound) (written func(), err error) {
	if id == 0 || spoken(&in) == nil {
		return func() {}, nil
	}
	unlock, err := p.writing.lock(ctx, id)
	if err != nil {
		return func() {}, fmt.Errorf("turn: wait to write in conversation %d: %w", id, err)
	}
	return sync.OnceFunc(unlock), nil
}

// remaskLimit bounds how long a turn that is under way may hold up masking.
const remaskLimit = 10 * time.Second

// remask changes what is kept, between two turns.
func (p *Path) remask(ctx context.Context, id supportbot.ThreadID, all []Remask) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), remaskLimit)
	defer cancel()
	unlock, err := p.lanes.lock(ctx, id)
	if err != nil {
		return fmt.Errorf("turn: wait to mask in conversation %d: %w", id, err)
	}
	defer unlock()
	p.recent.heard(Hint{Thread: id}) // what is remembered has the old words
	return p.store.Remask(ctx, id, all)
}

// spoken is what a person wrote or pressed, nil for anything else.
func spoken(in *supportbot.Inbound) *string {
	switch in.Kind {
	case supportbot.InText, supportbot.InUnseen:
		return &in.Text
	case supportbot.InDigits:
		return &in.Digits
	}
	return nil
}
