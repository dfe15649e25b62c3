package channeltest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"pgregory.net/rapid"

	"supportbot"
	"supportbot/channels"
)

// Sending is how a channel sends.
type Sending struct {
	// New makes a sender to a provider at a URL.
	New    func(url string) channels.Sender
	To     supportbot.Address
	Taken  Verdict   // the provider's answer to a message that it takes
	Faults []Verdict // and to others
	Secret string    // that stands in no error
}

// Verdict is what a provider says to a message, and what that means.
type Verdict struct {
	Name   string
	Status int
	Header map[string]string
	Body   string
	Want   channels.FailureKind
	After  time.Duration // of Limited
}

// canary is what is sent; a provider that repeats it must not bring it into an
// error, which is kept and logged in the clear.
const canary = "canary"

// Send is the part of the suite for what goes out; what is no channel, such as another
// desk, takes it alone.
func Send(t *testing.T, s Sending) {
	message := supportbot.Message{Seq: 2, From: supportbot.FromBot, Text: canary}
	try := func(t *testing.T, url string) *channels.Failure {
		err := s.New(url).Send(t.Context(), s.To, message, "key")
		if err == nil {
			return nil
		}
		var failure *channels.Failure
		if !errors.As(err, &failure) {
			t.Fatalf("no failure: %v", err)
		}
		for _, word := range []string{canary, s.Secret} {
			if strings.Contains(err.Error(), word) {
				t.Errorf("the error tells %q: %v", word, err)
			}
		}
		return failure
	}
	t.Run("taken", func(t *testing.T) {
		if got := try(t, provider(t, s.Taken)); got != nil {
			t.Errorf("failed: %v", got)
		}
	})
	for _, answer := range s.Faults {
		t.Run(answer.Name, func(t *testing.T) {
			got := try(t, provider(t, answer))
			if got == nil || got.Kind != answer.Want || got.Kind == channels.Limited && got.After != answer.After {
				t.Errorf("got %+v, want %v after %v", got, answer.Want, answer.After)
			}
		})
	}
	t.Run("one part fails", func(t *testing.T) { s.inParts(t) })
	t.Run("no answer comes", func(t *testing.T) {
		silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // else nobody sees that the client has gone
			<-r.Context().Done()
		}))
		defer silent.Close()
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		var failure *channels.Failure
		if err := s.New(silent.URL).Send(ctx, s.To, message, "key"); !errors.As(err, &failure) || failure.Kind != channels.Unsure {
			t.Errorf("got %v", err)
		}
	})
	t.Run("nobody answers", func(t *testing.T) {
		gone := httptest.NewServer(nil)
		gone.Close()
		if got := try(t, gone.URL); got == nil || got.Kind != channels.Absent {
			t.Errorf("got %v", got)
		}
	})
	t.Run("the connection is cut after the message", func(t *testing.T) {
		cut := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			panic(http.ErrAbortHandler)
		}))
		defer cut.Close()
		if got := try(t, cut.URL); got == nil || got.Kind != channels.Unsure {
			t.Errorf("got %v", got)
		}
	})
}

// inParts sends a message that is longer than the channel takes, whose second part
// fails at first: what has gone out is not sent again.
func (s Sending) inParts(t *testing.T) {
	limit := channels.LimitsOf(s.To.Channel).Text
	if limit == 0 {
		return // it goes out whole
	}
	if len(s.Faults) == 0 {
		t.Fatal("Sending.Faults is empty: say what the provider answers when it does not take a message")
	}
	tries, fault := 0, s.Faults[0]
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if tries++; tries == 2 {
			fault.answer(w, r)
			return
		}
		s.Taken.answer(w, r)
	}))
	defer server.Close()
	sender := s.New(server.URL)
	long := supportbot.Message{Seq: 2, From: supportbot.FromAgent, Text: strings.Repeat("长", 3*limit)}
	if err := sender.Send(t.Context(), s.To, long, "key"); err == nil {
		t.Error("a part was not taken, and nobody is told")
	}
	if err := sender.Send(t.Context(), s.To, long, "key"); err != nil || tries != 4 {
		t.Errorf("%v, and %d requests for three parts, one of which failed", err, tries)
	}
}

func provider(t *testing.T, v Verdict) string {
	server := httptest.NewServer(http.HandlerFunc(v.answer))
	t.Cleanup(server.Close)
	return server.URL
}

func (v Verdict) answer(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	for name, value := range v.Header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(v.Status)
	_, _ = io.WriteString(w, v.Body)
}

// Shown is a message as its person sees or hears it, in as many parts as it takes.
type Shown func(supportbot.Message) []string

// render holds a channel to its limits: nothing is lost, and no part is longer than the
// provider takes.
func render(t *testing.T, channel supportbot.Channel, shown Shown) {
	limits := channels.LimitsOf(channel)
	word := rapid.SampledFrom([]string{"POS机", "密码", "a<b>&\"c\"", "<script>", "😀", "不对，", "**粗**", "[页](https://a.example/?a=1&b=2)", "*", "_", "`", "# ", "- ", "\n", "\n\n", "。", " "})
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]int{1, 5, 100, 1000, 3000}).Draw(t, "length") // by itself, rapid draws short ones
		text := strings.Join(rapid.SliceOfN(word, n, n).Draw(t, "words"), "")
		m := supportbot.Message{From: supportbot.FromBot, Text: text}
		if rapid.Bool().Draw(t, "agent") {
			m.From = supportbot.FromAgent
		}
		var all strings.Builder
		for _, part := range shown(m) {
			if n := len(utf16.Encode([]rune(part))); n == 0 || limits.Text > 0 && n > limits.Text {
				t.Fatalf("a part has %d characters, the most is %d", n, limits.Text)
			}
			all.WriteString(part)
		}
		if got, want := strings.Map(told, all.String()), strings.Map(told, text); got != want {
			t.Fatalf("shown is %q, said was %q", got, want)
		}
	})
}

// told keeps what no markup is made of.
func told(r rune) rune {
	if strings.ContainsRune("机密码😀<>不对粗页。", r) {
		return r
	}
	return -1
}
