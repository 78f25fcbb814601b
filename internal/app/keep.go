package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/goccy/go-yaml"

	"ambassadeur/internal/audit"
	"ambassadeur/internal/backup"
	"ambassadeur/internal/blob"
	"ambassadeur/internal/config"
	"ambassadeur/internal/db"
	"ambassadeur/internal/doctor"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/job"
	"ambassadeur/internal/mail"
	"ambassadeur/internal/notify"
	"ambassadeur/internal/people"
	"ambassadeur/internal/secret"
)

const (
	maxBlob = 64 << 20
	// backupSetting is where the database keeps when the last backup was made.
	backupSetting = "last_backup"
)

func erasuresFile(cfg config.Config) string { return filepath.Join(cfg.Data, "erasures.log") }

func openBlobs(cfg config.Config) (*blob.Folder, error) {
	return blob.NewFolder(filepath.Join(cfg.Data, "blobs"), maxBlob)
}

// Version names the program's build.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	return info.Main.Version
}

// Backup makes a backup in the folder (empty: "backups" in the data folder),
// and removes the oldest ones there when keep is above 0. It returns the
// archive.
func (a *App) Backup(ctx context.Context, folder string, keep int) (string, backup.Manifest, error) {
	if folder == "" {
		folder = filepath.Join(a.Config.Data, "backups")
	}
	blobs, err := openBlobs(a.Config)
	if err != nil {
		return "", backup.Manifest{}, err
	}
	settings, err := yaml.Marshal(a.Config) // secrets print as "…"
	if err != nil {
		return "", backup.Manifest{}, fmt.Errorf("write down the settings: %w", err)
	}
	path, m, err := backup.Create(ctx, backup.Source{
		DB: a.DB, Blobs: blobs, Erasures: a.Erasures, Settings: settings, Program: Version(), Now: time.Now,
		Trail: func(ctx context.Context) (int64, error) { seq, _, err := a.Audit.Head(ctx); return seq, err },
	}, folder)
	if err != nil {
		return "", backup.Manifest{}, err
	}
	err = a.DB.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := db.SetSetting(ctx, tx, backupSetting, m.Time.Format(time.RFC3339)); err != nil {
			return err
		}
		return a.Audit.Record(ctx, tx, audit.System, "backup.create", backupObject(m))
	})
	if err == nil && keep > 0 {
		_, err = backup.Keep(folder, keep)
	}
	return path, m, err
}

func backupObject(m backup.Manifest) string { return "backup/" + m.Time.Format("20060102T150405Z") }

// Restore puts a backup back into the place that the settings name. The
// product is not running meanwhile; Open comes after it.
func Restore(ctx context.Context, cfg config.Config, archive string, force bool) (backup.Report, error) {
	blobs, err := openBlobs(cfg)
	if err != nil {
		return backup.Report{}, err
	}
	m, err := backup.Verify(ctx, archive)
	if err != nil {
		return backup.Report{}, err
	}
	return backup.Restore(ctx, archive, backup.Target{
		Database: string(cfg.Database), Blobs: blobs, Erasures: erasuresFile(cfg), Erase: eraseAgain,
		Settle: func(ctx context.Context, d *db.DB) error { return settle(ctx, cfg, d, m) },
		Force:  force, Now: time.Now,
	})
}

func eraseAgain(ctx context.Context, tx *sql.Tx, kind, id string) error {
	if kind != "person" {
		return fmt.Errorf("the log of erasures names a kind that this version does not know: %s", kind)
	}
	readings := handbook.NewAcknowledgements(handbook.AcknowledgementsConfig{})
	return (&people.Service{Config: people.Config{Forget: readings.Forget}}).ReplayErasure(ctx, tx, id)
}

// settle makes a database from a backup fit to go on with: its key must be
// here, and what may have happened since does not happen again.
func settle(ctx context.Context, cfg config.Config, d *db.DB, m backup.Manifest) error {
	known, err := db.Setting(ctx, d.Reader(), keysSetting)
	if err != nil {
		return fmt.Errorf("read which keys the database knows: %w", err)
	}
	box, err := secret.Open(secret.Config{Value: string(cfg.Key), File: cfg.KeyFile, Known: known})
	if err != nil {
		return err
	}
	if _, err := job.Forget(ctx, d); err != nil {
		return err
	}
	return d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return errors.Join(people.Settle(ctx, tx), notify.Settle(ctx, tx),
			audit.New(d, box, time.Now, nil).Record(ctx, tx, audit.System, "backup.restore", backupObject(m)))
	})
}

// Checks are what doctor looks at when the product opens.
func (a *App) Checks() []doctor.Check {
	return append(checksOutside(a.Config),
		doctor.Clock(a.Config.Data, time.Now, a.Audit.Newest),
		doctor.Keys(a.Box.File(), a.Box.Known()),
		doctor.Database(a.DB, db.FileOf(string(a.Config.Database))),
		doctor.Mails(a.Notify.Mails, time.Now),
		doctor.Trail(a.Audit),
		doctor.Erasures(a.Erasures),
		doctor.Backups(a.lastBackup, time.Now),
	)
}

// ChecksClosed are what doctor looks at when the product does not open, and
// why it does not.
func ChecksClosed(cfg config.Config, cause error) []doctor.Check {
	return append([]doctor.Check{doctor.Start(cause)}, checksOutside(cfg)...)
}

func checksOutside(cfg config.Config) []doctor.Check {
	folder := cfg.Mail.Outbox
	if cfg.Mail.Host != "" {
		folder = ""
	}
	return []doctor.Check{
		doctor.Address(cfg.BaseURL),
		doctor.Disk(cfg.Data),
		doctor.Mail(func(ctx context.Context) error {
			s, err := mail.Open(mailConfig(cfg))
			if err != nil {
				return err
			}
			return mail.NewGuard(s, productName, printers()...).Check(ctx)
		}, folder),
	}
}

func (a *App) lastBackup(ctx context.Context) (time.Time, error) {
	text, err := db.Setting(ctx, a.DB.Reader(), backupSetting)
	if err != nil || text == "" {
		return time.Time{}, err
	}
	return time.Parse(time.RFC3339, text)
}
