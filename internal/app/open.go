package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"ambassadeur/handbooks"
	"ambassadeur/internal/audit"
	"ambassadeur/internal/config"
	"ambassadeur/internal/db"
	"ambassadeur/internal/erasure"
	"ambassadeur/internal/fault"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/job"
	"ambassadeur/internal/mail"
	"ambassadeur/internal/people"
	"ambassadeur/internal/people/oidc"
	"ambassadeur/internal/people/passkey"
	"ambassadeur/internal/secret"
	"ambassadeur/internal/web/signinpages"
)

// Open builds the product from its settings: it opens and migrates the
// database, reads the keys, installs the handbook in an empty database, and
// wires the parts. It serves nothing yet and runs no job.
func Open(ctx context.Context, cfg config.Config, log *slog.Logger) (*App, error) {
	a := &App{Config: cfg, Log: log, startedAt: time.Now()}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	d, err := db.Open(ctx, db.Config{URL: string(cfg.Database)})
	if err != nil {
		return nil, err
	}
	a.DB = d
	for _, step := range []func(context.Context) error{a.openKeys, a.openTrail, a.openMail, a.openHandbook, a.openQueue, a.openPeople, a.openNotify, a.openLinks, a.openPages} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, a.Close())
		}
	}
	return a, nil
}

// keysSetting is where the database keeps the fingerprints of the keys that
// its sealed values need.
const keysSetting = "keys"

func (a *App) openKeys(ctx context.Context) error {
	known, err := db.Setting(ctx, a.DB.Reader(), keysSetting)
	if err != nil {
		return fmt.Errorf("read which keys the database knows: %w", err)
	}
	if a.Box, err = secret.Open(secret.Config{Value: string(a.Config.Key), File: a.Config.KeyFile, Known: known}); err != nil {
		return err
	}
	if a.Box.Known() == known {
		return nil
	}
	return a.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return db.SetSetting(ctx, tx, keysSetting, a.Box.Known())
	})
}

func (a *App) openTrail(context.Context) error {
	a.Audit = audit.New(a.DB, a.Box, time.Now, a.mayReadTrail)
	var err error
	a.Erasures, err = erasure.Open(erasuresFile(a.Config), time.Now)
	return err
}

// mayReadTrail: the trail says what persons did, so only the privacy officer
// and the administrator read it.
func (a *App) mayReadTrail(ctx context.Context, reader string) error {
	p, err := a.People.Get(ctx, reader)
	if err != nil {
		return err
	}
	if !p.Is(people.PrivacyOfficer) && !p.Is(people.Administrator) {
		return fault.NewForbidden("fault.forbidden").WithHint("fault.forbidden-hint")
	}
	return nil
}

func mailConfig(cfg config.Config) mail.Config {
	m := cfg.Mail
	return mail.Config{From: m.From, Outbox: m.Outbox, Host: m.Host, Port: m.Port, User: m.User,
		Password: string(m.Password), TLS: m.TLS, LoopbackOnly: cfg.Demo}
}

func (a *App) openMail(context.Context) error {
	s, err := mail.Open(mailConfig(a.Config))
	if err != nil {
		return err
	}
	a.Mail = mail.NewGuard(s, productName, printers()...)
	return nil
}

func (a *App) openHandbook(ctx context.Context) error {
	a.Handbook = handbook.NewEditions(handbook.EditionsConfig{DB: a.DB, Audit: a.Audit, Published: a.announceLater})
	a.Readings = handbook.NewAcknowledgements(handbook.AcknowledgementsConfig{DB: a.DB, Audit: a.Audit, Audiences: a.audiencesOf})
	switch editions, err := a.Handbook.List(ctx); {
	case err != nil:
		return err
	case len(editions) > 0:
		a.prepare(ctx)
		return nil
	}
	content, projection, err := a.firstHandbook()
	if err != nil {
		return err
	}
	_, err = a.Handbook.Install(ctx, content, projection)
	return err
}

// prepare compiles the edition in force while the rest of the product opens.
// A page that comes earlier waits for it; an error shows on the pages.
func (a *App) prepare(ctx context.Context) {
	ctx = context.WithoutCancel(ctx)
	a.background.Go(func() { _, _, _ = a.Handbook.Current(ctx) })
}

// firstHandbook loads the handbook to begin with, and lays over it the tables
// of the settings or of the demonstration.
func (a *App) firstHandbook() (*handbook.Content, *handbook.Projection, error) {
	folder, err := fs.Sub(handbooks.FS, "sgl")
	if a.Config.Handbook != "" {
		folder, err = os.DirFS(a.Config.Handbook), nil
	}
	if err != nil {
		return nil, nil, err
	}
	content, projection, err := handbook.Load(folder)
	if err != nil {
		return nil, nil, err
	}
	var over fs.FS
	switch {
	case a.Config.Demo:
		over, err = fs.Sub(handbooks.FS, "demo/projection")
	case a.Config.Projection != "":
		over = os.DirFS(a.Config.Projection)
	}
	if err != nil || over == nil {
		return content, projection, err
	}
	projection, err = handbook.Overlay(projection, content, over)
	return content, projection, err
}

// Book returns the edition that readers see now.
func (a *App) Book(ctx context.Context) (*handbook.Index, error) {
	book, _, err := a.Handbook.Current(ctx)
	return book, err
}

func (a *App) openQueue(ctx context.Context) error {
	if err := job.Migrate(ctx, a.DB); err != nil {
		return err
	}
	var observe func(job.Outcome)
	a.Metrics, a.observe, observe = newMetrics()
	var err error
	a.Queue, err = job.New(ctx, a.DB, a.Log, job.Options{Observe: observe})
	return err
}

func (a *App) openPeople(ctx context.Context) error {
	keys, err := passkey.New(a.Config.BaseURL, productName)
	if err != nil && !errors.Is(err, passkey.ErrNoPasskeys) {
		return err
	}
	a.People, err = people.New(people.Config{
		Passkeys: keys, Organisation: a.organisation(),
		DB: a.DB, Box: a.Box, Audit: a.Audit, Mail: a.Mail, Site: productName, BaseURL: a.Config.BaseURL,
		Enqueue: func(ctx context.Context, tx *sql.Tx, args people.Args) error {
			return a.Queue.Insert(ctx, tx, args)
		},
		OfficeOf: a.officeOf,
		Forget:   a.Readings.Forget,
		Erased: func(_ context.Context, what, id string) error {
			_, err := a.Erasures.Append(what, id)
			return err
		},
	})
	if err != nil {
		return err
	}
	if err := a.People.CheckDemo(ctx, a.Config.Demo); err != nil {
		return err
	}
	job.Register(a.Queue, func(ctx context.Context, args people.LinkMail) error {
		return a.People.SendLink(ctx, args.RequestID)
	}, job.WorkerOptions{})
	job.Register(a.Queue, func(ctx context.Context, args people.SecurityMail) error {
		return a.People.SendSecurityMail(ctx, args.PersonID)
	}, job.WorkerOptions{})
	job.Register(a.Queue, func(ctx context.Context, _ people.PruneJob) error { return a.People.Prune(ctx) }, job.WorkerOptions{})
	a.Queue.Every(time.Hour, people.PruneJob{})
	return nil
}

// organisation is the provider of the organisation's own accounts, nil when
// the settings name none.
func (a *App) organisation() *oidc.Provider {
	c := a.Config.OIDC
	if c.Issuer == "" {
		return nil
	}
	return oidc.New(oidc.Config{Issuer: c.Issuer, ClientID: c.ClientID, ClientSecret: string(c.ClientSecret), Name: c.Name,
		StrongACR: c.StrongACR, RedirectURL: a.Config.BaseURL + signinpages.OrganisationReturn})
}

// officeOf says which office a function gives, from the table of officers
// beside the handbook.
func (a *App) officeOf(function string) string {
	book, err := a.Book(context.Background())
	if err != nil {
		return ""
	}
	functions := book.Projection().Officers.Functions
	i := slices.IndexFunc(functions, func(f handbook.Function) bool { return f.ID == function })
	if i < 0 {
		return ""
	}
	return functions[i].Office
}

func (a *App) https() bool { return strings.HasPrefix(a.Config.BaseURL, "https://") }
