// Package linkcheck looks now and then whether the links of the handbook's
// references still lead somewhere. It asks for each address once, remembers
// the answer, and opens a task when a link failed twice in a row.
//
// Start reading at Checker.Run.
package linkcheck

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/handbook"
)

// Job asks for a check; the weekly one, or, with All, one of every link now.
type Job struct {
	All bool `json:"all"`
}

// Kind names the job.
func (Job) Kind() string { return "handbook.check_links" }

// Every is how often the job looks whose turn it is, which each link's is once
// a week; MaxRun bounds how long it takes.
const (
	Every  = 24 * time.Hour
	MaxRun = 20 * time.Minute
)

const (
	fresh       = 6 * 24 * time.Hour // a link looked at since then waits for its next turn
	apart       = time.Hour          // failures closer together are one failure
	taskAfter   = 2                  // failures in a row
	maxTargets  = 200
	hostPause   = time.Second
	oneLinkTime = 10 * time.Second
)

// Target is a link to look at: the id of a reference, and its address.
type Target struct{ ID, URL string }

// Targets are the links of the references in an edition.
func Targets(book *handbook.Index) []Target {
	var out []Target
	for _, ref := range book.Content().References {
		if ref.URL != "" {
			out = append(out, Target{ref.ID, ref.URL})
		}
	}
	return out
}

// Outcome is how a link was found. The codes are stored.
type Outcome string

// The outcomes. Those from Status on are failures.
const (
	OK        Outcome = "ok"
	Locked    Outcome = "locked" // there, behind a sign-in
	Busy      Outcome = "busy"   // the site asked to come back later; says nothing
	Status    Outcome = "status" // an error page
	Network   Outcome = "network"
	Timeout   Outcome = "timeout"
	Redirects Outcome = "redirects" // sent on too often
	Refused   Outcome = "refused"   // an address that this program does not visit
)

// Failed reports whether the link did not lead to a page.
func (o Outcome) Failed() bool {
	switch o {
	case OK, Locked, Busy:
		return false
	default:
		return true
	}
}

// Link is what is known about one reference's link.
type Link struct {
	Reference string
	URL       string
	Outcome   Outcome
	Status    int // of HTTP; 0 when there was no answer
	Failures  int // in a row
	CheckedAt time.Time
	GoodAt    time.Time // when it was last fine; zero: never yet
	TaskAt    time.Time // since when a task is open; zero: none
}

// Config is what a Checker needs.
type Config struct {
	DB *db.DB
	// Targets gives the links of the edition in force.
	Targets func(ctx context.Context) ([]Target, error)
	// Task is told, in the transaction, that a link failed twice in a row.
	Task func(ctx context.Context, tx *sql.Tx, reference string) error
	// Agent names the product and how to reach its owner, for the sites.
	Agent string
	// Loopback lets the checker visit this machine. For tests only.
	Loopback bool
	// Pause is waited between two links; a second when zero. For tests.
	Pause time.Duration
	// Timeout is for one link, both tries together; ten seconds when zero.
	Timeout time.Duration
	// Now may be nil: the clock of the machine.
	Now func() time.Time
}

// Checker looks at links. It is safe for use by several goroutines.
type Checker struct {
	cfg     Config
	visitor *visitor
}

// New makes a checker.
func New(cfg Config) *Checker {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Pause == 0 {
		cfg.Pause = hostPause
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = oneLinkTime
	}
	if cfg.Task == nil {
		cfg.Task = func(context.Context, *sql.Tx, string) error { return nil }
	}
	return &Checker{cfg: cfg, visitor: newVisitor(cfg.Agent, cfg.Timeout, cfg.Loopback)}
}

// Run is the work of Job: it looks at the links whose turn it is, or at all.
// What it found before an error stays.
func (c *Checker) Run(ctx context.Context, job Job) error {
	targets, err := c.cfg.Targets(ctx)
	if err != nil {
		return fmt.Errorf("check links: %w", err)
	}
	if len(targets) > maxTargets {
		targets = targets[:maxTargets]
	}
	known, err := c.forget(ctx, targets)
	if err != nil {
		return fmt.Errorf("check links: %w", err)
	}
	for i, t := range targets {
		if last, ok := known[t.ID]; ok && !job.All && last.URL == t.URL && c.cfg.Now().Sub(last.CheckedAt) < fresh {
			continue
		}
		if i > 0 {
			if err := pause(ctx, c.cfg.Pause); err != nil {
				return err
			}
		}
		outcome, status := c.visitor.look(ctx, t.URL)
		if err := ctx.Err(); err != nil {
			return err // stopped: what the visitor says is about us, not the link
		}
		if err := c.keep(ctx, t, outcome, status); err != nil {
			return fmt.Errorf("check links: %w", err)
		}
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// forget removes what is known of references that are gone, and returns the rest.
func (c *Checker) forget(ctx context.Context, targets []Target) (map[string]Link, error) {
	wanted := map[string]bool{}
	for _, t := range targets {
		wanted[t.ID] = true
	}
	known := map[string]Link{}
	err := c.cfg.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		clear(known)
		all, err := list(ctx, tx)
		if err != nil {
			return err
		}
		for _, l := range all {
			if wanted[l.Reference] {
				known[l.Reference] = l
			} else if _, err := db.Exec(ctx, tx, `delete from link_check where reference = $1`, l.Reference); err != nil {
				return err
			}
		}
		return nil
	})
	return known, err
}

// keep stores one answer, and opens a task at the second failure in a row.
func (c *Checker) keep(ctx context.Context, t Target, outcome Outcome, status int) error {
	now := c.cfg.Now()
	return c.cfg.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		l, err := db.Get(ctx, tx, scanLink, `select `+columns+` from link_check where reference = $1`, t.ID)
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return err
		}
		next := l.after(t, outcome, status, now)
		if err := put(ctx, tx, next); err != nil {
			return err
		}
		if l.TaskAt.IsZero() && !next.TaskAt.IsZero() {
			return c.cfg.Task(ctx, tx, t.ID)
		}
		return nil
	})
}

// after is what is known of a link once it was looked at again.
func (l Link) after(t Target, outcome Outcome, status int, now time.Time) Link {
	if l.URL != t.URL {
		l = Link{} // another address: what we knew was about the old one
	}
	next := Link{Reference: t.ID, URL: t.URL, Outcome: outcome, Status: status, Failures: l.Failures,
		CheckedAt: now, GoodAt: l.GoodAt, TaskAt: l.TaskAt}
	switch {
	case outcome == Busy:
	case !outcome.Failed():
		next.Failures, next.GoodAt, next.TaskAt = 0, now, time.Time{}
	case l.Failures == 0 || now.Sub(l.CheckedAt) >= apart:
		next.Failures++
	}
	if next.Failures >= taskAfter && next.TaskAt.IsZero() {
		next.TaskAt = now
	}
	return next
}

// List returns what is known, by reference.
func (c *Checker) List(ctx context.Context) ([]Link, error) {
	out, err := list(ctx, c.cfg.DB.Reader())
	if err != nil {
		return nil, fmt.Errorf("list links: %w", err)
	}
	return out, nil
}

const columns = `reference, url, outcome, status, failures, checked_at, good_at, task_at`

func scanLink(r db.Row) (Link, error) {
	var l Link
	var checked, good, task int64
	err := r.Scan(&l.Reference, &l.URL, &l.Outcome, &l.Status, &l.Failures, &checked, &good, &task)
	l.CheckedAt, l.GoodAt, l.TaskAt = db.Time(checked), db.Time(good), db.Time(task)
	return l, err
}

func list(ctx context.Context, q db.Queryer) ([]Link, error) {
	return db.List(ctx, q, scanLink, `select `+columns+` from link_check order by reference`)
}

func put(ctx context.Context, tx *sql.Tx, l Link) error {
	_, err := db.Exec(ctx, tx, `insert into link_check (reference, url, outcome, status, failures, checked_at, good_at, task_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (reference) do update set url = excluded.url, outcome = excluded.outcome, status = excluded.status,
			failures = excluded.failures, checked_at = excluded.checked_at, good_at = excluded.good_at, task_at = excluded.task_at`,
		l.Reference, l.URL, string(l.Outcome), l.Status, l.Failures, db.Micros(l.CheckedAt), db.Micros(l.GoodAt), db.Micros(l.TaskAt))
	return err
}
