package app

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"ambassadeur/internal/job"
	"ambassadeur/internal/web/kit"
)

// newMetrics makes the registry and what observes pages and jobs. Labels are
// routes, kinds and statuses: nothing about a person.
func newMetrics() (*prometheus.Registry, kit.Observe, func(job.Outcome)) {
	reg := prometheus.NewRegistry()
	answers := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "ambassadeur_answer_seconds", Help: "Time to answer a request, by route and class of status.",
		Buckets: []float64{.001, .005, .025, .1, .5, 2, 10},
	}, []string{"route", "status"})
	jobs := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "ambassadeur_jobs_total", Help: "Runs of jobs, by kind and how they ended.",
	}, []string{"kind", "result"})
	reg.MustRegister(answers, jobs, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	observe := func(route string, status int, took time.Duration) {
		answers.WithLabelValues(route, strconv.Itoa(status/100)+"xx").Observe(took.Seconds())
	}
	return reg, observe, func(o job.Outcome) { jobs.WithLabelValues(o.Kind, o.Result).Inc() }
}
