package openai

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"
	"unicode/utf8"

	"supportbot"
)

// Limits bound what a model may cost a day, which begins at midnight UTC.
type Limits struct {
	ConversationTokens int     // that one conversation may use a day; 0: any number
	DailyTokens        int     // that all may use a day; 0: any number
	PriceIn, PriceOut  float64 // of a million tokens read and written, in any currency
	Money              float64 // that all may cost a day, in that currency; 0: any sum
}

// usage is tokens read and written.
type usage struct{ in, out int }

func (u usage) tokens() int { return u.in + u.out }

// spend is what tokens cost.
func (l Limits) spend(u usage) supportbot.ModelSpend {
	return supportbot.ModelSpend{Tokens: int64(u.tokens()), Cost: billionths((float64(u.in)*l.PriceIn + float64(u.out)*l.PriceOut) / 1e6)}
}

func (l Limits) daily() supportbot.ModelLimits {
	return supportbot.ModelLimits{
		Conversation: int64(l.ConversationTokens),
		All:          supportbot.ModelSpend{Tokens: int64(l.DailyTokens), Cost: billionths(l.Money)},
	}
}

func billionths(sum float64) int64 { return int64(math.Ceil(sum * 1e9)) }

// Ledger counts what is spent, for every process that asks and over restarts.
type Ledger interface {
	// ReserveTokens counts the most that a question from an address can use, and tells
	// whether that stays within the limits; if not, nothing is counted. The zero
	// address is nobody's conversation. day is for SettleTokens.
	ReserveTokens(ctx context.Context, from supportbot.Address, most supportbot.ModelSpend, limits supportbot.ModelLimits) (day int64, within bool, err error)
	// SettleTokens counts back what was not used of it after all.
	SettleTokens(ctx context.Context, day int64, from supportbot.Address, unused supportbot.ModelSpend) error
}

// errSpent: the budget of the conversation or of the day is used up.
var errSpent = errors.New("the budget is used up")

// budget keeps questions within limits.
type budget struct {
	Limits
	ledger Ledger
}

// settleLimit is how long it may take to count back what was not used.
const settleLimit = 2 * time.Second

// reserve takes the most that a question can use, so that questions at the same
// time stay within the limits together, and a process that dies has spent no more
// than was counted. settle puts what was used in its place.
func (b budget) reserve(ctx context.Context, from supportbot.Address, most usage) (settle func(usage) error, err error) {
	taken := b.spend(most)
	day, within, err := b.ledger.ReserveTokens(ctx, from, taken, b.daily())
	switch {
	case err != nil:
		return nil, fmt.Errorf("count what is spent: %w", err)
	case !within:
		return nil, errSpent
	}
	return func(used usage) error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleLimit)
		defer cancel()
		spent := b.spend(used)
		unused := supportbot.ModelSpend{Tokens: taken.Tokens - spent.Tokens, Cost: taken.Cost - spent.Cost}
		if unused == (supportbot.ModelSpend{}) {
			return nil
		}
		return b.ledger.SettleTokens(ctx, day, from, unused)
	}, nil
}

// tokens guesses high how many a text has: one for a Chinese character, and one
// for three letters.
func tokens(text string) int {
	runes := utf8.RuneCountInString(text)
	wide := (len(text) - runes) / 2
	return wide + (runes-wide)/3 + 1
}

// uncounted is the ledger of whoever asks a model by hand, such as supportbot doctor:
// nothing is counted, and nothing is too much.
type uncounted struct{}

func (uncounted) ReserveTokens(context.Context, supportbot.Address, supportbot.ModelSpend, supportbot.ModelLimits) (int64, bool, error) {
	return 0, true, nil
}

func (uncounted) SettleTokens(context.Context, int64, supportbot.Address, supportbot.ModelSpend) error {
	return nil
}
