package turn

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"supportbot"
	"supportbot/internal/telemetry"
)

// slowTurn is how long a turn may take before the log says so.
const slowTurn = time.Second

// receive begins to follow a message; call end when it is handled.
func (p *Path) receive(ctx context.Context, in supportbot.Inbound) (_ context.Context, end func(error)) {
	channel, kind := in.Channel, in.Kind
	ctx, whole := telemetry.Begin(ctx, telemetry.Whole, channel)
	return ctx, func(err error) {
		took, level := whole.End(err), slog.LevelDebug
		if took > slowTurn {
			level = slog.LevelWarn
		}
		if err != nil {
			telemetry.Turn(channel, outcomeOf(err))
		}
		if p.log.Enabled(ctx, level) {
			p.log.LogAttrs(ctx, level, "turn", slog.String("channel", string(channel)), slog.String("kind", string(kind)),
				slog.Duration("took", took), slog.Bool("failed", err != nil))
		}
	}
}

func outcomeOf(err error) telemetry.TurnOutcome {
	switch {
	case errors.Is(err, supportbot.ErrConflict):
		return telemetry.TurnConflict
	case errors.Is(err, supportbot.ErrInvalid):
		return telemetry.TurnInvalid
	default:
		return telemetry.TurnFailed
	}
}

// accept is Store.Accept, observed.
func (p *Path) accept(ctx context.Context, in supportbot.Inbound, digest []byte) (Receipt, error) {
	receipt, err := p.store.Accept(ctx, in, digest)
	if err == nil && receipt.Outcome != nil {
		telemetry.Turn(in.Channel, telemetry.TurnRepeat)
	}
	return receipt, err
}

// take is Store.Take, observed.
func (p *Path) take(ctx context.Context, in supportbot.Inbound, digest []byte, c supportbot.Commit) (Receipt, error) {
	ctx, stage := telemetry.Begin(ctx, telemetry.Commit, in.Channel)
	receipt, err := p.store.Take(ctx, in, digest, c)
	stage.End(err)
	switch {
	case err == nil && receipt.Outcome != nil:
		telemetry.Turn(in.Channel, telemetry.TurnRepeat)
	case err == nil && receipt.Seq == c.Seq:
		count(in.Channel, c)
	case errors.Is(err, supportbot.ErrFenced):
		telemetry.Turn(in.Channel, telemetry.TurnFenced)
	}
	return receipt, err
}

// commit is Store.Commit, observed.
func (p *Path) commit(ctx context.Context, channel supportbot.Channel, c supportbot.Commit) error {
	ctx, stage := telemetry.Begin(ctx, telemetry.Commit, channel)
	err := p.store.Commit(ctx, c)
	stage.End(err)
	switch {
	case err == nil:
		count(channel, c)
	case errors.Is(err, supportbot.ErrFenced):
		telemetry.Turn(channel, telemetry.TurnFenced)
		telemetry.LeasesLost.Inc()
	}
	return err
}

// count counts a turn that was committed.
func count(channel supportbot.Channel, c supportbot.Commit) {
	switch {
	case c.Outcome.Agent != nil:
		telemetry.Turn(channel, telemetry.TurnAgent)
	case opensCase(c):
		telemetry.Turn(channel, telemetry.TurnHandover)
	case len(c.Outcome.Replies) > 0:
		telemetry.Turn(channel, telemetry.TurnAnswered)
	default:
		telemetry.Turn(channel, telemetry.TurnSilent)
	}
	for _, ended := range []*supportbot.Case{c.Ended, c.Case} {
		if ended != nil && !ended.State.Live() {
			telemetry.CaseEnded(ended.Ending())
		}
	}
	if c.Score != nil {
		telemetry.Mark(c.Score.Score)
	}
	if c.Contained {
		telemetry.Contained(channel)
	}
	for _, e := range c.Events {
		if e.Type == logCase {
			countAct(e.Payload)
		}
	}
}

func countAct(payload []byte) {
	var act supportbot.AgentAct
	if json.Unmarshal(payload, &act) == nil {
		telemetry.CaseAct(act.Kind)
	}
}

// opensCase tells whether a turn put a case into the queue, rather than back.
func opensCase(c supportbot.Commit) bool {
	return c.Case != nil && c.Case.State == supportbot.CaseWaiting && len(c.Messages) > 0 && c.Case.QueuedAt.Equal(c.Messages[0].At)
}

// timed is content whose turn is timed, with what the reader takes apart, and whose
// reader asks the second; call end after the turn.
func (p *Path) timed(ctx context.Context, content Content, from supportbot.Address) (_ Content, end func(error)) {
	ctx, step := telemetry.Begin(ctx, telemetry.Step, from.Channel)
	reader := &timedReader{Reader: content.Reader, ctx: ctx, from: from, second: p.second}
	content.Reader = reader
	return content, func(err error) {
		step.Without(reader.took)
		step.End(err)
	}
}

// timedReader is the reader of one turn.
type timedReader struct {
	Reader
	ctx    context.Context
	from   supportbot.Address
	second Second
	took   time.Duration
}

// Read implements Reader.
func (r *timedReader) Read(text string, q supportbot.Question) supportbot.Reading {
	ctx, stage := telemetry.Begin(r.ctx, telemetry.Read, r.from.Channel)
	defer func() { r.took += stage.End(nil) }()
	reading := r.Reader.Read(text, q)
	if r.second != nil {
		reading = r.second.Reread(ctx, r.from, text, q, r.Reader, reading)
	}
	return reading
}
