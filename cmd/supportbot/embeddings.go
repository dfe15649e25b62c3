package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"supportbot/channels"
	"supportbot/kb"
	"supportbot/kb/openai"
)

// embeddingsFlags are the model for embeddings.
type embeddingsFlags struct {
	EmbeddingsURL   string `help:"Base URL of an endpoint that speaks OpenAI's embeddings API." name:"embeddings-url" default:"https://api.openai.com/v1" placeholder:"URL" env:"SUPPORTBOT_EMBEDDINGS_URL"`
	EmbeddingsKey   string `help:"Its key; local servers need none." name:"embeddings-key" placeholder:"KEY" env:"SUPPORTBOT_EMBEDDINGS_KEY"`
	EmbeddingsModel string `help:"The model's name there; without one messages are read by their words alone." name:"embeddings-model" placeholder:"NAME" env:"SUPPORTBOT_EMBEDDINGS_MODEL"`
}

// checkEmbeddings refuses settings of a model that is on and could not work.
func (f embeddingsFlags) checkEmbeddings() error {
	if f.EmbeddingsModel == "" {
		return nil
	}
	return openai.CheckURL("--embeddings-url", "SUPPORTBOT_EMBEDDINGS_KEY", f.EmbeddingsURL)
}

// embedder asks for embeddings within limits, and keeps those of content in a
// folder, "" for nowhere. It is nil if no model is named.
func (f embeddingsFlags) embedder(l openai.Limits, ledger openai.Ledger, dir string, log *slog.Logger) *openai.Embedder {
	if f.EmbeddingsModel == "" {
		return nil
	}
	return openai.NewEmbedder(openai.EmbedderOptions{
		URL: f.EmbeddingsURL, Key: f.EmbeddingsKey, Model: f.EmbeddingsModel, Limits: l, Ledger: ledger, Dir: dir,
	}, log)
}

// examineEmbeddings looks whether the model for embeddings answers.
func (f embeddingsFlags) examineEmbeddings(ctx context.Context, _ bool) ([]channels.Finding, error) {
	found := channels.Finding{What: fmt.Sprintf("the model for embeddings %s at %s", f.EmbeddingsModel, f.EmbeddingsURL)}
	began := time.Now()
	v, err := f.embedder(openai.Limits{}, nil, "", slog.New(slog.DiscardHandler)).Vectors(ctx, []string{"the paper is stuck"})
	if err != nil {
		found.Remedy = err.Error() + "; until it answers, messages are read by their words alone"
	} else {
		found.What += fmt.Sprintf(": vectors of %d numbers, two in %s", len(v["the paper is stuck"]), time.Since(began).Round(time.Millisecond))
	}
	return []channels.Finding{found}, nil
}

// embeddingsSettings are the lines of --print-config.
func (f embeddingsFlags) embeddingsSettings(secret func(string) string) [][2]string {
	return [][2]string{{"embeddings_url", f.EmbeddingsURL}, {"embeddings_key", secret(f.EmbeddingsKey)}, {"embeddings_model", f.EmbeddingsModel}}
}

// taught trains readers that learn the vectors of their content later.
func taught(train training, embedder *openai.Embedder) training {
	if embedder == nil {
		return train
	}
	return func(base *kb.Base) *kb.Reader {
		reader := train(base)
		embedder.Teach(base, reader)
		return reader
	}
}
