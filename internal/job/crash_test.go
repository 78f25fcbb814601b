package job_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/db/dbtest"
	"ambassadeur/internal/job"
	"ambassadeur/internal/job/jobtest"
)

// childEnv makes the test binary a process that can be killed.
const childEnv = "AMBASSADEUR_TEST_CHILD"

func TestMain(m *testing.M) {
	mode := os.Getenv(childEnv)
	if mode == "" {
		os.Exit(m.Run())
	}
	if err := beChild(context.Background(), mode, os.Getenv("AMBASSADEUR_TEST_URL")); err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
}

func beChild(ctx context.Context, mode, url string) error {
	d, err := db.Open(ctx, db.Config{URL: url})
	if err != nil {
		return err
	}
	q, err := job.New(ctx, d, slog.New(slog.DiscardHandler), job.Options{})
	if err != nil {
		return err
	}
	job.Register(q, func(_ context.Context, g greet) error {
		fmt.Println(g.ID)
		if mode == "hang" {
			select {}
		}
		return nil
	}, job.WorkerOptions{})
	if mode == "hang" {
		if err := q.Start(ctx); err != nil {
			return err
		}
		select {}
	}
	for { // "insert": one job after another, each acknowledged after its commit
		id := db.NewID()
		if err := d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error { return q.Insert(ctx, tx, greet{ID: id}) }); err != nil {
			return err
		}
		fmt.Println(id)
	}
}

// killAfter runs a child, kills it when it has said so many lines, and
// returns all whole lines.
func killAfter(t *testing.T, mode, url string, lines int) []string {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+mode, "AMBASSADEUR_TEST_URL="+url)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	r := bufio.NewReader(out)
	for range lines {
		line, err := r.ReadString('\n')
		if err != nil || strings.HasPrefix(line, "error") {
			t.Fatalf("%q, %v", line, err)
		}
		said.WriteString(line)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	rest, _ := io.ReadAll(r)
	said.Write(rest)
	_ = cmd.Wait() // "signal: killed"
	whole := said.String()
	return strings.Fields(whole[:strings.LastIndex(whole, "\n")+1])
}

// TestFaultKillAfterCommit: every job whose commit was acknowledged runs, once.
func TestFaultKillAfterCommit(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, url string) {
		d := dbtest.Open(t, url)
		q := jobtest.New(t, d, job.Options{})
		accepted := killAfter(t, "insert", url, 60)
		var mu sync.Mutex
		runs := map[string]int{}
		job.Register(q, func(_ context.Context, g greet) error {
			mu.Lock()
			defer mu.Unlock()
			runs[g.ID]++
			return nil
		}, job.WorkerOptions{})
		jobtest.Drain(t, d, q)
		for _, id := range accepted {
			if runs[id] != 1 {
				t.Errorf("job %s ran %d times", id, runs[id])
			}
		}
		if err := d.Check(context.Background()); err != nil {
			t.Error(err)
		}
		t.Logf("%d accepted jobs, each ran once", len(accepted))
	})
}

// TestFaultKillInMidJob: jobs that were running run again; on SQLite at once.
func TestFaultKillInMidJob(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, url string) {
		if testing.Short() && strings.HasPrefix(url, "postgres") {
			t.Skip("waits half a minute for a new leader")
		}
		t.Parallel()
		d := dbtest.Open(t, url)
		q := jobtest.New(t, d, job.Options{RescueAfter: 4 * time.Second})
		var mu sync.Mutex
		runs := map[string]int{}
		job.Register(q, func(ctx context.Context, g greet) error {
			if n := job.RunOf(ctx).Attempt; n != 2 {
				t.Errorf("attempt %d, want the second", n)
			}
			mu.Lock()
			defer mu.Unlock()
			runs[g.ID]++
			return nil
		}, job.WorkerOptions{})
		jobtest.Insert(t, d, q, greet{ID: "1"}, greet{ID: "2"}, greet{ID: "3"})
		killAfter(t, "hang", url, 3)

		started := time.Now()
		jobtest.Start(t, q)
		jobtest.Wait(t, func() bool {
			mu.Lock()
			defer mu.Unlock()
			return len(runs) == 3
		})
		took := time.Since(started)
		if strings.HasPrefix(url, "sqlite") && took > 3*time.Second {
			t.Errorf("they waited for %s", took)
		}
		jobtest.Stop(t, q)
		for id, n := range runs {
			if n != 1 {
				t.Errorf("job %s ran %d times", id, n)
			}
		}
		t.Logf("all ran again after %s", took.Round(10*time.Millisecond))
	})
}

// TestFaultKilledByItsLastAttempt: a job that may have killed the process at its
// last attempt is not started again and again.
func TestFaultKilledByItsLastAttempt(t *testing.T) {
	url := dbtest.SQLite(t)
	d := dbtest.Open(t, url)
	q := jobtest.New(t, d, job.Options{})
	job.Register(q, func(context.Context, greet) error { t.Error("it ran again"); return nil }, job.WorkerOptions{})
	err := d.Write(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		return q.Insert(ctx, tx, greet{ID: "1"}, job.Attempts(1))
	})
	if err != nil {
		t.Fatal(err)
	}
	killAfter(t, "hang", url, 1)
	jobtest.Start(t, q)
	time.Sleep(500 * time.Millisecond)
}
