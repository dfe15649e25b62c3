package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"supportbot"
	"supportbot/channels"
	"supportbot/internal/turn"
	"supportbot/kb"
	"supportbot/kb/openai"
)

// openaiFlags are the language model.
type openaiFlags struct {
	OpenAIURL                string        `help:"Base URL of a language model that speaks OpenAI's chat API." name:"openai-url" default:"https://api.openai.com/v1" placeholder:"URL" env:"SUPPORTBOT_OPENAI_URL"`
	OpenAIKey                string        `help:"Its key; local servers need none." name:"openai-key" placeholder:"KEY" env:"SUPPORTBOT_OPENAI_KEY"`
	OpenAIModel              string        `help:"The model's name there; without one no model is asked." name:"openai-model" placeholder:"NAME" env:"SUPPORTBOT_OPENAI_MODEL"`
	OpenAIConversationTokens uint          `help:"Tokens that one conversation may use a day; 0 is no limit." name:"openai-conversation-tokens" default:"20000" env:"SUPPORTBOT_OPENAI_CONVERSATION_TOKENS"`
	OpenAIDailyTokens        uint          `help:"Tokens that all conversations may use a day; 0 is no limit." name:"openai-daily-tokens" default:"2000000" env:"SUPPORTBOT_OPENAI_DAILY_TOKENS"`
	OpenAIChatWait           time.Duration `help:"How long a person waits for the model in a chat, at most." name:"openai-chat-wait" default:"6s" env:"SUPPORTBOT_OPENAI_CHAT_WAIT"`
	OpenAIVoiceWait          time.Duration `help:"And on the phone." name:"openai-voice-wait" default:"1200ms" env:"SUPPORTBOT_OPENAI_VOICE_WAIT"`
	OpenAIPriceIn            float64       `help:"Price of a million tokens that the model reads, in any currency." name:"openai-price-in" env:"SUPPORTBOT_OPENAI_PRICE_IN"`
	OpenAIPriceOut           float64       `help:"Price of a million tokens that it writes." name:"openai-price-out" env:"SUPPORTBOT_OPENAI_PRICE_OUT"`
	OpenAIDailyCost          float64       `help:"What they may cost a day, in that currency; 0 is no limit." name:"openai-daily-cost" env:"SUPPORTBOT_OPENAI_DAILY_COST"`
}

func (f openaiFlags) openai() openai.Options {
	return openai.Options{
		URL: f.OpenAIURL, Key: f.OpenAIKey, Model: f.OpenAIModel, ChatWait: f.OpenAIChatWait, VoiceWait: f.OpenAIVoiceWait,
		Limits: openai.Limits{
			ConversationTokens: int(f.OpenAIConversationTokens), DailyTokens: int(f.OpenAIDailyTokens),
			PriceIn: f.OpenAIPriceIn, PriceOut: f.OpenAIPriceOut, Money: f.OpenAIDailyCost,
		},
	}
}

// checkModel refuses settings of a model that is on and could not work.
func (f openaiFlags) checkModel() error {
	if f.OpenAIModel == "" {
		return nil
	}
	return f.openai().Check()
}

// model returns the client of the language model, nil if there is none.
func (f openaiFlags) model(ledger openai.Ledger, log *slog.Logger) *openai.Client {
	if f.OpenAIModel == "" {
		log.Info("no language model is asked; set SUPPORTBOT_OPENAI_MODEL, _OPENAI_KEY and _OPENAI_URL to switch one on")
		return nil
	}
	options := f.openai()
	options.Ledger = ledger
	return openai.New(options, log)
}

// examineModel looks whether the language model answers.
func (f openaiFlags) examineModel(ctx context.Context, _ bool) ([]channels.Finding, error) {
	found := channels.Finding{What: fmt.Sprintf("the language model %s at %s", f.OpenAIModel, f.OpenAIURL)}
	how, err := openai.New(f.openai(), slog.New(slog.DiscardHandler)).Probe(ctx)
	if err != nil {
		found.Remedy = err.Error() + "; until it answers, the bot works without it"
	} else {
		found.What += ": " + how
	}
	return []channels.Finding{found}, nil
}

// openaiSettings are the lines of --print-config.
func (f openaiFlags) openaiSettings(secret func(string) string) [][2]string {
	return [][2]string{
		{"openai_url", f.OpenAIURL}, {"openai_key", secret(f.OpenAIKey)}, {"openai_model", f.OpenAIModel},
		{"openai_conversation_tokens", fmt.Sprint(f.OpenAIConversationTokens)}, {"openai_daily_tokens", fmt.Sprint(f.OpenAIDailyTokens)},
		{"openai_chat_wait", f.OpenAIChatWait.String()}, {"openai_voice_wait", f.OpenAIVoiceWait.String()},
		{"openai_price_in", fmt.Sprint(f.OpenAIPriceIn)}, {"openai_price_out", fmt.Sprint(f.OpenAIPriceOut)}, {"openai_daily_cost", fmt.Sprint(f.OpenAIDailyCost)},
	}
}

// second has models asked about what the reader of a version is not sure of: first
// that for embeddings, then the language model. Either may be nil.
type second struct {
	embedder *openai.Embedder
	model    *openai.Client
}

// Reread implements turn.Second.
func (s second) Reread(ctx context.Context, from supportbot.Address, text string, q supportbot.Question, r turn.Reader, first supportbot.Reading) supportbot.Reading {
	reader, ok := r.(*kb.Reader)
	if !ok {
		return first
	}
	d := openai.Doubt{From: from, Text: text, Question: q, Reading: first, Reader: reader}
	if s.embedder != nil {
		d = s.embedder.Reread(ctx, d)
	}
	if s.model != nil {
		return s.model.Reread(ctx, d)
	}
	return d.Reading
}
