package channeltest

import (
	"context"
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
	// Request is a body on its way, signed as the provider does. Where there is a Wire,
	// it asks for the connection.
	Request func(body string) *http.Request
	// Forge makes a request one that the provider did not send.
	Forge func(*http.Request, *rand.Rand)
	// Wire carries bodies to a server of the routes, for a channel that does not speak by
	// requests, or whose answers tell otherwise than by status what came of a body; nil
	// for all others.
	Wire func(t *testing.T, routes http.Handler) func(body string) Answer

	Payloads []Payload
	// Numbered is the body of message n from person p, both from 1.
	Numbered func(p, n int) string
	MaxBody  int // bytes

	Forged   int // the status for what is forged,
	Conflict int // for an id that another message had,
	Invalid  int // and for what the bot will never take
}

// Answer is what a channel says to a body.
type Answer struct {
	Status int // of HTTP, or what a Wire takes the answer for: 2xx if the message is durable
	Body   string
}

func (a Answer) taken() bool { return a.Status/100 == 2 }

// Payload is a body as a provider sends it, and what it says.
type Payload struct {
	Name string
	Body string
	Want []supportbot.Inbound // without the time
}

// errDisk is an error of which nobody outside may hear.
var errDisk = errors.New("store: disk full")

func receive(t *testing.T, r Receiver) {
	t.Run("routes are listed", r.routes)
	t.Run("payloads", func(t *testing.T) {
		for _, p := range r.Payloads {
			t.Run(p.Name, func(t *testing.T) {
				bot := NewBot(SayBack)
				if got := r.open(t, bot)(p.Body); !got.taken() {
					t.Errorf("answered %+v", got)
				}
				if diff := cmp.Diff(p.Want, bot.Taken()); diff != "" {
					t.Error(diff)
				}
			})
		}
	})
	t.Run("whatever arrives twice, late or during faults takes effect once", r.repeats)
	t.Run("nothing forged is taken", r.forgeries)
	t.Run("what is too big is refused, and what comes after it is taken", func(t *testing.T) {
		bot := NewBot(SayBack)
		deliver := r.open(t, bot)
		body := r.Numbered(1, 1)
		if got := deliver(body + strings.Repeat(" ", r.MaxBody)); got.Status != http.StatusRequestEntityTooLarge || len(said(bot)) > 0 {
			t.Errorf("answered %+v, taken %v", got, bot.Taken())
		}
		if got := deliver(body); !got.taken() || len(said(bot)) != 1 {
			t.Errorf("answered %+v, taken %v", got, bot.Taken())
		}
	})
	t.Run("a fault acknowledges nothing, and is told to nobody", func(t *testing.T) {
		bot := NewBot(SayBack)
		deliver := r.open(t, bot)
		bot.Fail(func() error { return errDisk })
		if got := deliver(r.Numbered(1, 1)); got.Status/100 != 5 || strings.Contains(got.Body, "disk") {
			t.Errorf("answered %+v", got)
		}
		bot.Fail(nil)
		if got := deliver(r.Numbered(1, 1)); !got.taken() || len(said(bot)) != 1 {
			t.Errorf("answered %+v afterwards, taken %v", got, bot.Taken())
		}
	})
	t.Run("a panic costs nothing but its own message", func(t *testing.T) {
		bot := NewBot(SayBack)
		deliver := r.open(t, bot)
		bot.Before(func(_ context.Context, in supportbot.Inbound) error {
			if in.Kind == supportbot.InOpen {
				return nil
			}
			panic("a mistake of ours")
		})
		if got := deliver(r.Numbered(1, 1)); got.Status/100 != 5 {
			t.Errorf("answered %+v", got)
		}
		bot.Before(nil)
		if got := deliver(r.Numbered(1, 1)); !got.taken() || len(said(bot)) != 1 {
			t.Errorf("answered %+v afterwards, taken %v", got, bot.Taken())
		}
	})
	t.Run("what can never be taken", func(t *testing.T) {
		for err, want := range map[error]int{supportbot.ErrConflict: r.Conflict, supportbot.ErrInvalid: r.Invalid} {
			bot := NewBot(SayBack)
			deliver := r.open(t, bot)
			bot.Before(func(_ context.Context, in supportbot.Inbound) error {
				if in.Kind == supportbot.InOpen {
					return nil
				}
				return fmt.Errorf("turn: %w", err)
			})
			if got := deliver(r.Numbered(1, 1)); got.Status != want {
				t.Errorf("%v: answered %+v, want %d", err, got, want)
			}
		}
	})
}

// routes are patterns of one method and one path each, so that no channel takes what
// is another's.
func (r Receiver) routes(t *testing.T) {
	list := r.New(NewBot(SayBack))
	if len(list) == 0 {
		t.Error("there are none")
	}
	for _, route := range list {
		method, path, _ := strings.Cut(route.Pattern, " ")
		if method != http.MethodGet && method != http.MethodPost || !strings.HasPrefix(path, "/") || strings.HasSuffix(path, "/") || strings.Contains(path, "...}") || route.Handler == nil {
			t.Errorf("%q is no method with one path", route.Pattern)
		}
	}
}

// repeats delivers messages of many people several times each, in any order, while
// every thirtieth call of the bot fails, until each was acknowledged. A repeat is
// answered with the same bytes as the first.
func (r Receiver) repeats(t *testing.T) {
	const people, copies = 250, 4
	each := Deliveries / people / copies
	random := rand.New(rand.NewPCG(1, 2))
	bot := NewBot(SayBack)
	bot.Fail(func() error {
		if random.IntN(30) == 0 {
			return errDisk
		}
		return nil
	})
	deliver := r.open(t, bot)
	queue := make([]string, 0, Deliveries)
	for p := range people {
		for n := range each {
			queue = append(queue, slices.Repeat([]string{r.Numbered(p+1, n+1)}, copies)...)
		}
	}
	random.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] })
	first := map[string]Answer{}
	for len(queue) > 0 {
		body := queue[0]
		queue = queue[1:]
		answer := deliver(body)
		before, repeat := first[body]
		switch {
		case !answer.taken():
			queue = append(queue, body)
		case repeat && before != answer:
			t.Fatalf("%s\nis answered %+v\nand before %+v", body, answer, before)
		default:
			first[body] = answer
		}
	}
	seen := map[string]int{}
	for _, in := range said(bot) {
		seen[fmt.Sprint(in.Address, in.ID)]++
	}
	if len(seen) != people*each || len(said(bot)) != len(seen) {
		t.Errorf("%d messages took effect %d times, want %d once", len(seen), len(said(bot)), people*each)
	}
}

func (r Receiver) forgeries(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	bot := NewBot(SayBack)
	serve := r.handler(bot)
	for n := range Deliveries {
		request := r.Request(r.Numbered(1, n+1))
		r.Forge(request, random)
		if got := post(serve, request); got.Status != r.Forged {
			t.Fatalf("forgery %d: %+v, want %d", n, got, r.Forged)
		}
	}
	if len(bot.Taken()) > 0 {
		t.Errorf("taken: %v", bot.Taken())
	}
}

// said is what people said, without the openings that a connection brings.
func said(b *Bot) []supportbot.Inbound {
	return slices.DeleteFunc(b.Taken(), func(in supportbot.Inbound) bool { return in.Kind == supportbot.InOpen })
}

// open returns what delivers a body to the channel over a bot.
func (r Receiver) open(t *testing.T, bot *Bot) func(body string) Answer {
	routes := r.handler(bot)
	if r.Wire != nil {
		return r.Wire(t, routes)
	}
	return func(body string) Answer { return post(routes, r.Request(body)) }
}

func (r Receiver) handler(bot *Bot) http.Handler {
	mux := http.NewServeMux()
	for _, route := range r.New(bot) {
		mux.Handle(route.Pattern, route.Handler)
	}
	return mux
}

// post has a request served as net/http does, which cuts the connection at a panic.
func post(h http.Handler, r *http.Request) (a Answer) {
	answer := httptest.NewRecorder()
	defer func() {
		if recover() != nil {
			a = Answer{Status: http.StatusInternalServerError}
		}
	}()
	h.ServeHTTP(answer, r)
	return Answer{answer.Code, answer.Body.String()}
}
