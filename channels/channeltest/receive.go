package channeltest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supportbot"
	"supportbot/channels"
)

// Receiver is how a channel takes what its provider sends.
type Receiver struct {
	// New makes the channel over a bot and returns its routes.
	New func(channels.Conversations) []channels.Route
	// Request is a body on its way, signed as the provider does.
	Request func(body string) *http.Request
	// Forge makes a request one that the provider did not send.
	Forge func(*http.Request, *rand.Rand)

	Payloads []Payload
	// Numbered is the body of message n from person p, both from 1.
	Numbered func(p, n int) string
	MaxBody  int // bytes

	Forged   int // the status for what is forged,
	Conflict int // for an id that another message had,
	Invalid  int // and for what the bot will never take
}

// Payload is a body as a provider sends it, and what it says.
type Payload struct {
	Name string
	Body string
	Want []supportbot.Inbound // without the time
}

// Receive is the suite for what comes in.
func Receive(t *testing.T, r Receiver) {
	t.Run("payloads", func(t *testing.T) {
		for _, p := range r.Payloads {
			t.Run(p.Name, func(t *testing.T) {
				bot := NewBot()
				if got := r.post(bot, r.Request(p.Body)); got/100 != 2 {
					t.Errorf("status %d", got)
				}
				if diff := cmp.Diff(p.Want, bot.Taken()); diff != "" {
					t.Error(diff)
				}
			})
		}
	})
	t.Run("whatever arrives twice, late or during faults takes effect once", r.repeats)
	t.Run("nothing forged is taken", r.forgeries)
	t.Run("what is too big is refused", func(t *testing.T) {
		bot := NewBot()
		body := r.Numbered(1, 1) + strings.Repeat(" ", r.MaxBody)
		if got := r.post(bot, r.Request(body)); got != http.StatusRequestEntityTooLarge || len(bot.Taken()) > 0 {
			t.Errorf("status %d, taken %v", got, bot.Taken())
		}
	})
	t.Run("a fault acknowledges nothing", func(t *testing.T) {
		bot := NewBot()
		bot.Fail(func() error { return errors.New("store: disk full") })
		if got := r.post(bot, r.Request(r.Numbered(1, 1))); got/100 != 5 {
			t.Errorf("status %d", got)
		}
		bot.Fail(nil)
		if got := r.post(bot, r.Request(r.Numbered(1, 1))); got/100 != 2 || len(bot.Taken()) != 1 {
			t.Errorf("status %d afterwards, taken %v", got, bot.Taken())
		}
	})
	t.Run("what can never be taken", func(t *testing.T) {
		for err, want := range map[error]int{supportbot.ErrConflict: r.Conflict, supportbot.ErrInvalid: r.Invalid} {
			bot := NewBot()
			bot.Fail(func() error { return fmt.Errorf("turn: %w", err) })
			if got := r.post(bot, r.Request(r.Numbered(1, 1))); got != want {
				t.Errorf("%v: status %d, want %d", err, got, want)
			}
		}
	})
}

const deliveries = 100_000

// repeats delivers messages of many people several times each, in any order,
// while every tenth call fails, until each was acknowledged.
func (r Receiver) repeats(t *testing.T) {
	const people, each, copies = 250, 100, 4
	random := rand.New(rand.NewPCG(1, 2))
	bot := NewBot()
	bot.Fail(func() error {
		if random.IntN(10) == 0 {
			return errors.New("store: away for a moment")
		}
		return nil
	})
	serve := r.handler(bot)
	queue := make([]string, 0, deliveries)
	for p := range people {
		for n := range each {
			queue = append(queue, slices.Repeat([]string{r.Numbered(p+1, n+1)}, copies)...)
		}
	}
	random.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] })
	for len(queue) > 0 {
		body := queue[0]
		queue = queue[1:]
		if status(serve, r.Request(body))/100 != 2 {
			queue = append(queue, body)
		}
	}
	seen := map[key]int{}
	for _, in := range bot.Taken() {
		seen[key{in.Address, in.ID}]++
	}
	if len(seen) != people*each || len(bot.Taken()) != len(seen) {
		t.Errorf("%d messages took effect %d times, want %d once", len(seen), len(bot.Taken()), people*each)
	}
}

func (r Receiver) forgeries(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	bot := NewBot()
	serve := r.handler(bot)
	for n := range deliveries {
		request := r.Request(r.Numbered(1, n+1))
		r.Forge(request, random)
		if got := status(serve, request); got != r.Forged {
			t.Fatalf("forgery %d: status %d, want %d", n, got, r.Forged)
		}
	}
	if len(bot.Taken()) > 0 {
		t.Errorf("taken: %v", bot.Taken())
	}
}

func (r Receiver) post(bot *Bot, request *http.Request) int { return status(r.handler(bot), request) }

func (r Receiver) handler(bot *Bot) http.Handler {
	mux := http.NewServeMux()
	for _, route := range r.New(bot) {
		mux.Handle(route.Pattern, route.Handler)
	}
	return mux
}

func status(h http.Handler, r *http.Request) int {
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, r)
	return answer.Code
}
