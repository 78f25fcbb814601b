package db_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"ambassadeur/internal/db"
	"ambassadeur/internal/db/dbtest"
)

// TestFaultFullDisk: the error says so, what was accepted before stays, and it
// works again when there is room.
func TestFaultFullDisk(t *testing.T) {
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "small")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("a small disk cannot be mounted here (%v); TestFaultFullFile covers the rest", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	d := dbtest.Open(t, "sqlite:"+filepath.Join(dir, "test.db"))
	accepted := fillUp(t, d)
	for range 3 { // still full, still the same clear error
		if err := put(ctx, d, db.NewID(), strings.Repeat("x", 50_000)); !errors.Is(err, db.ErrFull) {
			t.Fatalf("want ErrFull, got %v", err)
		}
	}
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT, "size=20m"); err != nil {
		t.Fatal(err)
	}
	allThere(t, d, accepted)
}
