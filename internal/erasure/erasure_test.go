package erasure_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ambassadeur/internal/erasure"
)

var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func open(t *testing.T, path string) *erasure.Log {
	t.Helper()
	var mu sync.Mutex
	now := start
	l, err := erasure.Open(path, func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Hour)
		return now
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func add(t *testing.T, l *erasure.Log, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if _, err := l.Append("person", id); err != nil {
			t.Fatal(err)
		}
	}
}

func ids(t *testing.T, l *erasure.Log, since time.Time) string {
	t.Helper()
	var out []string
	if err := l.Replay(since, func(e erasure.Entry) error { out = append(out, e.ID); return nil }); err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, " ")
}

func TestErasuresAreRememberedAndReplayed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sub", "erasures.log")
	l := open(t, path)
	if h, err := l.Head(); err != nil || h.Seq != 0 {
		t.Fatalf("empty: %+v, %v", h, err)
	}
	add(t, l, "a", "b", "c") // at 10, 11 and 12 o'clock
	again := open(t, path)
	if got := ids(t, again, time.Time{}); got != "a b c" {
		t.Errorf("all: %q", got)
	}
	if got := ids(t, again, start.Add(2*time.Hour)); got != "b c" {
		t.Errorf("since 11 o'clock: %q", got)
	}
	stop := errors.New("stop")
	if err := again.Replay(time.Time{}, func(erasure.Entry) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("rights %v, %v", info.Mode(), err)
	}
	var copied bytes.Buffer
	if err := again.CopyTo(&copied); err != nil {
		t.Fatal(err)
	}
	n := 0
	if err := erasure.Read(&copied, func(erasure.Entry) error { n++; return nil }); err != nil || n != 3 {
		t.Errorf("the copy: %d, %v", n, err)
	}
}

func TestOnlyIdsAreTaken(t *testing.T) {
	l := open(t, filepath.Join(t.TempDir(), "e"))
	for _, c := range [][2]string{{"person", "Sanne de Vries"}, {"person", "sanne@example.org"}, {"person", ""}, {"Person", "a"}, {"a b", "a"}, {"person", "a\nb"}} {
		if _, err := l.Append(c[0], c[1]); err == nil {
			t.Errorf("taken: %q", c)
		}
	}
}

func TestALineThatACrashCutShortIsRemoved(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		path := filepath.Join(t.TempDir(), "e")
		l := open(t, path)
		add(t, l, "a", "b")
		whole, _ := os.ReadFile(path)
		add(t, l, "c")
		all, _ := os.ReadFile(path)
		cut := rapid.IntRange(len(whole), len(all)-1).Draw(rt, "cut")
		torn := all[:cut]
		if rapid.Bool().Draw(rt, "zeros") { // a file system may give the length without the content
			torn = append(bytes.Clone(torn), make([]byte, len(all)-cut)...)
		}
		if err := os.WriteFile(path, torn, 0o600); err != nil {
			rt.Fatal(err)
		}
		l = open(t, path)
		if got := ids(t, l, time.Time{}); got != "a b" {
			rt.Fatalf("got %q", got)
		}
		add(t, l, "d")
		if got := ids(t, open(t, path), time.Time{}); got != "a b d" {
			rt.Fatalf("got %q", got)
		}
	})
}

func TestDamageIsNoticed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "e")
	l := open(t, path)
	add(t, l, "aa", "bb", "cc")
	good, _ := os.ReadFile(path)
	lines := strings.SplitAfter(string(good), "\n")
	for name, text := range map[string]string{
		"changed id":   strings.Replace(string(good), " bb ", " bx ", 1),
		"changed kind": strings.Replace(string(good), "person", "object", 1),
		"line gone":    lines[0] + lines[2],
		"first gone":   lines[1] + lines[2],
		"reordered":    lines[1] + lines[0] + lines[2],
		"twice":        lines[0] + lines[0],
		"rubbish":      string(good) + "rubbish\n",
		"empty line":   string(good) + "\n",
		"long":         strings.Repeat("x", 100_000) + "\n",
		"spaces":       strings.Replace(string(good), " ", "  ", 1),
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := erasure.Open(path, time.Now); !errors.Is(err, erasure.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := os.WriteFile(path, good[:len(lines[0])], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Append("person", "d"); !errors.Is(err, erasure.ErrDamaged) {
		t.Errorf("a file that became shorter while it was open: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	path := filepath.Join(f.TempDir(), "e")
	l, err := erasure.Open(path, func() time.Time { return start })
	if err != nil {
		f.Fatal(err)
	}
	for _, id := range []string{"a", "b"} {
		if _, err := l.Append("person", id); err != nil {
			f.Fatal(err)
		}
	}
	good, _ := os.ReadFile(path)
	f.Add(good)
	f.Add([]byte("1 x\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var seq int64
		_ = erasure.Read(bytes.NewReader(b), func(e erasure.Entry) error {
			if seq++; e.Seq != seq {
				t.Errorf("entry %d comes as %d", e.Seq, seq)
			}
			return nil
		})
	})
}

// TestProcessesTakeTurns lets several processes add to one file at once.
func TestProcessesTakeTurns(t *testing.T) {
	path := os.Getenv("AMBASSADEUR_TEST_ERASURES")
	const each, processes = 20, 3
	if path != "" { // we are one of the processes
		l := open(t, path)
		for i := range each {
			add(t, l, fmt.Sprintf("%d-%d", os.Getpid(), i))
		}
		return
	}
	path = filepath.Join(t.TempDir(), "e")
	l := open(t, path)
	var wg sync.WaitGroup
	for range processes {
		wg.Go(func() {
			cmd := exec.Command(os.Args[0], "-test.run=^TestProcessesTakeTurns$")
			cmd.Env = append(os.Environ(), "AMBASSADEUR_TEST_ERASURES="+path)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	for range 2 {
		wg.Go(func() {
			for i := range each {
				if _, err := l.Append("person", fmt.Sprint(i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	head, err := open(t, path).Head()
	if err != nil || head.Seq != (processes+2)*each {
		t.Errorf("%+v, %v", head, err)
	}
}
