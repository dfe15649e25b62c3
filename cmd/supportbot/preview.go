package main

import (
	"bytes"
	"context"
	"fmt"

	"supportbot"
	"supportbot/dialog"
	"supportbot/handoff/console"
	"supportbot/internal/library"
	"supportbot/internal/transcript"
	"supportbot/kb"
)

// shelf is the library as the console sees it.
type shelf struct{ *library.Library }

// Retirement implements console.Library.
func (s shelf) Retirement(ctx context.Context, version string) (console.Retirement, error) {
	goOn, again, err := s.Library.Retirement(ctx, version)
	return console.Retirement{Continue: goOn, Restart: again}, err
}

// Book implements console.Library.
func (s shelf) Book(ctx context.Context, version string) (*dialog.Book, error) {
	content, err := s.Version(ctx, version)
	return content.Book, err
}

// reader is that of the version in force.
func (s shelf) reader() *kb.Reader { return s.InForce().Reader.(*kb.Reader) }

// Preview implements console.Library.
func (s shelf) Preview(ctx context.Context, version string, chat console.Preview) (console.PreviewResult, error) {
	content, err := s.Version(ctx, version)
	if err != nil {
		return console.PreviewResult{}, err
	}
	player := transcript.NewPlayer(content, chat.Channel, chat.Language)
	saved := transcript.Transcript{Shows: "saved from a preview", Channel: chat.Channel, Language: chat.Language}
	result := console.PreviewResult{Turns: []console.PreviewTurn{}}
	for i, act := range chat.Acts {
		before := len(player.Transcript)
		played, outcome, err := player.PlayOutcome(transcript.Turn{
			User: act.User, Choice: act.Choice, Digits: act.Digits, Event: act.Event, Agent: act.Agent, Wait: act.Wait,
		})
		if err != nil {
			return console.PreviewResult{}, fmt.Errorf("%w: act %d: %w", supportbot.ErrInvalid, i+1, err)
		}
		saved.Turns = append(saved.Turns, played)
		result.Turns = append(result.Turns, console.PreviewTurn{
			Act: act, Said: player.Transcript[before:], At: played.At, Topic: outcome.Topic, Case: played.Case, Ended: played.Ended,
		})
	}
	var file bytes.Buffer
	if err := saved.Write(&file); err != nil {
		return console.PreviewResult{}, err
	}
	result.Transcript = file.String()
	return result, nil
}
