package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"time"
)

// Folder keeps each blob as a file: KEY's first two digits, then the rest.
type Folder struct {
	path string
	max  int64
}

const half = ".half" // the folder of files that are not whole yet

// NewFolder makes the folder when it is not there, and clears away what a
// process that was killed left half. max is the largest blob in bytes.
func NewFolder(path string, max int64) (*Folder, error) {
	if err := os.MkdirAll(filepath.Join(path, half), 0o700); err != nil {
		return nil, fmt.Errorf("blob: make the folder: %w", err)
	}
	f := &Folder{path: path, max: max}
	if err := f.clear(time.Now().Add(-24 * time.Hour)); err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	return f, nil
}

// clear removes half files from before a moment; younger ones may belong to
// another process.
func (f *Folder) clear(before time.Time) error {
	entries, err := os.ReadDir(filepath.Join(f.path, half))
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.ModTime().Before(before) {
			continue // gone, or still being written
		}
		if err := os.Remove(filepath.Join(f.path, half, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Put writes beside the store and moves the whole file in.
func (f *Folder) Put(ctx context.Context, r io.Reader) (Key, error) {
	tmp, err := os.CreateTemp(filepath.Join(f.path, half), "*") // rights 0600
	if err != nil {
		return "", fmt.Errorf("blob: put: %w", err)
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // after the move there is nothing to remove
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(tmp, sum), io.LimitReader(reader{ctx, r}, f.max+1))
	if err == nil && n > f.max {
		err = ErrTooLarge
	}
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return "", fmt.Errorf("blob: put: %w", err)
	}
	key := Key(hex.EncodeToString(sum.Sum(nil)))
	if err := move(tmp.Name(), f.file(key)); err != nil {
		return "", fmt.Errorf("blob: put: %w", err)
	}
	return key, nil
}

func move(from, to string) error {
	folder := filepath.Dir(to)
	if err := os.Mkdir(folder, 0o700); err == nil {
		err = syncFolder(filepath.Dir(folder))
		if err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return syncFolder(folder)
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// reader stops when ctx ends.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// file is only called with a key that was checked or computed here.
func (f *Folder) file(key Key) string {
	return filepath.Join(f.path, string(key[:2]), string(key[2:]))
}

// Get opens the file; its content is checked while it is read.
func (f *Folder) Get(_ context.Context, key Key) (io.ReadCloser, error) {
	if err := key.Check(); err != nil {
		return nil, err
	}
	file, err := os.Open(f.file(key))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, ErrNotFound
	case err != nil:
		return nil, fmt.Errorf("blob: get: %w", err)
	}
	return Checked(file, key), nil
}

// Checked reads r and puts ErrDamaged in the place of io.EOF when what was
// read does not belong to key.
func Checked(r io.ReadCloser, key Key) io.ReadCloser {
	return &checked{ReadCloser: r, sum: sha256.New(), key: key}
}

type checked struct {
	io.ReadCloser
	sum hash.Hash
	key Key
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.sum.Write(p[:n])
	if err == io.EOF && Key(hex.EncodeToString(c.sum.Sum(nil))) != c.key {
		return n, ErrDamaged
	}
	return n, err
}

// Delete removes the file.
func (f *Folder) Delete(_ context.Context, key Key) error {
	if err := key.Check(); err != nil {
		return err
	}
	err := os.Remove(f.file(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = syncFolder(filepath.Dir(f.file(key)))
	}
	if err != nil {
		return fmt.Errorf("blob: delete: %w", err)
	}
	return nil
}

// List walks the folder; files that are not blobs are left out.
func (f *Folder) List(ctx context.Context) iter.Seq2[Key, error] {
	return func(yield func(Key, error) bool) {
		folders, err := os.ReadDir(f.path) // sorted
		if err != nil {
			yield("", fmt.Errorf("blob: list: %w", err))
			return
		}
		for _, folder := range folders {
			if !folder.IsDir() || len(folder.Name()) != 2 {
				continue
			}
			if !f.listFolder(ctx, folder.Name(), yield) {
				return
			}
		}
	}
}

func (f *Folder) listFolder(ctx context.Context, name string, yield func(Key, error) bool) bool {
	files, err := os.ReadDir(filepath.Join(f.path, name))
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		yield("", fmt.Errorf("blob: list: %w", err))
		return false
	}
	for _, file := range files {
		if key := Key(name + file.Name()); key.Check() == nil && !yield(key, nil) {
			return false
		}
	}
	return true
}
