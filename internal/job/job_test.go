package job_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/db/dbtest"
	"ambassadeur/internal/fault"
	"ambassadeur/internal/job"
	"ambassadeur/internal/job/jobtest"
)

type greet struct {
	ID string `json:"id"`
}

func (greet) Kind() string { return "greet" }

// TestEachJobRunsOnce: two queues with sixteen workers on one database.
func TestEachJobRunsOnce(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, url string) {
		const jobs = 400
		d1, d2 := dbtest.Open(t, url), dbtest.Open(t, url)
		var mu sync.Mutex
		runs, by := map[string]int{}, [2]int{}
		var total atomic.Int64
		queues := [2]*job.Queue{jobtest.New(t, d1, job.Options{}), jobtest.New(t, d2, job.Options{})}
		for i, q := range queues {
			job.Register(q, func(_ context.Context, g greet) error {
				mu.Lock()
				runs[g.ID]++
				by[i]++
				mu.Unlock()
				time.Sleep(time.Millisecond)
				total.Add(1)
				return nil
			}, job.WorkerOptions{})
		}
		for i := range jobs {
			jobtest.Insert(t, d1, queues[0], greet{ID: fmt.Sprint(i)})
		}
		started := time.Now()
		for _, q := range queues {
			jobtest.Start(t, q)
		}
		jobtest.Wait(t, func() bool { return total.Load() >= jobs })
		took := time.Since(started)
		time.Sleep(300 * time.Millisecond) // for a second run, were there one
		jobtest.Stop(t, queues[0])
		jobtest.Stop(t, queues[1])
		for id, n := range runs {
			if n != 1 {
				t.Errorf("job %s ran %d times", id, n)
			}
		}
		if len(runs) != jobs {
			t.Errorf("%d of %d jobs ran", len(runs), jobs)
		}
		t.Logf("%d jobs in %s; shared as %v", jobs, took.Round(time.Millisecond), by)
	})
}

func TestNodesMigrateTogether(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, url string) {
		var all sync.WaitGroup
		for range 4 {
			d := dbtest.Open(t, url)
			all.Go(func() {
				if err := job.Migrate(context.Background(), d); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	})
}

func TestARollbackTakesTheJobAlong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := jobtest.New(t, d, job.Options{})
		job.Register(q, func(context.Context, greet) error { return nil }, job.WorkerOptions{})
		changed := errors.New("changed my mind")
		err := d.Write(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
			return errors.Join(q.Insert(ctx, tx, greet{ID: "1"}), changed)
		})
		if !errors.Is(err, changed) || err.Error() != changed.Error() {
			t.Fatal(err)
		}
		if got := jobtest.Kinds(t, d); len(got) != 0 {
			t.Fatalf("jobs: %v", got)
		}
	})
}

func TestUniqueAndScheduled(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := jobtest.New(t, d, job.Options{})
		var ran atomic.Int64
		job.Register(q, func(context.Context, greet) error { ran.Add(1); return nil }, job.WorkerOptions{})
		insert := func(g greet, opts ...job.Option) {
			t.Helper()
			err := d.Write(context.Background(), func(ctx context.Context, tx *sql.Tx) error { return q.Insert(ctx, tx, g, opts...) })
			if err != nil {
				t.Fatal(err)
			}
		}
		insert(greet{ID: "a"}, job.Unique())
		insert(greet{ID: "a"}, job.Unique())
		insert(greet{ID: "b"}, job.Unique())
		insert(greet{ID: "c"}, job.At(time.Now().Add(time.Hour)))
		if got := jobtest.Kinds(t, d); len(got) != 3 {
			t.Fatalf("%d jobs, want 3", len(got))
		}
		jobtest.Drain(t, d, q)
		if ran.Load() != 2 {
			t.Fatalf("%d ran, want 2: the third is for later", ran.Load())
		}
		insert(greet{ID: "a"}, job.Unique()) // the first is done: room again
		insert(greet{ID: "d"}, job.UniqueFor(24*time.Hour))
		jobtest.Drain(t, d, q)
		insert(greet{ID: "d"}, job.UniqueFor(24*time.Hour)) // done, but the same day
		if got := jobtest.Kinds(t, d); len(got) != 1 || ran.Load() != 4 {
			t.Fatalf("%d left, want 1; %d ran, want 4", len(got), ran.Load())
		}
	})
}

// TestUniqueAtTheSameTime: many transactions enqueue the same unique job.
func TestUniqueAtTheSameTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := jobtest.New(t, d, job.Options{})
		job.Register(q, func(context.Context, greet) error { return nil }, job.WorkerOptions{})
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				err := d.Write(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
					return q.Insert(ctx, tx, greet{ID: "same"}, job.Unique())
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got := jobtest.Kinds(t, d); len(got) != 1 {
			t.Fatalf("%d jobs, want 1", len(got))
		}
	})
}

// TestOnlyKeysAreStored: whatever a worker fails with, its text stays out of
// the database, and a panic harms nobody else.
func TestOnlyKeysAreStored(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var outcomes sync.Map
		var log strings.Builder
		var discarded atomic.Int64
		ctx := context.Background()
		if err := job.Migrate(ctx, d); err != nil {
			t.Fatal(err)
		}
		q, err := job.New(ctx, d, slog.New(slog.NewTextHandler(&log, nil)), job.Options{
			Workers:   1, // the log is not safe for more
			Observe:   func(o job.Outcome) { outcomes.Store(o.Result, true) },
			Discarded: func(context.Context, string, int64) { discarded.Add(1) },
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(q.Close)
		const secret = "jan@example.org"
		job.Register(q, func(ctx context.Context, g greet) error {
			switch g.ID {
			case "error":
				return errors.New(secret)
			case "fault":
				return fmt.Errorf("%s: %w", secret, fault.NewUnavailable("mail.down").Because(errors.New(secret)))
			case "cancel":
				return fmt.Errorf("%s: %w", secret, job.Cancel(errors.New(secret)))
			case "panic":
				panic(secret)
			case "later":
				return fmt.Errorf("%s: %w", secret, job.Later(time.Hour))
			case "last":
				if !job.RunOf(ctx).Last() {
					t.Error("with one attempt the first is the last")
				}
				return errors.New(secret)
			}
			return nil
		}, job.WorkerOptions{})
		for _, id := range []string{"error", "fault", "cancel", "panic", "later", "good"} {
			jobtest.Insert(t, d, q, greet{ID: id})
		}
		err = d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
			return q.Insert(ctx, tx, greet{ID: "last"}, job.Attempts(1))
		})
		if err != nil {
			t.Fatal(err)
		}
		jobtest.Drain(t, d, q)

		errs, err := db.List(ctx, d.Reader(), db.Text, `select coalesce(cast(errors as text), '') from river_job`)
		if err != nil {
			t.Fatal(err)
		}
		whole := strings.Join(errs, "\n")
		if strings.Contains(whole, secret) || strings.Contains(whole, "goroutine") {
			t.Errorf("stored: %s", whole)
		}
		if len(errs) != 7 || !strings.Contains(whole, "mail.down") {
			t.Errorf("want seven jobs, one with the fault's key: %s", whole)
		}
		if strings.Contains(log.String(), "a value of type string") == false || !strings.Contains(log.String(), "job_test.go") {
			t.Errorf("the log lacks the panic: %s", log.String())
		}
		for _, want := range []string{"done", "later", "retry", "cancelled", "discarded"} {
			if _, ok := outcomes.Load(want); !ok {
				t.Errorf("nobody was told of %q", want)
			}
		}
		failed, err := q.ListFailed(ctx, 10)
		if err != nil || len(failed) != 1 || discarded.Load() != 1 {
			t.Fatalf("failed: %v, %v; told %d times", failed, err, discarded.Load())
		}
		if err := d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error { return q.Retry(ctx, tx, failed[0].ID) }); err != nil {
			t.Fatal(err)
		}
		if counts, err := q.Counts(ctx); err != nil || len(counts) < 4 {
			t.Errorf("counts: %v, %v", counts, err)
		}
	})
}

type nested struct{ Person struct{ Name string } }

func (nested) Kind() string { return "nested" }

func TestArgumentsAreIDs(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite(t))
	q := jobtest.New(t, d, job.Options{})
	defer func() {
		if recover() == nil {
			t.Error("arguments with a struct in them were registered")
		}
	}()
	job.Register(q, func(context.Context, greet) error { return nil }, job.WorkerOptions{})
	for id, ok := range map[string]bool{
		db.NewID(): true, "edition/12": true, "": true,
		"jan@example.org": false, "Jan de Vries": false, strings.Repeat("a", 101): false, "línea": false,
	} {
		err := d.Write(context.Background(), func(ctx context.Context, tx *sql.Tx) error { return q.Insert(ctx, tx, greet{ID: id}) })
		if (err == nil) != ok {
			t.Errorf("%q: %v", id, err)
		}
		if err != nil && strings.Contains(err.Error(), id) {
			t.Errorf("the error repeats the text: %v", err)
		}
	}
	job.Register(q, func(context.Context, nested) error { return nil }, job.WorkerOptions{})
}

func TestEvery(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel() // it waits for an elected leader
		q := jobtest.New(t, d, job.Options{})
		var ran atomic.Int64
		job.Register(q, func(context.Context, greet) error { ran.Add(1); return nil }, job.WorkerOptions{})
		q.Every(24*time.Hour, greet{ID: "daily"})
		jobtest.Start(t, q)
		jobtest.Wait(t, func() bool { return ran.Load() == 1 })
		jobtest.Stop(t, q)

		again := jobtest.New(t, d, job.Options{}) // a restart on the same day
		job.Register(again, func(context.Context, greet) error { ran.Add(1); return nil }, job.WorkerOptions{})
		again.Every(24*time.Hour, greet{ID: "daily"})
		again.Every(time.Second, greet{ID: "often"})
		jobtest.Start(t, again)
		jobtest.Wait(t, func() bool { return ran.Load() >= 3 })
		daily, err := db.Get(context.Background(), d.Reader(), db.Number,
			`select count(*) from river_job where cast(args as text) like '%daily%'`)
		if err != nil || daily != 1 {
			t.Errorf("%d daily jobs, %v", daily, err)
		}
	})
}

// TestStopWaits: a graceful stop lets a job finish; one that takes too long is
// cancelled and runs again after the next start.
func TestStopWaits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q := jobtest.New(t, d, job.Options{})
		running, finished := make(chan struct{}, 2), atomic.Int64{}
		job.Register(q, func(ctx context.Context, g greet) error {
			running <- struct{}{}
			if g.ID == "slow" && job.RunOf(ctx).Attempt == 1 {
				<-ctx.Done()
				return ctx.Err()
			}
			time.Sleep(200 * time.Millisecond)
			finished.Add(1)
			return nil
		}, job.WorkerOptions{})
		jobtest.Insert(t, d, q, greet{ID: "quick"})
		jobtest.Start(t, q)
		<-running
		jobtest.Stop(t, q)
		if finished.Load() != 1 {
			t.Fatal("the job was not waited for")
		}
		jobtest.Insert(t, d, q, greet{ID: "slow"})
		jobtest.Start(t, q)
		<-running
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		if err := q.Stop(ctx); err != nil {
			t.Fatal(err)
		}
		if got := jobtest.Kinds(t, d); len(got) != 1 {
			t.Fatalf("the job was lost: %v", got)
		}
	})
}
