package backup

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"ambassadeur/internal/blob"
	"ambassadeur/internal/db"
	"ambassadeur/internal/erasure"
)

// ErrExists: there is a database already, and replacing it was not asked for.
var ErrExists = errors.New("there is a database already")

// ErrRunning: a process uses the database that is to be replaced.
var ErrRunning = errors.New("the program is still running")

// Target is where a backup goes.
type Target struct {
	Database string     // the address of the database, as in the settings
	Blobs    blob.Store // nil: the backup may hold none
	Erasures string     // the file of the log of erasures
	// Erase erases one thing from the database that is being built. It is
	// given every erasure that is known, also those from before the backup;
	// erasing what is not there is no error.
	Erase func(ctx context.Context, tx *sql.Tx, kind, id string) error
	// Settle looks over the built database before it is used: it may refuse,
	// such as for a key that does not fit, and removes what must not happen
	// again, such as jobs that ran since.
	Settle func(ctx context.Context, d *db.DB) error
	// Force replaces a database that is there. The old file is kept beside it.
	Force bool
	Now   func() time.Time
}

// Report is what a restore did.
type Report struct {
	Manifest Manifest
	Blobs    int    // put back
	Erased   int    // erasures from after the backup that were done again
	Kept     string // the database that was there before; empty when none
}

// Restore puts a backup back. It verifies the whole backup first and changes
// nothing when that fails. The database is built in a folder of its own and
// put in place in one step, so an interrupted restore leaves what was there.
func Restore(ctx context.Context, path string, t Target) (Report, error) {
	m, err := Verify(ctx, path)
	if err != nil {
		return Report{}, err
	}
	r := &restore{Target: t, path: path, report: Report{Manifest: m}, file: db.FileOf(t.Database)}
	if err := r.run(ctx); err != nil {
		return Report{}, fmt.Errorf("restore: %w", err)
	}
	return r.report, nil
}

type restore struct {
	Target
	path   string
	file   string // of the target database; empty when that is a server
	stage  string // the folder where the new database is built
	report Report
}

func (r *restore) run(ctx context.Context) error {
	if err := r.mayReplace(ctx); err != nil {
		return err
	}
	near := filepath.Dir(r.Erasures)
	if r.file != "" {
		near = filepath.Dir(r.file) // on the same disk, for the last step
	}
	if err := os.MkdirAll(near, 0o700); err != nil {
		return err
	}
	var err error
	if r.stage, err = os.MkdirTemp(near, ".restore-"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(r.stage) }()
	if err := r.extract(ctx); err != nil {
		return err
	}
	log, err := r.mergeErasures()
	if err != nil {
		return err
	}
	return r.finish(ctx, log)
}

// mayReplace refuses when there is a database, unless replacing it was asked
// for and nobody uses it.
func (r *restore) mayReplace(ctx context.Context) error {
	if r.file == "" {
		return nil // a server is asked at the end: Import refuses one with rows
	}
	if _, err := os.Lstat(r.file); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if !r.Force {
		return fmt.Errorf("%w (%s); to replace it, stop the program and use --force: the old one is kept beside it", ErrExists, r.file)
	}
	old, err := db.Open(ctx, db.Config{URL: r.Database})
	if err != nil {
		return nil // too damaged to open: a reason to restore
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	err = old.Exclusive(ctx, "jobs", func(context.Context) error { return nil })
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("%w; stop it first", ErrRunning)
	}
	return errors.Join(err, old.Close()) // closing folds its side files into it
}

func (r *restore) staged(name string) string { return filepath.Join(r.stage, name) }

// extract writes the database and the log beside the real ones, and puts the
// blobs back: a blob that is there already stays as it is.
func (r *restore) extract(ctx context.Context) error {
	_, err := walk(ctx, r.path, func(name string, in io.Reader) error {
		switch {
		case name == snapshotName, name == exportName, name == erasuresName:
			return writeFile(r.staged(name), in)
		case strings.HasPrefix(name, blobFolder):
			if r.Blobs == nil {
				return errors.New("the backup holds blobs, and there is no place for them")
			}
			r.report.Blobs++
			_, err := r.Blobs.Put(ctx, in)
			return err
		default:
			return nil
		}
	})
	return err
}

func writeFile(path string, in io.Reader) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, in)
	return errors.Join(err, f.Sync(), f.Close())
}

// mergeErasures makes the log in use hold the backup's erasures as well. When
// there is no log, the backup's becomes it.
func (r *restore) mergeErasures() (*erasure.Log, error) {
	copied, err := os.ReadFile(r.staged(erasuresName))
	if err != nil {
		return nil, err
	}
	if _, err := os.Lstat(r.Erasures); errors.Is(err, os.ErrNotExist) {
		if err := os.MkdirAll(filepath.Dir(r.Erasures), 0o700); err != nil {
			return nil, err
		}
		if err := writeFile(r.Erasures, bytes.NewReader(copied)); err != nil {
			return nil, err
		}
	}
	log, err := erasure.Open(r.Erasures, r.Now)
	if err != nil {
		return nil, err
	}
	type what struct{ kind, id string }
	here := map[what]bool{}
	if err := log.Replay(time.Time{}, func(e erasure.Entry) error { here[what{e.Kind, e.ID}] = true; return nil }); err != nil {
		return nil, err
	}
	return log, erasure.Read(bytes.NewReader(copied), func(e erasure.Entry) error {
		if here[what{e.Kind, e.ID}] {
			return nil
		}
		_, err := log.Append(e.Kind, e.ID)
		return err
	})
}

// finish builds the database, makes it fit for use, and puts it in place.
func (r *restore) finish(ctx context.Context, log *erasure.Log) error {
	built, err := r.build(ctx)
	if err != nil {
		return err
	}
	err = errors.Join(built.Check(ctx), r.replay(ctx, built, log))
	if err == nil && r.Settle != nil {
		err = r.Settle(ctx, built)
	}
	if err == nil && r.file == "" {
		err = r.send(ctx, built)
	}
	if err = errors.Join(err, built.Close()); err != nil || r.file == "" {
		return err
	}
	return r.switchFile()
}

// build opens the database of the backup as a file, brought up to the schema
// of this program.
func (r *restore) build(ctx context.Context) (*db.DB, error) {
	path := r.staged(snapshotName)
	export, err := os.Open(r.staged(exportName))
	if errors.Is(err, os.ErrNotExist) {
		return db.Open(ctx, db.Config{URL: "sqlite:" + path})
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = export.Close() }()
	d, err := db.Open(ctx, db.Config{URL: "sqlite:" + path})
	if err != nil {
		return nil, err
	}
	if err := d.Import(ctx, export); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// replay erases everything that was ever erased. Those from before the backup
// are gone from it already; doing them again guards against clocks that were
// wrong.
func (r *restore) replay(ctx context.Context, built *db.DB, log *erasure.Log) error {
	return built.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		r.report.Erased = 0
		return log.Replay(time.Time{}, func(e erasure.Entry) error {
			if !e.At.Before(r.report.Manifest.Time) {
				r.report.Erased++
			}
			return r.Erase(ctx, tx, e.Kind, e.ID)
		})
	})
}

// send moves the built database into a server, all or nothing.
func (r *restore) send(ctx context.Context, built *db.DB) error {
	server, err := db.Open(ctx, db.Config{URL: r.Database})
	if err != nil {
		return err
	}
	defer func() { _ = server.Close() }()
	in, out := io.Pipe()
	go func() { out.CloseWithError(built.Export(ctx, out)) }()
	err = server.Import(ctx, in)
	_ = in.CloseWithError(io.ErrClosedPipe) // ends the export when the import gave up
	if errors.Is(err, db.ErrNotEmpty) {
		return fmt.Errorf("%w on the server (%w); make a new, empty database there and put its address in the settings", ErrExists, err)
	}
	return err
}

// switchFile puts the built file in place in one step. Side files of the old
// database go first: they must never meet the new file.
func (r *restore) switchFile() error {
	if info, err := os.Stat(r.staged(snapshotName) + "-wal"); err == nil && info.Size() > 0 {
		return errors.New("the new database did not close cleanly")
	}
	if _, err := os.Lstat(r.file); err == nil {
		r.report.Kept = r.file + ".before-" + r.Now().UTC().Format(nameTime)
		for _, side := range []string{"-wal", "-shm"} {
			if err := os.Rename(r.file+side, r.report.Kept+side); err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
		}
		if err := os.Link(r.file, r.report.Kept); err != nil {
			return err
		}
	}
	if err := os.Rename(r.staged(snapshotName), r.file); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(r.file))
}
