package openai

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"supportbot"
	"supportbot/channels/channeltest"
	"supportbot/kb"
)

// embeddings is an endpoint for embeddings: texts that share words point the same
// way.
type embeddings struct {
	*httptest.Server
	mu    sync.Mutex
	way   string   // how it fails; "" if it does not
	model uint32   // another number is another model
	asked []string // the texts, without the sample
}

func newEmbeddings(t *testing.T) *embeddings {
	e := &embeddings{}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct{ Input []string }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		e.mu.Lock()
		e.asked = append(e.asked, body.Input[1:]...)
		way, model := e.way, e.model
		e.mu.Unlock()
		var data []string
		for i, text := range body.Input {
			data = append(data, fmt.Sprintf(`{"object":"embedding","index":%d,"embedding":%s}`, i, vectorOf(text, model)))
		}
		switch way {
		case "slow":
			select {
			case <-r.Context().Done():
			case <-time.After(5 * time.Second):
			}
			return
		case "limited":
			w.Header().Set("Retry-After", "60")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		case "too few":
			data = data[1:]
		case "twice the same":
			data[1] = data[0]
		case "wrong dimension":
			data[1] = `{"index":1,"embedding":[1,2,3]}`
		case "not a number":
			data[1] = `{"index":1,"embedding":[NaN,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}`
		case "too large a number":
			data[1] = `{"index":1,"embedding":[1e99,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}`
		case "nothing but zeros":
			data[1] = `{"index":1,"embedding":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}`
		}
		answer := fmt.Sprintf(`{"object":"list","data":[%s],"usage":{"prompt_tokens":%d}}`, strings.Join(data, ","), len(body.Input))
		if way == "truncated" {
			answer = answer[:len(answer)/2]
		}
		fmt.Fprint(w, answer)
	}))
	t.Cleanup(e.Close)
	return e
}

func vectorOf(text string, model uint32) []byte {
	v := make([]float32, 16)
	for word := range strings.FieldsSeq(text) {
		h := fnv.New32()
		h.Write([]byte(word))
		v[(h.Sum32()+model)%16]++
	}
	data, _ := json.Marshal(v)
	return data
}

func (e *embeddings) set(way string, model uint32) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.way, e.model, e.asked = way, model, nil
}

func (e *embeddings) texts() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.asked)
}

// paperAndScreen is content that takes no time to learn.
func paperAndScreen() *kb.Base {
	b := &kb.Base{None: "out-of-scope", Topics: []kb.Topic{{ID: "paper"}, {ID: "screen"}}}
	for label, words := range map[string][]string{
		"paper": {"roll", "printer", "receipt", "jam"}, "screen": {"black", "glass", "display", "dark"}, "out-of-scope": {"weather", "football", "song", "recipe"},
	} {
		for _, a := range words {
			for _, z := range words {
				b.Phrases = append(b.Phrases, kb.Phrase{Label: label, Language: supportbot.English, Text: "the " + a + " and " + z})
				b.Validation = append(b.Validation, kb.Phrase{Label: label, Language: supportbot.English, Text: "my " + a + " or " + z})
			}
		}
	}
	slices.SortFunc(b.Phrases, func(a, b kb.Phrase) int { return strings.Compare(a.Text, b.Text) })
	return b
}

// running is an embedder that has taught a reader, and the reader.
func running(t *testing.T, e *embeddings, dir string) (*Embedder, *kb.Reader) {
	t.Helper()
	embedder := NewEmbedder(EmbedderOptions{URL: e.URL, Model: "m", Dir: dir}, quiet)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { embedder.Run(ctx); close(done) }()
	t.Cleanup(func() { cancel(); <-done })
	base := paperAndScreen()
	reader := kb.NewReader(base)
	embedder.Teach(base, reader)
	sensed(t, reader)
	return embedder, reader
}

func sensed(t *testing.T, reader *kb.Reader) {
	t.Helper()
	for range 500 {
		if reader.HasSense() {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the reader learns no vectors")
}

// doubtful is a message of which the reader is not sure.
func doubtful(r *kb.Reader) Doubt {
	return Doubt{From: me, Text: "mine is kaput, call 13812345678", Reading: supportbot.Reading{Decision: supportbot.None}, Reader: r}
}

func TestVectorsAreAskedForInDoubt(t *testing.T) {
	e := newEmbeddings(t)
	embedder, reader := running(t, e, "")
	e.set("", 0)
	d := embedder.Reread(t.Context(), doubtful(reader))
	if len(d.Vector) != 16 || len(d.Reading.Model) != 1 || d.Reading.Model[0].Use != "embed" || d.Reading.Model[0].Taken == "" {
		t.Errorf("got %+v", d)
	}
	if texts := e.texts(); len(texts) != 1 || strings.ContainsAny(texts[0], "0123456789") {
		t.Errorf("asked for %q", texts)
	}
	sure := doubtful(reader)
	sure.Reading = supportbot.Reading{Decision: supportbot.Answer, Commands: []supportbot.Command{{Kind: supportbot.CmdStart, Topic: "paper"}}}
	number := doubtful(reader)
	number.Question.Slot = supportbot.Slot{Name: "phone", Type: supportbot.SlotPhone}
	waiting := doubtful(reader)
	waiting.Question.Queued = true
	for _, d := range []Doubt{sure, number, waiting, doubtful(kb.NewReader(paperAndScreen()))} {
		if got := embedder.Reread(t.Context(), d); got.Vector != nil || len(got.Reading.Model) > 0 {
			t.Errorf("%+v came to %+v", d, got)
		}
	}
	if texts := e.texts(); len(texts) != 1 {
		t.Errorf("asked for %q", texts)
	}
}

// Whatever the endpoint does, the reading is what it was, and soon.
func TestEmbeddingsThatFail(t *testing.T) {
	for way, why := range map[string]string{
		"slow": "slow", "limited": "limited", "too few": "malformed", "twice the same": "malformed", "wrong dimension": "malformed", "not a number": "failed",
		"too large a number": "failed", "nothing but zeros": "malformed", "truncated": "failed",
	} {
		t.Run(way, func(t *testing.T) {
			e := newEmbeddings(t)
			embedder, reader := running(t, e, "")
			e.set(way, 0)
			d := embedder.Reread(t.Context(), doubtful(reader))
			if d.Vector != nil || len(d.Reading.Commands) > 0 || len(d.Reading.Model) != 1 || d.Reading.Model[0].Why != why {
				t.Errorf("got %+v, want %s", d.Reading, why)
			}
		})
	}
}

// Another model under the same name has other vectors: no message is read by the old
// ones, and the readers learn anew, at once and after a restart.
func TestTheModelChangesUnderTheSameName(t *testing.T) {
	e, dir := newEmbeddings(t), t.TempDir()
	embedder, reader := running(t, e, dir)
	e.set("", 7)
	if d := embedder.Reread(t.Context(), doubtful(reader)); d.Vector != nil || d.Reading.Model[0].Why != "changed" {
		t.Errorf("got %+v", d.Reading)
	}
	sensed(t, reader)
	if d := embedder.Reread(t.Context(), doubtful(reader)); d.Vector == nil {
		t.Errorf("it is not asked any more: %+v", d.Reading)
	}

	e.set("", 7)
	running(t, e, dir)
	if texts := e.texts(); len(texts) > 1 {
		t.Errorf("after a restart it was asked for %d texts that are kept", len(texts))
	}
	e.set("", 3)
	running(t, e, dir)
	if texts := e.texts(); len(texts) < len(paperAndScreen().Texts()) {
		t.Errorf("of yet another model it was asked for %d texts", len(texts))
	}
}

// What is on the disk is content: of messages nothing is kept, nor of what is damaged.
func TestWhatIsKeptOfVectors(t *testing.T) {
	e, dir := newEmbeddings(t), t.TempDir()
	embedder, reader := running(t, e, dir)
	embedder.Reread(t.Context(), doubtful(reader))
	embedder.mu.Lock()
	known := embedder.known
	embedder.mu.Unlock()
	var want []vectorKey
	for _, text := range paperAndScreen().Texts() {
		want = append(want, keyOf(text))
	}
	if got := slices.Collect(maps.Keys(embedder.load(known))); len(got) != len(want) || slices.ContainsFunc(got, func(k vectorKey) bool { return !slices.Contains(want, k) }) {
		t.Errorf("%d vectors are kept of %d texts", len(got), len(want))
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	if len(files) != 1 {
		t.Fatalf("kept %q", files)
	}
	data, _ := os.ReadFile(files[0])
	data[len(data)/2]++
	if err := os.WriteFile(files[0], data, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := embedder.load(known); got != nil {
		t.Errorf("%d vectors of a damaged file", len(got))
	}
}

// Messages and content are counted in one budget with all else.
func TestEmbeddingsHaveABudget(t *testing.T) {
	e, l := newEmbeddings(t), ledger(t)
	embedder := NewEmbedder(EmbedderOptions{URL: e.URL, Model: "m", Ledger: l, Limits: Limits{DailyTokens: 40}}, quiet)
	if _, err := embedder.Vectors(t.Context(), paperAndScreen().Texts()); outcomeOf(err) != "budget" {
		t.Errorf("got %v", err)
	}
	if texts := e.texts(); len(texts) > 1 {
		t.Errorf("asked for %d texts", len(texts))
	}
}

// Somebody else's endpoint.
func TestEmbeddingsAgainstAimock(t *testing.T) {
	server := channeltest.Node(t, "testdata/peer")
	for word, want := range map[string]string{"plain-vector": "answered", "limited-vector": "limited", "fault-vector": "failed"} {
		embedder := NewEmbedder(EmbedderOptions{URL: server + "/v1", Model: "m"}, quiet)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		_, err := embedder.vectors(ctx, me, []string{word})
		cancel()
		if got := outcomeOf(err); got != want {
			t.Errorf("%s came to %s (%v), want %s", word, got, err, want)
		}
	}
}

// Content that is published again and again while the endpoint is down takes no more
// and more memory: the oldest of those that wait learn nothing.
func TestFewReadersWaitForTheirVectors(t *testing.T) {
	e := NewEmbedder(EmbedderOptions{URL: "http://127.0.0.1:1/v1", Model: "m"}, slog.New(slog.DiscardHandler))
	readers := make([]kb.Reader, 50)
	for i := range readers {
		e.Teach(nil, &readers[i])
	}
	if n := len(e.jobs); n > maxTaught+1 {
		t.Fatalf("%d readers wait", n)
	}
	if last := e.jobs[len(e.jobs)-1].reader; last != &readers[49] {
		t.Error("the newest is not among them")
	}
	if e.jobs[0].reader != &readers[0] {
		t.Error("the one that is being taught is not the first any more")
	}
}
