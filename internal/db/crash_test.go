package db_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/db/dbtest"
)

// childEnv makes the test binary a process that can be killed.
const childEnv = "AMBASSADEUR_TEST_CHILD"

func TestMain(m *testing.M) {
	url := os.Getenv("AMBASSADEUR_TEST_URL")
	switch os.Getenv(childEnv) {
	case "":
		os.Exit(m.Run())
	case "write":
		writeForever(url)
	case "open":
		d, err := db.Open(context.Background(), db.Config{URL: url})
		if err == nil {
			err = put(context.Background(), d, "a", "b")
		}
		fmt.Println(errors.Is(err, db.ErrReadOnly), err)
	}
}

// writeForever commits one row after another and says so after each.
func writeForever(url string) {
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{URL: url})
	for err == nil {
		id := db.NewID()
		if err = put(ctx, d, id, strings.Repeat("x", 500)); err == nil {
			fmt.Println(id)
		}
	}
	fmt.Println("error", err)
}

func child(program, mode, url string) *exec.Cmd {
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), childEnv+"="+mode, "AMBASSADEUR_TEST_URL="+url)
	cmd.Stderr = os.Stderr
	return cmd
}

// TestFaultKillWhileWriting: whatever a killed process said it had written is
// there, and the file is sound.
func TestFaultKillWhileWriting(t *testing.T) {
	ctx := context.Background()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		var said []string
		for round := range 2 {
			cmd := child(os.Args[0], "write", url)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewReader(out)
			for range 50 + 17*round {
				line, err := lines.ReadString('\n')
				if err != nil {
					t.Fatalf("%q, %v", line, err)
				}
				said = append(said, strings.TrimSpace(line))
			}
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			rest, _ := io.ReadAll(lines) // said between our last look and its end
			said = append(said, strings.Fields(string(rest))...)
			_ = cmd.Wait() // "signal: killed"
		}
		d := dbtest.Open(t, url)
		if err := d.Check(ctx); err != nil {
			t.Error(err)
		}
		for _, id := range said {
			if len(id) != 36 { // the last line may be cut
				continue
			}
			if _, err := db.Get(ctx, d.Reader(), db.Text, "select value from setting where name = $1", id); err != nil {
				t.Fatalf("%s was acknowledged and is gone: %v", id, err)
			}
		}
		t.Logf("%d acknowledged rows, all there", len(said))
	})
}

// TestFaultFullFile is TestFaultFullDisk for those who may not mount: SQLite itself is
// told to stop at some page.
func TestFaultFullFile(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite(t))
	limit := func(pages int) {
		// The pool that writes has one connection, so the setting stays.
		dbtest.Exec(t, d, fmt.Sprintf("pragma max_page_count = %d", pages))
	}
	limit(300)
	accepted := fillUp(t, d)
	limit(10_000)
	allThere(t, d, accepted)
}

func fillUp(t *testing.T, d *db.DB) (accepted []string) {
	t.Helper()
	for range 10_000 {
		id := db.NewID()
		err := put(context.Background(), d, id, strings.Repeat("x", 5000))
		if err != nil {
			if !errors.Is(err, db.ErrFull) {
				t.Fatalf("want ErrFull, got %v", err)
			}
			t.Logf("after %d rows: %v", len(accepted), err)
			return accepted
		}
		accepted = append(accepted, id)
	}
	t.Fatal("it never became full")
	return nil
}

func allThere(t *testing.T, d *db.DB, accepted []string) {
	t.Helper()
	ctx := context.Background()
	if len(accepted) == 0 {
		t.Fatal("nothing was accepted before it was full")
	}
	if err := put(ctx, d, "again", "there is room"); err != nil {
		t.Fatalf("with room again: %v", err)
	}
	names, err := db.List(ctx, d.Reader(), db.Text, "select name from setting where name <> 'again' order by name")
	if err != nil || strings.Join(names, " ") != strings.Join(accepted, " ") {
		t.Fatalf("%d of %d accepted rows are there, %v", len(names), len(accepted), err)
	}
	if err := d.Check(ctx); err != nil {
		t.Error(err)
	}
}

// TestFaultFolderThatCannotBeWritten says which, as another user when we are root,
// whom nothing stops.
func TestFaultFolderThatCannotBeWritten(t *testing.T) {
	base, err := os.MkdirTemp("", "ambassadeur-ro-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(base) })
	template := strings.TrimPrefix(dbtest.SQLite(t), "sqlite:")
	existing := filepath.Join(base, "existing.db")
	copyFile(t, template, existing, 0o644)
	program := filepath.Join(base, "child")
	copyFile(t, os.Args[0], program, 0o755)
	if err := os.Chmod(base, 0o555); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(base, "new.db"), filepath.Join(base, "folder", "new.db"), existing} {
		cmd := child(program, "open", "sqlite:"+path)
		cmd.Dir = base
		if os.Geteuid() == 0 {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		if said := string(out); !strings.HasPrefix(said, "true ") || !strings.Contains(said, base) {
			t.Errorf("%s: %s", path, said)
		} else {
			t.Log(strings.TrimSpace(said))
		}
	}
}

func copyFile(t *testing.T, from, to string, mode os.FileMode) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, content, mode)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestFaultPostgresThatIsAway: no server is an error at once, not a wait.
func TestFaultPostgresThatIsAway(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_, err := db.Open(ctx, db.Config{URL: "postgres://someone:hunter2@127.0.0.1:1/none"})
	if err == nil || strings.Contains(err.Error(), "hunter2") || ctx.Err() != nil {
		t.Errorf("%v", err)
	}
}
