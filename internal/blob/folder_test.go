package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ambassadeur/internal/blob"
	"ambassadeur/internal/blob/blobtest"
)

func folder(t *testing.T, dir string) *blob.Folder {
	t.Helper()
	f, err := blob.NewFolder(dir, blobtest.Max)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFolder(t *testing.T) {
	blobtest.Run(t, func(t *testing.T) blob.Store { return folder(t, t.TempDir()) })
}

func TestDamageIsNoticedAndMended(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	f := folder(t, dir)
	content := bytes.Repeat([]byte("foto"), 10_000)
	key, err := f.Put(ctx, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, string(key[:2]), string(key[2:]))
	read := func() error {
		r, err := f.Get(ctx, key)
		if err != nil {
			return err
		}
		defer func() { _ = r.Close() }()
		_, err = io.Copy(io.Discard, r)
		return err
	}
	for name, damage := range map[string][]byte{"cut": content[:100], "changed": append([]byte("x"), content[1:]...), "empty": nil} {
		if err := os.WriteFile(path, damage, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := read(); !errors.Is(err, blob.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := f.Put(ctx, bytes.NewReader(content)); err != nil {
			t.Fatal(err)
		}
		if err := read(); err != nil {
			t.Errorf("%s: not mended: %v", name, err)
		}
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("rights %v", info.Mode())
	}
}

func TestWhatAKilledProcessLeftIsClearedLater(t *testing.T) {
	dir := t.TempDir()
	folder(t, dir)
	old, young := filepath.Join(dir, ".half", "old"), filepath.Join(dir, ".half", "young")
	for _, p := range []string{old, young} {
		if err := os.WriteFile(p, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	yesterday := time.Now().Add(-25 * time.Hour)
	if err := os.Chtimes(old, yesterday, yesterday); err != nil {
		t.Fatal(err)
	}
	f := folder(t, dir)
	if _, err := os.Stat(old); err == nil {
		t.Error("the old half file is still there")
	}
	if _, err := os.Stat(young); err != nil {
		t.Error("a half file that may be in use was removed")
	}
	for k, err := range f.List(context.Background()) {
		t.Errorf("a half file is listed: %s, %v", k, err)
	}
}
