package main

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/handoff"
	"supportbot/handoff/console"
)

// knowledgeMost is how many articles a search finds at most.
const knowledgeMost = 8

// Codes implements console.Knowledge.
func (s shelf) Codes() []handoff.Code { return s.InForce().Codes }

// Closed implements console.Knowledge.
func (s shelf) Closed(lang supportbot.Language, now, opens time.Time) (written, spoken string) {
	return s.InForce().Book.Closed(lang, now, opens)
}

// Reasons implements console.Knowledge.
func (s shelf) Reasons() (reasons []console.Reason) {
	book := s.InForce().Book
	for _, flow := range book.Flows() {
		if p, err := book.Picture(flow); err == nil && !strings.HasPrefix(flow, "pattern-") {
			reasons = append(reasons, console.Reason{Flow: flow, Title: p.Goal.Written})
		}
	}
	return reasons
}

// Search implements console.Knowledge: by words in the title, then by what the
// reader takes them to mean, then by words in the text.
func (s shelf) Search(_ context.Context, words string, lang supportbot.Language) ([]dialog.Article, error) {
	content := s.InForce()
	all := content.Book.Articles()
	words = strings.ToLower(strings.TrimSpace(words))
	if words == "" {
		return all, nil
	}
	candidates := content.Reader.Read(words, supportbot.Question{}).Candidates
	rank := func(a dialog.Article) int {
		name, _ := a.Name.In(lang)
		text, _ := a.Text.In(lang)
		meant := slices.IndexFunc(candidates, func(c supportbot.Candidate) bool { return c.Topic == a.Topic })
		switch {
		case strings.Contains(strings.ToLower(name), words), strings.HasPrefix(a.Topic, words):
			return 1
		case meant >= 0:
			return 2 + meant
		case strings.Contains(strings.ToLower(text), words):
			return 100
		}
		return 0
	}
	all = slices.DeleteFunc(all, func(a dialog.Article) bool { return rank(a) == 0 })
	slices.SortStableFunc(all, func(a, b dialog.Article) int { return cmp.Compare(rank(a), rank(b)) })
	return all[:min(len(all), knowledgeMost)], nil
}
