package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/job"
	"ambassadeur/internal/notify"
	"ambassadeur/internal/people"
)

// announce is the job that tells the audiences of a new edition about it.
type announce struct {
	EditionID string `json:"edition_id"`
}

// Kind names the job.
func (announce) Kind() string { return "edition.announce" }

// remind is the job that reminds those who were asked to read an edition.
type remind struct{}

// Kind names the job.
func (remind) Kind() string { return "edition.remind" }

const (
	// announceStep is how many people one transaction tells.
	announceStep = 100
	remindStep   = 500
)

func (a *App) registerAnnouncements() {
	job.Register(a.Queue, func(ctx context.Context, args announce) error { return a.announce(ctx, args.EditionID) },
		job.WorkerOptions{Timeout: 10 * time.Minute})
	job.Register(a.Queue, func(ctx context.Context, _ remind) error { return a.remind(ctx) }, job.WorkerOptions{})
	a.Queue.Every(24*time.Hour, remind{})
}

// announceLater runs in the transaction that publishes. The edition that is
// there from the first start is no news.
func (a *App) announceLater(ctx context.Context, tx *sql.Tx, e handbook.Edition) error {
	if a.Queue == nil {
		return nil
	}
	return a.Queue.Insert(ctx, tx, announce{EditionID: e.ID})
}

// announce puts a card on the home of everybody for whom the edition changes
// something, and asks them to read it when it is material. It may be run again.
func (a *App) announce(ctx context.Context, edition string) error {
	persons, err := a.concerned(ctx, edition)
	if err != nil {
		return fmt.Errorf("announce edition %s: %w", edition, err)
	}
	for lot := range slices.Chunk(persons, announceStep) {
		err := a.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
			for _, p := range lot {
				if err := a.Notify.NotifyOnce(ctx, tx, p, notify.Edition, "edition/"+edition); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("announce edition %s: %w", edition, err)
		}
		for _, p := range lot {
			if err := a.Readings.Invite(ctx, p); err != nil {
				return fmt.Errorf("announce edition %s: %w", edition, err)
			}
		}
	}
	return nil
}

// concerned lists the persons in an audience for which the edition changes
// something, each once.
func (a *App) concerned(ctx context.Context, edition string) ([]string, error) {
	changes, err := a.Handbook.Changes(ctx, edition)
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	for _, audience := range handbook.Audiences() {
		if !slices.ContainsFunc(changes, func(c handbook.Change) bool { return c.For(audience) }) {
			continue
		}
		ids, err := a.People.InAudience(ctx, people.Audience(audience))
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			found[id] = true
		}
	}
	return slices.Sorted(maps.Keys(found)), nil
}

// remind tells those who have not read an edition after some weeks that they
// still can; the handbook says who and how often.
func (a *App) remind(ctx context.Context) error {
	due, err := a.Readings.Due(ctx, remindStep)
	if err != nil {
		return fmt.Errorf("remind of an edition: %w", err)
	}
	var failed []error
	for _, d := range due {
		err := a.Readings.Remind(ctx, d.PersonID, d.EditionID)
		if fault.KindOf(err) == fault.Conflict {
			continue // somebody else did, or it was read meanwhile
		}
		if err == nil {
			err = a.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
				return a.Notify.Notify(ctx, tx, d.PersonID, notify.Reminder, "edition/"+d.EditionID)
			})
		}
		failed = append(failed, err)
	}
	if err := errors.Join(failed...); err != nil {
		return fmt.Errorf("remind of an edition: %w", err)
	}
	return nil
}
