package openai

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"strings"

	api "github.com/sashabaranov/go-openai"
)

// answer is what a model said, all of it.
type answer struct {
	said string
	used usage
}

// features are what servers of this API do not all have.
type features struct {
	format api.ChatCompletionResponseFormatType // "": the prompt alone asks for JSON
	usage  bool                                 // a stream may be asked to tell its tokens
}

// ladder is tried from the top until the server takes the request.
var ladder = []features{
	{api.ChatCompletionResponseFormatTypeJSONSchema, true},
	{api.ChatCompletionResponseFormatTypeJSONObject, true},
	{"", true},
	{"", false},
}

// Errors of an answer that came.
var (
	errCut       = errors.New("the answer is cut off")
	errMalformed = errors.New("the answer is not what was asked for")
)

// climb asks with the best features that the server is known to take. While
// none are known, a refusal of the request is taken for one of its features.
func (c *Client) climb(ctx context.Context, p prompt) (answer, error) {
	for level := c.level.Load(); ; level++ {
		a, err := c.stream(ctx, p, ladder[level])
		if err == nil {
			c.level.Store(level)
			c.known.Store(true)
		}
		if !refuses(err) || c.known.Load() || int(level) == len(ladder)-1 {
			return a, err
		}
	}
}

// refuses tells whether a server may have refused a feature of the request.
// llama-cpp-python's server does so by a status 500 that names it.
func refuses(err error) bool {
	var status *api.APIError
	var request *api.RequestError
	code, words := 0, ""
	switch {
	case errors.As(err, &status):
		code, words = status.HTTPStatusCode, status.Message
	case errors.As(err, &request):
		code, words = request.HTTPStatusCode, string(request.Body)
	}
	switch code {
	case http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusNotImplemented:
		return true
	case http.StatusInternalServerError:
		return strings.Contains(words, "response_format") || strings.Contains(words, "stream_options")
	}
	return false
}

// longest is how many bytes an answer may have: many times those of its tokens.
const longest = 16 << 10

// stream takes one answer. A stream that ends without saying why it ends was cut:
// go-openai reports that as a success.
func (c *Client) stream(ctx context.Context, p prompt, f features) (a answer, err error) {
	a.used = usage{in: p.most().in}
	s, err := c.api.CreateChatCompletionStream(ctx, c.request(p, f))
	if err != nil {
		return answer{}, err
	}
	defer s.Close() //nolint:errcheck // nothing is lost with it
	var said strings.Builder
	var finish api.FinishReason
	for {
		chunk, err := s.Recv()
		if errors.Is(err, io.EOF) || err != nil && finish != "" {
			break
		}
		if err != nil {
			return a, err
		}
		if chunk.Usage != nil {
			a.used = usage{chunk.Usage.PromptTokens, chunk.Usage.CompletionTokens}
		}
		for _, choice := range chunk.Choices {
			said.WriteString(choice.Delta.Content)
			if choice.FinishReason != "" {
				finish = choice.FinishReason
			}
		}
		if said.Len() > longest {
			return a, errCut
		}
		if p.partly != nil {
			p.partly(said.String())
		}
	}
	a.said = said.String()
	if a.used.out == 0 {
		a.used.out = tokens(a.said)
	}
	if finish != api.FinishReasonStop {
		return a, errCut
	}
	return a, nil
}

func (c *Client) request(p prompt, f features) api.ChatCompletionRequest {
	r := api.ChatCompletionRequest{
		Model: c.model,
		Messages: []api.ChatCompletionMessage{
			{Role: api.ChatMessageRoleSystem, Content: p.system},
			{Role: api.ChatMessageRoleUser, Content: p.user},
		},
		MaxTokens:   p.out,                       //nolint:staticcheck // the one that servers other than OpenAI's know
		Temperature: math.SmallestNonzeroFloat32, // go-openai leaves out a zero
	}
	if api.NewReasoningValidator().Validate(r) != nil { // a model that thinks takes neither
		r.MaxTokens, r.MaxCompletionTokens, r.Temperature = 0, thinking+p.out, 0 //nolint:staticcheck // see above
	}
	if f.usage {
		r.StreamOptions = &api.StreamOptions{IncludeUsage: true}
	}
	if p.schema != nil && f.format != "" {
		r.ResponseFormat = &api.ChatCompletionResponseFormat{Type: f.format}
		if f.format == api.ChatCompletionResponseFormatTypeJSONSchema {
			r.ResponseFormat.JSONSchema = &api.ChatCompletionResponseFormatJSONSchema{Name: p.use, Schema: p.schema, Strict: true}
		}
	}
	return r
}

// thinking is how many tokens a model that thinks may use up before it answers.
const thinking = 1000
