package openai

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strings"
	"sync"
	"time"

	api "github.com/sashabaranov/go-openai"
	"github.com/sony/gobreaker/v2"

	"supportbot"
	"supportbot/internal/telemetry"
	"supportbot/kb"
)

// EmbedderOptions is what a deployment decides about embeddings.
type EmbedderOptions struct {
	URL    string // of the API, such as https://api.openai.com/v1
	Key    string // "" where the endpoint asks for none
	Model  string // as the endpoint calls it
	Limits        // tokens count, and cost as read ones
	Ledger Ledger // where it is counted what is spent; nil: nowhere
	Dir    string // where vectors of content are kept; "" for nowhere
}

// Embedder asks a model for the vectors of texts: of content, which are kept, and of
// messages, which are not. It is safe for concurrent use.
type Embedder struct {
	EmbedderOptions
	api     *api.Client
	budget  budget
	breaker *gobreaker.CircuitBreaker[api.EmbeddingResponse]
	free    chan struct{} // a place for each request for a message under way
	log     *slog.Logger

	mu    sync.Mutex
	known []float32     // the vector of sample; nil until it has been asked for
	model int           // how often it has changed
	jobs  []job         // readers that wait for their vectors
	done  []job         // readers that have them, the last few
	wake  chan struct{} // there is a job
}

// job is a reader that is to read by vectors.
type job struct {
	base   *kb.Base
	reader *kb.Reader
}

const (
	// sample goes before the texts of every request. While its vector is what it was, the model
	// is the same; a provider may put another one behind a name at any time.
	sample = "刷卡机 card terminal"
	// same is how close the vectors of one text are at least, whatever machine computes
	// them.
	same = 0.99
	// messageWait is how long a person waits for the vector of a message.
	messageWait = 600 * time.Millisecond
	// maxVectors is how many bytes are read of an answer: 64 vectors of 8,000 numbers.
	maxVectors = 16 << 20
)

// errChanged: another model answers than before.
var errChanged = errors.New("another model answers under the same name")

// NewEmbedder makes an embedder. It sends nothing.
func NewEmbedder(o EmbedderOptions, log *slog.Logger) *Embedder {
	config := api.DefaultConfig(o.Key)
	config.BaseURL = strings.TrimRight(o.URL, "/")
	config.HTTPClient = &http.Client{Transport: retry{http.DefaultTransport, maxVectors}} // every call has a context that ends
	if o.Ledger == nil {
		o.Ledger = uncounted{}
	}
	return &Embedder{
		EmbedderOptions: o, api: api.NewClientWithConfig(config), budget: budget{o.Limits, o.Ledger}, log: log,
		breaker: newBreaker[api.EmbeddingResponse]("the model for embeddings", log),
		free:    make(chan struct{}, maxCalls), wake: make(chan struct{}, 1),
	}
}

// Reread gives a doubt with the vector of its message and what the reader makes of
// both, or as it was: where the reader is sure, has no vectors of the content, or no
// vector comes in time.
func (e *Embedder) Reread(ctx context.Context, d Doubt) Doubt {
	text := hide(d.Text, maxAsked)
	if !kb.Unsure(d.Reading, d.Question) || !d.Reader.HasSense() || text == "" {
		return d
	}
	select {
	case e.free <- struct{}{}:
		defer func() { <-e.free }()
	default:
		return d
	}
	ctx, cancel := context.WithTimeout(ctx, messageWait)
	defer cancel()
	vectors, err := e.vectors(ctx, d.From, []string{text})
	note := supportbot.ModelSaid{Use: "embed", Model: e.Model}
	if err != nil {
		e.log.LogAttrs(ctx, slog.LevelInfo, "embeddings do not help", slog.String("why", outcomeOf(err)))
		note.Why = outcomeOf(err)
		d.Reading.Model = append(d.Reading.Model, note)
		return d
	}
	d.Vector = vectors[0]
	reading := d.Reader.ReadBy(d.Text, d.Vector, d.Question)
	if urgentAmong(d) && !urgentStill(reading) {
		note.Why = "something urgent would be lost sight of"
	} else {
		d.Reading, note.Taken = reading, strings.TrimSpace(string(reading.Decision)+" "+reading.Topic)
	}
	d.Reading.Model = append(d.Reading.Model, note)
	return d
}

// urgentStill tells whether something urgent is started, or offered.
func urgentStill(r supportbot.Reading) bool {
	for _, c := range r.Commands {
		if kb.Urgent(c.Topic) {
			return true
		}
		for _, topic := range c.Topics {
			if kb.Urgent(topic) {
				return true
			}
		}
	}
	return false
}

// vectors asks for those of texts. The budget of the conversation at from pays.
func (e *Embedder) vectors(ctx context.Context, from supportbot.Address, texts []string) ([][]float32, error) {
	began, used := time.Now(), usage{}
	list, err := func() ([][]float32, error) {
		most := usage{in: tokens(sample)}
		for _, text := range texts {
			most.in += tokens(text)
		}
		settle, err := e.budget.reserve(ctx, from, most)
		if err != nil {
			return nil, err
		}
		var list [][]float32
		response, err := e.breaker.Execute(func() (api.EmbeddingResponse, error) {
			request := api.EmbeddingRequestStrings{Input: append([]string{sample}, texts...), Model: api.EmbeddingModel(e.Model)}
			r, err := e.api.CreateEmbeddings(ctx, request)
			if err == nil {
				list, err = e.check(r, len(texts)+1)
			}
			return r, err
		})
		if used.in = response.Usage.PromptTokens; used.in == 0 && (err == nil || errors.Is(err, context.DeadlineExceeded)) {
			used = most // who is slow may have done the work, and be paid for it
		}
		if err := settle(used); err != nil { // it stays counted whole
			e.log.LogAttrs(ctx, slog.LevelWarn, "what embeddings did not use is not counted back", slog.Any("error", err))
		}
		return list, err
	}()
	telemetry.Model("embed", outcomeOf(err), used.in, 0, time.Since(began))
	if err != nil {
		return nil, fmt.Errorf("openai: embeddings: %w", err)
	}
	return list, nil
}

// check returns the vectors behind that of the sample, if all n are there, of one
// length, finite, and of the model that is known.
func (e *Embedder) check(r api.EmbeddingResponse, n int) ([][]float32, error) {
	list := make([][]float32, n)
	for _, one := range r.Data {
		if one.Index < 0 || one.Index >= n || list[one.Index] != nil {
			return nil, fmt.Errorf("%w: a vector has the number %d", errMalformed, one.Index)
		}
		list[one.Index] = one.Embedding
	}
	for i, v := range list {
		if size := length(v); len(v) == 0 || len(v) != len(list[0]) || size == 0 || math.IsNaN(size) || math.IsInf(size, 0) {
			return nil, fmt.Errorf("%w: vector %d of %d has %d numbers, and the length %v", errMalformed, i, n, len(v), size)
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.known == nil {
		e.known = list[0]
	}
	if !alike(list[0], e.known) {
		e.begin()
		return nil, errChanged
	}
	return list[1:], nil
}

// begin has all readers learn anew, by the vectors of another model. mu is held.
func (e *Embedder) begin() {
	for _, j := range e.done {
		j.reader.LoseSense()
	}
	e.jobs, e.done, e.known = append(e.jobs, e.done...), nil, nil
	e.model++
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

func length(v []float32) float64 {
	var squares float64
	for _, x := range v {
		squares += float64(x) * float64(x)
	}
	return math.Sqrt(squares)
}

// alike tells whether two vectors are of the same text and model.
func alike(a, b []float32) bool {
	if len(a) != len(b) {
		return false
	}
	var dot float64
	for i, x := range a {
		dot += float64(x) * float64(b[i])
	}
	return dot >= same*length(a)*length(b)
}
