package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"ambassadeur/internal/fault"
)

// Outcome is how one run of a job ended.
type Outcome struct {
	Kind   string
	Result string        // "done", "later", "retry", "discarded" or "cancelled"
	Waited time.Duration // from when it could start until it did
	Took   time.Duration
}

// Run is what a worker may ask about the run that it is in.
type Run struct {
	ID          int64
	Attempt     int // 1 the first time
	MaxAttempts int
}

// Last reports whether a failure now is final.
func (r Run) Last() bool { return r.Attempt >= r.MaxAttempts }

type runKey struct{}

// RunOf returns the run that ctx belongs to; the zero Run outside a worker.
func RunOf(ctx context.Context) Run {
	r, _ := ctx.Value(runKey{}).(Run)
	return r
}

// Later ends this run without failure and lets the job run again after d.
func Later(d time.Duration) error { return river.JobSnooze(d) }

// Cancel says that trying again makes no sense. The job is kept as cancelled.
func Cancel(err error) error { return river.JobCancel(err) }

// WorkerOptions are what one kind of job may need.
type WorkerOptions struct {
	// Timeout ends the context of a run; 1 minute when zero.
	Timeout time.Duration
}

// Register says how jobs of T's kind are run. work returns nil when it is
// done; Later, Cancel, or any other error to be tried again. Jobs run at least
// once: work must do no harm the second time. Register panics when the kind is
// taken or T can hold more than ids. Call it before Start.
func Register[T Args](q *Queue, work func(ctx context.Context, args T) error, opts WorkerOptions) {
	var zero T
	checkShape(zero)
	river.AddWorker(q.workers, &worker[T]{q: q, work: work, timeout: opts.Timeout})
}

type worker[T Args] struct {
	river.WorkerDefaults[T]
	q       *Queue
	work    func(ctx context.Context, args T) error
	timeout time.Duration
}

func (w *worker[T]) Timeout(*river.Job[T]) time.Duration { return w.timeout }

// Work runs the job and turns whatever happened into what may be stored. The
// error itself is logged here, and nowhere else.
func (w *worker[T]) Work(ctx context.Context, j *river.Job[T]) error {
	run := Run{ID: j.ID, Attempt: j.Attempt, MaxAttempts: j.MaxAttempts}
	started := time.Now()
	err := w.safely(context.WithValue(ctx, runKey{}, run), j.Args)
	result := resultOf(err, run)
	if w.q.opts.Observe != nil {
		w.q.opts.Observe(Outcome{Kind: j.Kind, Result: result, Waited: started.Sub(j.ScheduledAt), Took: time.Since(started)})
	}
	if result == "done" || result == "later" {
		return err
	}
	level := slog.LevelWarn
	if result == "discarded" {
		level = slog.LevelError
	}
	w.q.log.Log(ctx, level, "job failed", "kind", j.Kind, "job", j.ID, "attempt", j.Attempt, "result", result, "error", err)
	if result == "discarded" && w.q.opts.Discarded != nil {
		w.q.opts.Discarded(context.WithoutCancel(ctx), j.Kind, j.ID)
	}
	if result == "cancelled" {
		return river.JobCancel(stored{err})
	}
	return stored{err}
}

func (w *worker[T]) safely(ctx context.Context, args T) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicked{what: describe(v), stack: debug.Stack()}
		}
	}()
	return w.work(ctx, args)
}

func resultOf(err error, run Run) string {
	var snooze *rivertype.JobSnoozeError
	var cancel *rivertype.JobCancelError
	switch {
	case err == nil:
		return "done"
	case errors.As(err, &snooze):
		return "later"
	case errors.As(err, &cancel):
		return "cancelled"
	case run.Last():
		return "discarded"
	default:
		return "retry"
	}
}

// stored is an error whose text is a fault's key or "internal": all that the
// queue's table may keep. Errors below it stay reachable for errors.Is.
type stored struct{ err error }

func (s stored) Error() string {
	if f, ok := fault.As(s.err); ok && idText().MatchString(f.Key) {
		return f.Key
	}
	return "internal"
}

func (s stored) Unwrap() error { return s.err }

// panicked is a panic caught in a worker.
type panicked struct {
	what  string
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %s\n%s", p.what, p.stack) }

// describe says what was panicked with. Only the runtime's own words are
// shown: another value may hold somebody's data.
func describe(v any) string {
	if err, ok := v.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("a value of type %T", v)
}

// quiet keeps the library's chatter below warnings out of the log.
type quiet struct{ slog.Handler }

func (h quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}
func (h quiet) WithAttrs(a []slog.Attr) slog.Handler { return quiet{h.Handler.WithAttrs(a)} }
func (h quiet) WithGroup(n string) slog.Handler      { return quiet{h.Handler.WithGroup(n)} }
