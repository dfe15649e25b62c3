package telemetry

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	"supportbot"
)

// StageName names a part of a turn.
type StageName int

// The stages of a turn, in their order. Whole is all of them with what lies
// between, and Step is without the Read within it.
const (
	Whole StageName = iota
	Mask
	Read
	Step
	Commit
)

// stageNames are label values; spanNames are the same in a trace, which begins
// before the turn and ends after it.
var (
	stageNames = [...]string{"whole", "mask", "read", "step", "commit"}
	spanNames  = [...]string{"receive", "mask", "read", "step", "commit"}
)

// observers are those of stageSeconds, found once: a turn needs five.
var observers = func() map[supportbot.Channel]*[len(stageNames)]prometheus.Observer {
	all := map[supportbot.Channel]*[len(stageNames)]prometheus.Observer{}
	for _, channel := range served {
		all[channel] = new([len(stageNames)]prometheus.Observer)
		for i, name := range stageNames {
			all[channel][i] = stageSeconds.WithLabelValues(name, string(channel))
		}
	}
	return all
}()

// Stage is a part of a turn that is under way.
type Stage struct {
	name    StageName
	channel supportbot.Channel
	began   time.Time
	span    trace.Span // nil unless this turn is traced
	less    time.Duration
}

// Begin begins a stage, and a span under that of ctx if the trace is recorded.
func Begin(ctx context.Context, name StageName, channel supportbot.Channel) (context.Context, Stage) {
	s := Stage{name: name, channel: channel, began: time.Now()}
	if name == Whole || trace.SpanFromContext(ctx).IsRecording() {
		ctx, s.span = start(ctx, spanNames[name])
	}
	return ctx, s
}

// Without leaves time that belongs to another stage out of this one's metric.
func (s *Stage) Without(other time.Duration) { s.less += other }

// End ends the stage, with err if it failed, and returns how long it took.
func (s *Stage) End(err error) time.Duration {
	took := time.Since(s.began)
	end(s.span, err != nil)
	if of := observers[s.channel]; of != nil {
		of[s.name].Observe((took - s.less).Seconds())
	}
	return took
}
