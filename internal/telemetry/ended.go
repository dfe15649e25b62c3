package telemetry

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"supportbot"
)

// Agents answer within seconds or keep people waiting for an hour.
var waits = []float64{5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200}

var (
	casesEnded = metrics.NewCounterVec(prometheus.CounterOpts{
		Name: "supportbot_cases_ended_total", Help: "Cases that ended, by the flow that asked for an agent, how they ended, and the verdict. State abandoned: the person left; expired: nobody came.",
	}, []string{"reason", "state", "outcome"})
	caseAnswerSeconds = metrics.NewHistogramVec(prometheus.HistogramOpts{
		Name: "supportbot_case_answer_seconds", Help: "How long people waited until an agent first took their case, of cases that ended.", Buckets: waits,
	}, []string{"channel"})
	caseHandleSeconds = metrics.NewHistogramVec(prometheus.HistogramOpts{
		Name: "supportbot_case_handle_seconds", Help: "How long agents were on a case, from the first claim to the end.", Buckets: waits,
	}, []string{"channel"})
	marks = metrics.NewCounterVec(prometheus.CounterOpts{
		Name: "supportbot_case_marks_total", Help: "What people thought of an agent's help, 1 to 5.",
	}, []string{"mark"})
	contained = metrics.NewCounterVec(prometheus.CounterOpts{
		Name: "supportbot_contained_total", Help: "Errands that the bot brought to an end without an agent. With supportbot_cases_ended_total it gives the containment.",
	}, []string{"channel"})
)

// CaseEnded counts a case that has ended.
func CaseEnded(e supportbot.Ended) {
	casesEnded.WithLabelValues(e.Reason, string(e.State), string(e.Verdict)).Inc()
	if e.Claimed.IsZero() {
		return
	}
	caseAnswerSeconds.WithLabelValues(string(e.Channel)).Observe(e.Claimed.Sub(e.Opened).Seconds())
	caseHandleSeconds.WithLabelValues(string(e.Channel)).Observe(e.Ended.Sub(e.Claimed).Seconds())
}

// Mark counts what a person thought of an agent's help.
func Mark(score int) { marks.WithLabelValues(strconv.Itoa(score)).Inc() }

// Contained counts an errand that ended without an agent.
func Contained(channel supportbot.Channel) { contained.WithLabelValues(string(channel)).Inc() }
