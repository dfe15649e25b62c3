package openai

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"supportbot"
	"supportbot/kb"
)

const (
	batch      = 64               // texts of a request
	batchWait  = time.Minute      // for its answer
	firstPause = 15 * time.Second // after a failure; it doubles
	maxPause   = 10 * time.Minute
	maxTaught  = 4 // readers that wait behind another, and that learn anew when the model changes: the last
)

// Teach has a reader learn the vectors of its base soon, in Run. Until then it reads
// as before. If very many wait, because the endpoint is down, the older ones go on so.
func (e *Embedder) Teach(base *kb.Base, reader *kb.Reader) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.jobs = append(e.jobs, job{base, reader})
	if n := len(e.jobs); n > maxTaught+1 { // the first is being taught
		e.jobs = slices.Delete(e.jobs, 1, n-maxTaught)
	}
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// Run teaches readers until ctx ends. What fails is tried again after a pause.
func (e *Embedder) Run(ctx context.Context) {
	pause := firstPause
	for {
		select {
		case <-e.wake:
		case <-ctx.Done():
			return
		}
		for j, model, ok := e.next(); ok; j, model, ok = e.next() {
			began := time.Now()
			err := e.teach(ctx, j)
			switch {
			case ctx.Err() != nil:
				return
			case errors.Is(err, kb.ErrNoValidation):
				e.log.Warn("embeddings are not used", "why", err)
				e.finish(j, model)
			case err != nil:
				e.log.Warn("embeddings wait for their endpoint", "why", err, "pause", pause)
				select {
				case <-time.After(pause):
				case <-ctx.Done():
					return
				}
				pause = min(2*pause, maxPause)
			case !e.finish(j, model):
				e.log.Warn("the model for embeddings has changed, and is learnt anew")
			default:
				pause = firstPause
				e.log.Info("messages are read with embeddings", "model", e.Model, "after", time.Since(began).Round(time.Millisecond))
			}
		}
	}
}

// next is the next job, and the how manieth model is there.
func (e *Embedder) next() (j job, model int, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.jobs) == 0 {
		return job{}, 0, false
	}
	return e.jobs[0], e.model, true
}

// finish takes a job off the list, unless the model has changed meanwhile.
func (e *Embedder) finish(j job, model int) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.model != model {
		j.reader.LoseSense()
		return false
	}
	e.jobs = e.jobs[1:]
	e.done = append(e.done, j)
	e.done = e.done[max(0, len(e.done)-maxTaught):]
	return true
}

func (e *Embedder) teach(ctx context.Context, j job) error {
	v, err := e.Vectors(ctx, j.base.Texts())
	if err != nil {
		return err
	}
	return j.reader.Sense(j.base, v)
}

// Vectors returns those of texts of content, from the disk as far as they are there.
func (e *Embedder) Vectors(ctx context.Context, texts []string) (kb.Vectors, error) {
	if _, err := e.batch(ctx, []string{sample}); err != nil { // which model is it today?
		return nil, err
	}
	e.mu.Lock()
	known := e.known
	e.mu.Unlock()
	kept := e.load(known)
	v, missing := kb.Vectors{}, []string{}
	for _, text := range texts {
		if vector, ok := kept[keyOf(text)]; ok {
			v[text] = vector
		} else {
			missing = append(missing, text)
		}
	}
	var failed error
	for n := 0; n < len(missing) && failed == nil; n += batch {
		part := missing[n:min(n+batch, len(missing))]
		var list [][]float32
		if list, failed = e.batch(ctx, part); failed == nil {
			for i, text := range part {
				v[text] = list[i]
			}
		}
	}
	if len(missing) > 0 {
		e.keep(ctx, known, v) // also what came before a failure
	}
	return v, failed
}

func (e *Embedder) batch(ctx context.Context, texts []string) ([][]float32, error) {
	ctx, cancel := context.WithTimeout(ctx, batchWait)
	defer cancel()
	return e.vectors(ctx, supportbot.Address{}, texts)
}

// vectorKey is a hash of a text.
type vectorKey [16]byte

func keyOf(text string) (k vectorKey) {
	sum := sha256.Sum256([]byte(text))
	copy(k[:], sum[:])
	return k
}

// kept is the file of the vectors of content, which is public, behind its hash.
type kept struct {
	Sample  []float32
	Vectors map[vectorKey][]float32
}

func (e *Embedder) file() string {
	sum := sha256.Sum256([]byte(e.URL + "\n" + e.Model))
	return filepath.Join(e.Dir, hex.EncodeToString(sum[:16])+".vectors")
}

// load reads what is kept, nothing if it is damaged, or of another model than that
// which gives the sample a vector.
func (e *Embedder) load(known []float32) map[vectorKey][]float32 {
	if e.Dir == "" {
		return nil
	}
	data, err := os.ReadFile(e.file())
	if err != nil || len(data) < sha256.Size {
		return nil
	}
	sum, data := [sha256.Size]byte(data), data[sha256.Size:]
	var k kept
	if sum != sha256.Sum256(data) || gob.NewDecoder(bytes.NewReader(data)).Decode(&k) != nil {
		return nil
	}
	if !alike(k.Sample, known) {
		return nil
	}
	return k.Vectors
}

// keep writes vectors whole or not at all. What cannot be kept is asked for again at
// the next start.
func (e *Embedder) keep(ctx context.Context, known []float32, v kb.Vectors) {
	if e.Dir == "" {
		return
	}
	k := kept{Sample: known, Vectors: map[vectorKey][]float32{}}
	for text, vector := range v {
		k.Vectors[keyOf(text)] = vector
	}
	if err := writeVectors(e.file(), k); err != nil {
		e.log.LogAttrs(ctx, slog.LevelWarn, "the vectors of the content are not kept", slog.Any("error", err))
	}
}

func writeVectors(file string, k kept) error {
	var data bytes.Buffer
	data.Write(make([]byte, sha256.Size))
	if err := gob.NewEncoder(&data).Encode(k); err != nil {
		return fmt.Errorf("vectors: %w", err)
	}
	sum := sha256.Sum256(data.Bytes()[sha256.Size:])
	copy(data.Bytes(), sum[:])
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return fmt.Errorf("vectors: %w", err)
	}
	part := file + ".part"
	if err := os.WriteFile(part, data.Bytes(), 0o600); err != nil {
		return fmt.Errorf("vectors: %w", err)
	}
	if err := os.Rename(part, file); err != nil {
		return fmt.Errorf("vectors: %w", err)
	}
	return nil
}
