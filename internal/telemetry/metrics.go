// Package telemetry shows an operator what the server does: metrics for
// Prometheus, traces for OpenTelemetry, and logs that bear the id of their
// trace. Nothing that a person wrote goes into any of them, and every label has
// a bounded set of values.
package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"supportbot"
)

// registry holds what the process counts by itself. What is read from the store
// when somebody asks is in figures.go.
var registry = prometheus.NewRegistry()

var metrics = promauto.With(registry)

func init() {
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewBuildInfoCollector(),
	)
}

// seconds are the bounds of durations: reading takes tens of microseconds, a
// commit milliseconds, a provider or a model seconds.
var seconds = []float64{.00005, .00025, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}

var (
	stageSeconds = metrics.NewHistogramVec(prometheus.HistogramOpts{
		Name: "supportbot_turn_seconds", Help: "How long the stages of turns took; whole is from the call of the channel to the recorded outcome.",
		Buckets: seconds,
	}, []string{"stage", "channel"})
	turns = metrics.NewCounterVec(prometheus.CounterOpts{
		Name: "supportbot_turns_total", Help: "Turns by what came of them.",
	}, []string{"channel", "outcome"})
	caseActs = metrics.NewCounterVec(prometheus.CounterOpts{
		Name: "supportbot_case_acts_total", Help: "What was done to cases; lapse: the agent was not heard of and lost the case.",
	}, []string{"act"})
	sends = metrics.NewCounterVec(prometheus.CounterOpts{
		Name: "supportbot_sends_total", Help: "Attempts to give a reply to a provider, by what came of them.",
	}, []string{"channel", "outcome"})
	sendSeconds = metrics.NewHistogramVec(prometheus.HistogramOpts{
		Name: "supportbot_send_seconds", Help: "How long providers took to answer an attempt to send.",
		Buckets: seconds,
	}, []string{"channel"})
	groupSize = metrics.NewHistogram(prometheus.HistogramOpts{
		Name: "supportbot_commit_group_size", Help: "Writes that one commit of SQLite shared.",
		Buckets: prometheus.ExponentialBuckets(1, 2, 9),
	})
	groupSeconds = metrics.NewHistogram(prometheus.HistogramOpts{
		Name: "supportbot_commit_seconds", Help: "How long one commit of SQLite took, all its writes included.",
		Buckets: seconds,
	})
	refused = metrics.NewCounterVec(prometheus.CounterOpts{
		Name: "supportbot_refused_total", Help: "What was refused because it was too much, by the limit: chat, address, begun, sockets, rest, turns.",
	}, []string{"limit"})
	cut = metrics.NewCounterVec(prometheus.CounterOpts{
		Name: "supportbot_cut_total", Help: "What was deleted because it had its age: transcripts, cases, missed, audit, sent, sessions, content.",
	}, []string{"kind"})
	modelSeconds = metrics.NewHistogramVec(prometheus.HistogramOpts{
		Name: "supportbot_model_seconds", Help: "How long questions to the language model took, by what for and what came of them.",
		Buckets: seconds,
	}, []string{"use", "outcome"})
	modelTokens = metrics.NewCounterVec(prometheus.CounterOpts{
		Name: "supportbot_model_tokens_total", Help: "Tokens that the language model has read and written.",
	}, []string{"use", "way"})
	requests = metrics.NewCounterVec(prometheus.CounterOpts{
		Name: "supportbot_http_requests_total", Help: "Answered HTTP requests.",
	}, []string{"route", "code"})
	websockets = metrics.NewGaugeVec(prometheus.GaugeOpts{
		Name: "supportbot_websockets", Help: "Open websockets.",
	}, []string{"route"})
)

// TurnsAnew counts turns that failed, so that their conversation began anew.
var TurnsAnew = metrics.NewCounter(prometheus.CounterOpts{
	Name: "supportbot_turns_anew_total", Help: "Turns that failed, so that their conversation began anew.",
})

// LeasesLost counts what a node had to discard because another one had taken
// over the conversation meanwhile.
var LeasesLost = metrics.NewCounter(prometheus.CounterOpts{
	Name: "supportbot_leases_lost_total", Help: "Work that was discarded because another node had taken over the conversation meanwhile.",
})

// Refused counts a message or connection that was refused because of a limit.
func Refused(limit string) { refused.WithLabelValues(limit).Inc() }

// Cut counts what was deleted because it had its age.
func Cut(kind string, n int) { cut.WithLabelValues(kind).Add(float64(n)) }

// Model counts one question to the language model: what it was for, what came of
// it, the tokens that it read and wrote, and how long that took.
func Model(use, outcome string, in, out int, took time.Duration) {
	modelSeconds.WithLabelValues(use, outcome).Observe(took.Seconds())
	modelTokens.WithLabelValues(use, "in").Add(float64(in))
	modelTokens.WithLabelValues(use, "out").Add(float64(out))
}

// Committed notes one commit of SQLite that began at a time and holds a number
// of writes.
func Committed(writes int, began time.Time) {
	groupSize.Observe(float64(writes))
	groupSeconds.Observe(time.Since(began).Seconds())
}

// TurnOutcome is what came of a turn.
type TurnOutcome string

// The outcomes of turns.
const (
	TurnAnswered TurnOutcome = "answered" // the bot said something
	TurnHandover TurnOutcome = "handover" // a case was opened
	TurnAgent    TurnOutcome = "agent"    // an act of an agent, carried out or refused
	TurnSilent   TurnOutcome = "silent"   // nothing was said: an agent owns the conversation, or a timer was stale
	TurnRepeat   TurnOutcome = "repeat"   // a message that had come before
	TurnConflict TurnOutcome = "conflict" // its id was used before with another body
	TurnInvalid  TurnOutcome = "invalid"  // the message was at fault
	TurnFenced   TurnOutcome = "fenced"   // another node was quicker: tried again
	TurnFailed   TurnOutcome = "failed"   // nothing was acknowledged
)

var turnOutcomes = []TurnOutcome{
	TurnAnswered, TurnHandover, TurnAgent, TurnSilent, TurnRepeat, TurnConflict, TurnInvalid, TurnFenced, TurnFailed,
}

// Turn counts one turn.
func Turn(channel supportbot.Channel, outcome TurnOutcome) {
	turns.WithLabelValues(string(channel), string(outcome)).Inc()
}

// CaseAct counts one act that was carried out on a case.
func CaseAct(kind supportbot.ActKind) { caseActs.WithLabelValues(string(kind)).Inc() }

// Channels on which people come to a server.
var served = supportbot.Channels

// A series that has not happened yet is 0 rather than missing, so that a rate
// sees the first time, and an alert on it can be tested.
func init() {
	for _, outcome := range sendOutcomes {
		sends.WithLabelValues(string(Desk), string(outcome))
	}
	for _, channel := range served {
		for _, outcome := range turnOutcomes {
			turns.WithLabelValues(string(channel), string(outcome))
		}
		if channel == supportbot.Web {
			continue // its clients come for the replies
		}
		for _, outcome := range sendOutcomes {
			sends.WithLabelValues(string(channel), string(outcome))
		}
		sendSeconds.WithLabelValues(string(channel))
	}
	for _, limit := range []string{"chat", "address", "begun", "sockets", "rest", "turns"} {
		refused.WithLabelValues(limit)
	}
	for _, kind := range []string{"transcripts", "cases", "missed", "audit", "sent", "told", "sessions", "content"} {
		cut.WithLabelValues(kind)
	}
	for _, act := range []supportbot.ActKind{
		supportbot.ActClaim, supportbot.ActMessage, supportbot.ActOutcome, supportbot.ActRelease, supportbot.ActClose,
		supportbot.ActLeave, supportbot.ActLapse, supportbot.ActExpire, supportbot.ActContact,
		supportbot.ActOffer, supportbot.ActAccept, supportbot.ActDecline, supportbot.ActTimeout, supportbot.ActTransfer,
		supportbot.ActConsult, supportbot.ActResume, supportbot.ActNote, supportbot.ActConnected, supportbot.ActCallback,
		supportbot.ActDefer, supportbot.ActCancel,
	} {
		caseActs.WithLabelValues(string(act))
	}
}
