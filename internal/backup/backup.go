// Package backup puts everything that must survive into one file, and puts it
// back. A backup holds the database, the blobs, the log of erasures and the
// settings without secrets. It never holds the key: whoever finds a backup
// must not be able to open what is sealed in it, so the key is kept apart.
//
// A backup is a .tar.gz whose last member, manifest.json, lists all others
// with their SHA-256. It gets its name only when it is whole and on disk, and
// a file without its last member is refused, so half a backup never passes
// for one.
//
// Restoring verifies all of it first, builds the database beside the old one,
// erases again who was erased since, and only then puts it in place.
//
// Start reading at Create and Restore.
package backup

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"ambassadeur/internal/blob"
	"ambassadeur/internal/db"
	"ambassadeur/internal/erasure"
)

// Manifest says what is in a backup.
type Manifest struct {
	Format  string    `json:"format"`
	Time    time.Time `json:"time"` // before the first byte was read
	Program string    `json:"program"`
	// Schema is the number of the database's newest migration.
	Schema int64 `json:"schema"`
	// Trail is the number of the last audit entry, to compare with later.
	Trail   int64    `json:"trail"`
	Members []Member `json:"members"`
	// Damaged lists blobs that could not be read whole and are left out.
	Damaged []blob.Key `json:"damaged,omitempty"`
}

// Member is one file in the backup.
type Member struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
	Sum  string `json:"sha256"`
}

const (
	format       = "ambassadeur backup 1"
	manifestName = "manifest.json"
	snapshotName = "database.file"   // a database file, jobs included
	exportName   = "database.export" // rows, for either database
	erasuresName = "erasures.log"
	settingsName = "settings.yaml"
	blobFolder   = "blobs/"
	halfPrefix   = ".half-"
)

// Source is what a backup is made of.
type Source struct {
	DB       *db.DB
	Blobs    blob.Store // nil: none
	Erasures *erasure.Log
	// Settings is the configuration without secrets.
	Settings []byte
	Program  string // its version
	// Trail returns the number of the last audit entry.
	Trail func(ctx context.Context) (int64, error)
	Now   func() time.Time
}

// Create makes a backup in the folder and returns its path. The database
// stays in use meanwhile. The order matters: what was erased while the backup
// was made is in its log of erasures, which is copied last.
func Create(ctx context.Context, src Source, folder string) (string, Manifest, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", Manifest{}, fmt.Errorf("backup: make the folder: %w", err)
	}
	if err := clearHalf(folder, src.Now()); err != nil {
		return "", Manifest{}, fmt.Errorf("backup: %w", err)
	}
	half, err := os.MkdirTemp(folder, halfPrefix)
	if err != nil {
		return "", Manifest{}, fmt.Errorf("backup: %w", err)
	}
	defer func() { _ = os.RemoveAll(half) }()
	started := src.Now().UTC()
	name := filepath.Join(folder, "ambassadeur-"+started.Format(nameTime)+suffix)
	if _, err := os.Lstat(name); err == nil {
		return "", Manifest{}, fmt.Errorf("backup: %s exists already", name)
	}
	m := Manifest{Format: format, Time: started, Program: src.Program}
	if err := write(ctx, src, &m, half); err != nil {
		return "", Manifest{}, fmt.Errorf("backup: %w", err)
	}
	if err := os.Rename(filepath.Join(half, "archive"), name); err != nil {
		return "", Manifest{}, fmt.Errorf("backup: %w", err)
	}
	return name, m, syncFolder(folder)
}

const (
	suffix   = ".tar.gz"
	nameTime = "20060102T150405.000Z"
)

// write makes half/archive, whole and on disk.
func write(ctx context.Context, src Source, m *Manifest, half string) error {
	f, err := os.OpenFile(filepath.Join(half, "archive"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // closed below when all is well
	zip, err := gzip.NewWriterLevel(f, gzip.BestSpeed)
	if err != nil {
		return err
	}
	w := &writer{tar: tar.NewWriter(zip), m: m}
	stats, err := src.DB.Stats(ctx)
	if err != nil {
		return err
	}
	m.Schema = stats.Schema
	if m.Trail, err = src.Trail(ctx); err != nil {
		return err
	}
	for _, step := range []func() error{
		func() error { return w.database(ctx, src.DB, half) },
		func() error { return w.blobs(ctx, src.Blobs) },
		func() error { return w.erasures(src.Erasures) },
		func() error { return w.bytes(settingsName, src.Settings) },
		w.manifest,
		w.tar.Close, zip.Close, f.Sync, f.Close,
	} {
		if err := errors.Join(ctx.Err(), step()); err != nil {
			return err
		}
	}
	return nil
}

// writer adds members and notes them in the manifest.
type writer struct {
	tar *tar.Writer
	m   *Manifest
}

func (w *writer) database(ctx context.Context, d *db.DB, half string) error {
	path := filepath.Join(half, "database")
	err := d.SnapshotTo(ctx, path)
	if err == nil {
		return w.file(snapshotName, path)
	}
	if !errors.Is(err, db.ErrNoSnapshot) {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(d.Export(ctx, f), f.Close()); err != nil {
		return err
	}
	return w.file(exportName, path)
}

func (w *writer) blobs(ctx context.Context, store blob.Store) error {
	if store == nil {
		return nil
	}
	for key, err := range store.List(ctx) {
		if err != nil {
			return err
		}
		content, err := readBlob(ctx, store, key)
		switch {
		case errors.Is(err, blob.ErrNotFound):
			continue // deleted meanwhile
		case errors.Is(err, blob.ErrDamaged):
			w.m.Damaged = append(w.m.Damaged, key)
			continue
		case err != nil:
			return err
		}
		if err := w.bytes(blobFolder+string(key), content); err != nil {
			return err
		}
	}
	return nil
}

// readBlob holds one blob in memory; the store bounds its size.
func readBlob(ctx context.Context, store blob.Store, key blob.Key) ([]byte, error) {
	r, err := store.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(r)
	return content, errors.Join(err, r.Close())
}

func (w *writer) erasures(log *erasure.Log) error {
	var b bytes.Buffer
	if err := log.CopyTo(&b); err != nil {
		return err
	}
	return w.bytes(erasuresName, b.Bytes())
}

func (w *writer) manifest() error {
	b, err := json.MarshalIndent(w.m, "", "  ")
	if err != nil {
		return err
	}
	listed := w.m.Members // the manifest does not list itself
	err = w.bytes(manifestName, b)
	w.m.Members = listed
	return err
}

func (w *writer) bytes(name string, content []byte) error {
	return w.add(name, int64(len(content)), bytes.NewReader(content))
}

func (w *writer) file(name, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := w.add(name, info.Size(), f); err != nil {
		return err
	}
	return os.Remove(path) // the archive has it now
}

func (w *writer) add(name string, size int64, r io.Reader) error {
	if err := w.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, ModTime: w.m.Time, Format: tar.FormatPAX}); err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(w.tar, sum), r); err != nil {
		return err
	}
	w.m.Members = append(w.m.Members, Member{Name: name, Size: size, Sum: hexSum(sum)})
	return nil
}

func hexSum(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return nil
}

// clearHalf removes what a backup that was killed left, after a day: a
// younger one may still be at work.
func clearHalf(folder string, now time.Time) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), halfPrefix) {
			continue
		}
		if info, err := e.Info(); err == nil && now.Sub(info.ModTime()) > 24*time.Hour {
			if err := os.RemoveAll(filepath.Join(folder, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// File is a backup in a folder.
type File struct {
	Path string
	Time time.Time
	Size int64
}

var nameForm = regexp.MustCompile(`^ambassadeur-(\d{8}T\d{6}\.\d{3}Z)\.tar\.gz$`)

// List returns the backups of a folder, the newest first, by their names. A
// folder that is not there has none.
func List(folder string) ([]File, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("backup: list: %w", err)
	}
	var out []File
	for _, e := range entries {
		part := nameForm.FindStringSubmatch(e.Name())
		if part == nil {
			continue
		}
		at, err := time.Parse(nameTime, part[1])
		info, err2 := e.Info()
		if err != nil || err2 != nil {
			continue // not one of ours, or removed meanwhile
		}
		out = append(out, File{Path: filepath.Join(folder, e.Name()), Time: at, Size: info.Size()})
	}
	slices.SortFunc(out, func(a, b File) int { return b.Time.Compare(a.Time) })
	return out, nil
}

// Keep removes all but the newest n backups of a folder, and returns what it
// removed. n is at least 1.
func Keep(folder string, n int) ([]string, error) {
	files, err := List(folder)
	if err != nil || len(files) <= max(n, 1) {
		return nil, err
	}
	var removed []string
	for _, f := range files[max(n, 1):] {
		if err := os.Remove(f.Path); err != nil {
			return removed, fmt.Errorf("backup: remove an old one: %w", err)
		}
		removed = append(removed, f.Path)
	}
	return removed, nil
}
