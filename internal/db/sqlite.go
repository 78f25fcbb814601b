package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

type sqliteDialect struct{ path string }

func (sqliteDialect) name() string                                    { return "sqlite" }
func (sqliteDialect) goose() goose.Dialect                            { return goose.DialectSQLite3 }
func (sqliteDialect) folder() string                                  { return "migrations/sqlite" }
func (sqliteDialect) oneMachine() bool                                { return true }
func (sqliteDialect) writeOptions() *sql.TxOptions                    { return nil }
func (sqliteDialect) readOptions() *sql.TxOptions                     { return nil }
func (sqliteDialect) retryable(error) bool                            { return false } // one writer: nothing to retry
func (sqliteDialect) listener(context.Context) (*pgxpool.Pool, error) { return nil, nil }

const sqliteReaders = 4

// openSQLite opens one connection for writing, which begins IMMEDIATE, and
// four that can only read. Deferred transactions on a shared pool fail with
// "busy" when they start to write; with one writer none does (measured, see
// docs/decisions/0001). synchronous=FULL: what was committed survives a loss
// of power.
func openSQLite(path string) (*DB, error) {
	if path == "" || strings.HasPrefix(path, ":") {
		return nil, errors.New(`the database address must name a file, like "sqlite:/var/lib/ambassadeur/ambassadeur.db"`)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the database: %w: %w", ErrReadOnly, err)
	}
	if err := createPrivate(path); err != nil {
		return nil, fmt.Errorf("open the database: %w: %w", ErrReadOnly, err)
	}
	write, err := sql.Open("sqlite", sqliteDSN(path, "&_txlock=immediate", "journal_mode(WAL)", "journal_size_limit(67108864)"))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	write.SetMaxOpenConns(1)
	write.SetMaxIdleConns(1)
	read, err := sql.Open("sqlite", sqliteDSN(path, "", "query_only(1)"))
	if err != nil {
		_ = write.Close()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	read.SetMaxOpenConns(sqliteReaders)
	read.SetMaxIdleConns(sqliteReaders)
	return &DB{dialect: sqliteDialect{path: path}, write: write, read: read}, nil
}

// createPrivate makes the file, when it is not there, readable by its owner
// only; SQLite gives its side files the same permissions. A file that exists
// is not opened: closing it would drop the locks that this process's other
// connections have on it. Not being able to write is said here, in words
// better than SQLite's.
func createPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		return f.Close()
	}
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	const read, write = 4, 2
	for _, p := range []string{path, filepath.Dir(path)} {
		if err := syscall.Access(p, read|write); err != nil {
			return &fs.PathError{Op: "write", Path: p, Err: err}
		}
	}
	return nil
}

func sqliteDSN(path, extra string, pragmas ...string) string {
	pragmas = append([]string{"busy_timeout(5000)", "foreign_keys(1)", "synchronous(FULL)"}, pragmas...)
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + url.Values{"_pragma": pragmas}.Encode() + extra
}

// fileLock is an flock on a file beside the database.
type fileLock struct{ f *os.File }

func (s sqliteDialect) lock(_ context.Context, _ *DB, name string) (lock, error) {
	f, err := os.OpenFile(s.path+"."+name+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrReadOnly, err)
	}
	return fileLock{f}, nil
}

func (l fileLock) tryAlone(context.Context) (bool, error) {
	err := syscall.Flock(int(l.f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}

func (l fileLock) share(ctx context.Context) error {
	for {
		err := syscall.Flock(int(l.f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return err
		}
		if !sleep(ctx, lockPoll) {
			return ctx.Err()
		}
	}
}

func (l fileLock) release() { _ = l.f.Close() }
