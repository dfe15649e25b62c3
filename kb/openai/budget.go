package openai

import (
	"errors"
	"sync"
	"time"
	"unicode/utf8"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Limits bound what a model may cost. They hold for one process, and a day begins
// at midnight UTC.
type Limits struct {
	ConversationTokens int     // that one conversation may use a day; 0: any number
	DailyTokens        int     // that all may use a day; 0: any number
	PriceIn, PriceOut  float64 // of a million tokens read and written, in any currency
	Money              float64 // that all may cost a day, in that currency; 0: any sum
}

// usage is tokens read and written.
type usage struct{ in, out int }

func (u usage) tokens() int { return u.in + u.out }

func (l Limits) cost(u usage) float64 {
	return (float64(u.in)*l.PriceIn + float64(u.out)*l.PriceOut) / 1e6
}

// errSpent: the budget of the conversation or of the day is used up.
var errSpent = errors.New("the budget is used up")

// budget counts what a model has cost today.
type budget struct {
	limits Limits
	now    func() time.Time

	mu    sync.Mutex
	day   string
	spent usage
	by    *lru.Cache[string, int] // tokens by conversation
}

// maxCounted is how many conversations are counted, the latest. Who is forgotten
// begins anew, within the limits of the day.
const maxCounted = 10000

func newBudget(l Limits) *budget {
	by, _ := lru.New[string, int](maxCounted) // it fails only without a limit
	return &budget{limits: l, now: time.Now, by: by}
}

// reserve takes the most that a call can use, so that calls at the same time stay
// within the limits together. settle puts what it has used in the place of that.
func (b *budget) reserve(who string, most usage) (settle func(usage), err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if day := b.now().UTC().Format(time.DateOnly); day != b.day {
		b.day, b.spent = day, usage{}
		b.by.Purge()
	}
	l, mine := b.limits, b.used(who)
	after := usage{b.spent.in + most.in, b.spent.out + most.out}
	if l.ConversationTokens > 0 && mine+most.tokens() > l.ConversationTokens ||
		l.DailyTokens > 0 && after.tokens() > l.DailyTokens || l.Money > 0 && l.cost(after) > l.Money {
		return nil, errSpent
	}
	day := b.day
	b.add(who, most)
	return func(used usage) {
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.day == day {
			b.add(who, usage{used.in - most.in, used.out - most.out})
		}
	}, nil
}

func (b *budget) used(who string) int {
	n, _ := b.by.Get(who)
	return n
}

func (b *budget) add(who string, u usage) {
	b.spent.in += u.in
	b.spent.out += u.out
	b.by.Add(who, b.used(who)+u.tokens())
}

// tokens guesses high how many a text has: one for a Chinese character, and one
// for three letters.
func tokens(text string) int {
	runes := utf8.RuneCountInString(text)
	wide := (len(text) - runes) / 2
	return wide + (runes-wide)/3 + 1
}
