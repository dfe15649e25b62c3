package supportbot

import "context"

// provisional is the key of who shows what is being written.
type provisional struct{}

// WithProvisional has show called while a message is handled, with what the reply is
// going to say, each time that more of it is checked. It is given to nobody else and
// not kept: what counts is the reply itself, which comes with the outcome.
func WithProvisional(ctx context.Context, show func([]Passage)) context.Context {
	return context.WithValue(ctx, provisional{}, show)
}

// Provisional is the show of WithProvisional, nil if nobody is to be shown anything.
func Provisional(ctx context.Context) func([]Passage) {
	show, _ := ctx.Value(provisional{}).(func([]Passage))
	return show
}
