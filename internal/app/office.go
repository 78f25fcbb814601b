package app

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"ambassadeur/internal/handbook/linkcheck"
	"ambassadeur/internal/job"
	"ambassadeur/internal/notify"
	"ambassadeur/internal/people"
	"ambassadeur/internal/web/officepages"
)

// openLinks prepares the weekly look at the links of the references.
func (a *App) openLinks(context.Context) error {
	a.Links = linkcheck.New(linkcheck.Config{
		DB: a.DB, Targets: a.linkTargets, Task: a.brokenLink,
		Agent: productName + " (" + a.Config.BaseURL + ")",
	})
	job.Register(a.Queue, func(ctx context.Context, args linkcheck.Job) error { return a.Links.Run(ctx, args) },
		job.WorkerOptions{Timeout: linkcheck.MaxRun})
	if !a.Config.Demo { // a demonstration reaches nobody
		a.Queue.Every(linkcheck.Every, linkcheck.Job{})
	}
	return nil
}

func (a *App) linkTargets(ctx context.Context) ([]linkcheck.Target, error) {
	if a.Config.Demo {
		return nil, nil
	}
	book, err := a.Book(ctx)
	if err != nil {
		return nil, err
	}
	return linkcheck.Targets(book), nil
}

// brokenLink asks everybody in communications to look at a reference whose
// link failed twice.
func (a *App) brokenLink(ctx context.Context, tx *sql.Tx, reference string) error {
	persons, err := a.holders(ctx, people.Communications)
	if err != nil {
		return err
	}
	for _, p := range persons {
		if err := a.Notify.Notify(ctx, tx, p, notify.Task, "reference/"+reference); err != nil {
			return fmt.Errorf("tell communications about a link: %w", err)
		}
	}
	return nil
}

// holders lists the persons whose functions give an office, each once.
func (a *App) holders(ctx context.Context, office string) ([]string, error) {
	book, err := a.Book(ctx)
	if err != nil {
		return nil, err
	}
	var out []string
	seen := map[string]bool{}
	for _, f := range book.Projection().Officers.Functions {
		if f.Office != office {
			continue
		}
		persons, err := a.People.WithFunction(ctx, f.ID)
		if err != nil {
			return nil, err
		}
		for _, p := range persons {
			if !seen[p] {
				seen[p] = true
				out = append(out, p)
			}
		}
	}
	return out, nil
}

func (a *App) officePages() officepages.Deps {
	return officepages.Deps{
		Editions: a.Handbook, Counts: a.Readings.Counts, People: a.People, Trail: a.Audit, Record: a.record,
		Links: a.Links.List, CheckLinks: a.checkLinks, Now: time.Now,
	}
}

// record adds a line to the trail for an act that changes nothing else.
func (a *App) record(ctx context.Context, actor, action, object string) error {
	return a.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return a.Audit.Record(ctx, tx, actor, action, object)
	})
}

func (a *App) checkLinks(ctx context.Context) error {
	return a.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return a.Queue.Insert(ctx, tx, linkcheck.Job{All: true}, job.Unique())
	})
}
