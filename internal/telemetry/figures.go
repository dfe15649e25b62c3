package telemetry

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"supportbot"
)

// Figures are what the store knows of the work that waits in it.
type Figures struct {
	Inbox, Outbox, Feed Line
	FailedIn, ParkedOut Line                           // rows that were given up
	ParkedFeed          Line                           // the same of another desk's
	Queue               Line                           // cases that wait for an agent
	Active              Line                           // cases that agents work on
	Cases               map[supportbot.CaseState]int64 // the live ones
}

// Line is what stands in one place.
type Line struct {
	Waiting int64
	Oldest  time.Time // when the first of them came; zero if there is none
}

// Source is where /metrics reads what the process does not count by itself.
type Source struct {
	Figures func(context.Context) (Figures, error)
	Content func() string // the version in force
	Notice  func() string // "" unless its source holds a broken one
	Log     *slog.Logger
}

const (
	figuresTimeout = 5 * time.Second
	figuresKept    = time.Second // so that asking often costs the database nothing
)

// Handler serves the metrics in the format of Prometheus. While the store does
// not answer, the rest is served and supportbot_store_up is 0.
func Handler(from Source) http.Handler {
	asked := prometheus.NewRegistry()
	asked.MustRegister(&store{from: from})
	return promhttp.HandlerFor(prometheus.Gatherers{registry, asked}, promhttp.HandlerOpts{})
}

// store is the collector of Figures.
type store struct {
	from Source

	mu   sync.Mutex
	at   time.Time
	last Figures
	err  error
}

var (
	storeUp   = prometheus.NewDesc("supportbot_store_up", "1 if the database answers.", nil, nil)
	content   = prometheus.NewDesc("supportbot_content_info", "The version of the content in force.", []string{"version"}, nil)
	broken    = prometheus.NewDesc("supportbot_content_broken", "1 if newer content was refused, so that the last good version stays in force.", nil, nil)
	rows      = prometheus.NewDesc("supportbot_waiting_rows", "Rows that are not handled yet, in the store: the same on every node.", []string{"lane"}, nil)
	parked    = prometheus.NewDesc("supportbot_parked_rows", "Rows that were given up and wait for an operator, in the store: the same on every node.", []string{"lane"}, nil)
	lag       = prometheus.NewDesc("supportbot_lag_seconds", "How long the oldest row waits, in the store: the same on every node.", []string{"lane"}, nil)
	cases     = prometheus.NewDesc("supportbot_cases", "Live cases by state, in the store: the same on every node.", []string{"state"}, nil)
	caseQueue = prometheus.NewDesc("supportbot_case_wait_seconds", "How long the oldest case has waited for an agent.", nil, nil)
)

// Describe implements prometheus.Collector.
func (*store) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{storeUp, content, broken, rows, parked, lag, cases, caseQueue} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (s *store) Collect(to chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	gauge(content, 1, s.from.Content())
	gauge(broken, truth(s.from.Notice() != ""))
	f, err := s.ask()
	gauge(storeUp, truth(err == nil))
	if err != nil {
		return
	}
	for lane, line := range map[string]Line{"in": f.Inbox, "out": f.Outbox, "desk": f.Feed} {
		gauge(rows, float64(line.Waiting), lane)
		gauge(lag, line.age().Seconds(), lane)
	}
	gauge(parked, float64(f.FailedIn.Waiting), "in")
	gauge(parked, float64(f.ParkedOut.Waiting), "out")
	gauge(parked, float64(f.ParkedFeed.Waiting), "desk")
	for _, state := range supportbot.LiveStates {
		gauge(cases, float64(f.Cases[state]), string(state))
	}
	gauge(caseQueue, f.Queue.age().Seconds())
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// age is how long the first has waited, 0 also if a clock was set back.
func (l Line) age() time.Duration {
	if l.Oldest.IsZero() {
		return 0
	}
	return max(0, time.Since(l.Oldest))
}

func (s *store) ask() (Figures, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.at) < figuresKept {
		return s.last, s.err
	}
	ctx, cancel := context.WithTimeout(context.Background(), figuresTimeout)
	defer cancel()
	s.last, s.err = s.from.Figures(ctx)
	s.at = time.Now()
	if s.err != nil {
		s.from.Log.Error("metrics are incomplete", "error", s.err)
	}
	return s.last, s.err
}
