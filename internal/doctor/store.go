package doctor

import (
	"context"
	"errors"
	"os"
	"time"

	"ambassadeur/internal/audit"
	"ambassadeur/internal/db"
	"ambassadeur/internal/erasure"
	"ambassadeur/internal/notify"
)

// Mail looks whether mail can leave, without sending any. check connects; a
// folder is the outbox when there is no server.
func Mail(check func(ctx context.Context) error, folder string) Check {
	return func(ctx context.Context) []Finding {
		err := check(ctx)
		switch {
		case err != nil && folder != "":
			return found("mail", Wrong, "outbox_broken", err, "Folder", folder)
		case err != nil:
			return found("mail", Wrong, "silent", err)
		case folder != "":
			return found("mail", Warn, "outbox", nil, "Folder", folder)
		default:
			return found("mail", OK, "answers", nil)
		}
	}
}

// Mails looks at how the mails of the last week ended.
func Mails(count func(ctx context.Context, since time.Time) (notify.Counts, error), now func() time.Time) Check {
	return func(ctx context.Context) []Finding {
		c, err := count(ctx, now().AddDate(0, 0, -7))
		switch bad := c.Failed + c.Refused + c.Unsure; {
		case err != nil:
			return found("mails", Warn, "unknown", err)
		case bad > 0:
			return found("mails", Warn, "some", nil, "Sent", c.Sent, "Failed", c.Failed, "Refused", c.Refused, "Unsure", c.Unsure)
		default:
			return found("mails", OK, "all", nil, "Sent", c.Sent)
		}
	}
}

const (
	slowAnswer = 200 * time.Millisecond
	largeWAL   = 512 * mega
)

// Database looks for damage, at the time that an answer takes, and at the size
// of the file of changes beside a database that is a file.
func Database(d *db.DB, file string) Check {
	return func(ctx context.Context) []Finding {
		started := time.Now()
		stats, err := d.Stats(ctx)
		took := time.Since(started)
		if err != nil {
			return found("database", Wrong, "silent", err)
		}
		if err := d.Check(ctx); errors.Is(err, context.DeadlineExceeded) {
			return found("database", Warn, "long", nil, "Mega", stats.Bytes/mega)
		} else if err != nil {
			return found("database", Wrong, "damaged", err)
		}
		if info, err := os.Stat(file + "-wal"); file != "" && err == nil && info.Size() > largeWAL {
			return found("database", Warn, "wal", nil, "Mega", info.Size()/mega)
		}
		if took > slowAnswer {
			return found("database", Warn, "slow", nil, "Millis", took.Milliseconds())
		}
		return found("database", OK, "whole", nil, "Schema", stats.Schema, "Mega", stats.Bytes/mega)
	}
}

// tail is how many audit entries a quick look verifies.
const tail = 2000

// Trail verifies the end of the audit trail.
func Trail(log *audit.Log) Check {
	return func(ctx context.Context) []Finding {
		r, err := log.VerifyLast(ctx, tail)
		var broken *audit.Broken
		switch {
		case errors.As(err, &broken):
			return found("trail", Wrong, "broken", broken, "Number", broken.Seq)
		case err != nil:
			return found("trail", Warn, "unknown", err)
		default:
			return found("trail", OK, "whole", nil, "Number", r.Last)
		}
	}
}

// Erasures verifies the log of erasures.
func Erasures(log *erasure.Log) Check {
	return func(context.Context) []Finding {
		n := 0
		if err := log.Replay(time.Time{}, func(erasure.Entry) error { n++; return nil }); err != nil {
			return found("erasures", Wrong, "damaged", err)
		}
		return found("erasures", OK, "whole", nil, "Number", n)
	}
}

const (
	oldBackup    = 2 * 24 * time.Hour
	tooOldBackup = 8 * 24 * time.Hour
)

// Backups looks at how old the last backup is. The zero time means that there
// never was one.
func Backups(last func(ctx context.Context) (time.Time, error), now func() time.Time) Check {
	return func(ctx context.Context) []Finding {
		at, err := last(ctx)
		age := now().Sub(at)
		days := int(age / (24 * time.Hour))
		switch {
		case err != nil:
			return found("backups", Warn, "unknown", err)
		case at.IsZero():
			return found("backups", Warn, "none", nil)
		case age > tooOldBackup:
			return found("backups", Wrong, "old", nil, "Days", days)
		case age > oldBackup:
			return found("backups", Warn, "old", nil, "Days", days)
		default:
			return found("backups", OK, "fresh", nil, "Hours", int(age.Hours()))
		}
	}
}
