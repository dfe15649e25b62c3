// Package pictures fetches the pictures that people send, after the message that
// holds them is durable, and makes of them what an agent may be shown.
package pictures

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"supportbot"
	"supportbot/channels"
)

// Picture is one that a person sent, as an agent is told of it.
type Picture struct {
	ID    string    `json:"id"` // unique within the conversation
	At    time.Time `json:"at"`
	State State     `json:"state"`
}

// State tells whether a picture can be shown, or why not.
type State string

// The states of a picture.
const (
	Coming     State = "coming"     // it is yet to be fetched
	Here       State = "here"       // it can be shown
	Large      State = "large"      // beyond MaxBytes, or of too many pixels
	Unreadable State = "unreadable" // no JPEG, PNG or WebP, or a broken one
	Gone       State = "gone"       // the provider has it no longer
	Unreached  State = "unreached"  // the provider did not give it, however often it was asked
	Many       State = "many"       // the person had sent MostADay of them
)

// MostADay is how many pictures of a conversation are fetched within 24 hours.
const MostADay = 30

// Wanted is a picture that is to be fetched.
type Wanted struct {
	Thread supportbot.ThreadID
	At     supportbot.Address // of the conversation
	ID     string
	Ref    string // by which the provider gives it
	Tries  int    // with this one
}

// Store keeps pictures, and which are to be fetched.
type Store interface {
	// WantPicture notes a picture of a conversation; a repeat changes nothing.
	// supportbot.ErrNotFound if there is no such conversation.
	WantPicture(ctx context.Context, at supportbot.Address, id, ref string) error

	// NextPicture gives out a picture that came over a channel, and gives it out
	// again after as many pauses as it has been tried, unless it is settled;
	// supportbot.ErrNotFound if none is due.
	NextPicture(ctx context.Context, channel supportbot.Channel, pause time.Duration) (Wanted, error)

	// SettlePicture keeps what became of a picture: a JPEG if it is Here, else nil;
	// supportbot.ErrNotFound if the conversation was erased meanwhile.
	SettlePicture(ctx context.Context, w Wanted, state State, jpeg []byte) error
}

// Errors of a fetch. After ErrGone and ErrLarge another would be no better; after
// ErrAbsent it may be, for some minutes.
var (
	ErrGone   = errors.New("the provider does not have it")
	ErrLarge  = errors.New("it is too large")
	ErrAbsent = errors.New("the provider does not have it, or not yet")
)

const (
	fetchLimit = 40 * time.Second // less than pause: only one fetches a picture
	pause      = time.Minute
	mostTries  = 8 // over 28 minutes
	mostAbsent = 4 // over 6 minutes
	lookEvery  = 15 * time.Second
)

// Fetcher fetches the pictures of some channels, one at a time: reading one takes
// memory.
type Fetcher struct {
	store    Store
	conv     channels.Conversations
	channels []supportbot.Channel
	fetch    func(ctx context.Context, ref string) ([]byte, error)
	kept     func(ctx context.Context, ref string) error // nil for nothing
	log      *slog.Logger
	news     chan struct{}
}

// New returns a fetcher; fetch asks the provider for a picture, of MaxBytes at most.
// Its errors must not hold what is secret.
func New(store Store, conv channels.Conversations, fetch func(ctx context.Context, ref string) ([]byte, error), log *slog.Logger, over ...supportbot.Channel) *Fetcher {
	return &Fetcher{store: store, conv: conv, channels: over, fetch: fetch, log: log, news: make(chan struct{}, 1)}
}

// OnceKept has kept called, once, of every picture that is in the store now.
func (f *Fetcher) OnceKept(kept func(ctx context.Context, ref string) error) { f.kept = kept }

// Want notes a picture, to be fetched soon. That of a conversation which is not
// there, or no more, is passed over.
func (f *Fetcher) Want(ctx context.Context, at supportbot.Address, id, ref string) error {
	err := f.store.WantPicture(ctx, at, id, ref)
	if errors.Is(err, supportbot.ErrNotFound) {
		return nil
	}
	select {
	case f.news <- struct{}{}:
	default:
	}
	return err
}

// Run fetches pictures until ctx ends.
func (f *Fetcher) Run(ctx context.Context) {
	look := time.NewTicker(lookEvery) // for those of other nodes, and those that failed
	defer look.Stop()
	for {
		for f.next(ctx) {
		}
		select {
		case <-ctx.Done():
			return
		case <-f.news:
		case <-look.C:
		}
	}
}

// next fetches a picture of each channel, and tells whether there may be another.
func (f *Fetcher) next(ctx context.Context) (more bool) {
	for _, channel := range f.channels {
		more = f.nextOf(ctx, channel) || more
	}
	return more
}

func (f *Fetcher) nextOf(ctx context.Context, channel supportbot.Channel) bool {
	ctx, cancel := context.WithTimeout(ctx, fetchLimit)
	defer cancel()
	w, err := f.store.NextPicture(ctx, channel, pause)
	if errors.Is(err, supportbot.ErrNotFound) || ctx.Err() != nil {
		return false
	}
	if err != nil {
		f.log.ErrorContext(ctx, "no picture can be fetched, will try again", slog.Any("error", err))
		return false
	}
	file, err := f.fetch(ctx, w.Ref)
	var jpeg []byte
	if err == nil {
		jpeg, err = clean(file)
	}
	state := became(err, w.Tries)
	if err != nil {
		f.log.WarnContext(ctx, "picture not fetched", slog.Int64("conversation", int64(w.Thread)), slog.String("state", string(state)), slog.Any("error", err))
	}
	if state != Coming { // which NextPicture gives out again
		f.settle(context.WithoutCancel(ctx), w, state, jpeg)
	}
	return true
}

// settle keeps what became of a picture. Who sent one that cannot be shown is told,
// once of a message with several: its id is before the dot.
func (f *Fetcher) settle(ctx context.Context, w Wanted, state State, jpeg []byte) {
	ctx, cancel := context.WithTimeout(ctx, fetchLimit)
	defer cancel()
	err := f.store.SettlePicture(ctx, w, state, jpeg)
	switch {
	case errors.Is(err, supportbot.ErrNotFound):
	case err != nil:
		f.log.ErrorContext(ctx, "picture not kept, will fetch it again", slog.Any("error", err))
	case state != Here:
		message, _, _ := strings.Cut(w.ID, ".")
		in := supportbot.Inbound{Address: w.At, ID: "lost:" + message, Kind: supportbot.InUnseen, Unseen: supportbot.LostPicture, At: time.Now()}
		if _, err := f.conv.Handle(ctx, in, nil); err != nil {
			f.log.WarnContext(ctx, "who sent a picture is not told that it cannot be shown", slog.Any("error", err))
		}
	case f.kept != nil:
		if err := f.kept(ctx, w.Ref); err != nil {
			f.log.WarnContext(ctx, "a picture that is kept stays at its provider too", slog.Any("error", fmt.Errorf("delete it there: %w", err)))
		}
	}
}

// became is the state of a picture after a try.
func became(err error, tries int) State {
	switch {
	case err == nil:
		return Here
	case errors.Is(err, ErrLarge):
		return Large
	case errors.Is(err, errUnreadable):
		return Unreadable
	case errors.Is(err, ErrGone):
		return Gone
	case errors.Is(err, ErrAbsent) && tries >= mostAbsent:
		return Gone
	case tries >= mostTries:
		return Unreached
	}
	return Coming
}
