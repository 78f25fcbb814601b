package backup_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"ambassadeur/internal/backup"
	"ambassadeur/internal/blob"
	"ambassadeur/internal/config"
	"ambassadeur/internal/db"
	"ambassadeur/internal/db/dbtest"
	"ambassadeur/internal/erasure"
	"ambassadeur/internal/job"
	"ambassadeur/internal/secret"
)

var (
	ctx   = context.Background()
	start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
)

// house is one installation: a database, blobs, a log of erasures, a key. A
// row of the table setting stands for a person.
type house struct {
	folder string
	url    string
	db     *db.DB
	blobs  *blob.Folder
	log    *erasure.Log
	clock  time.Time
}

func (h *house) now() time.Time { h.clock = h.clock.Add(time.Second); return h.clock }

func newHouse(t *testing.T, url string) *house {
	t.Helper()
	h := &house{folder: t.TempDir(), url: url, clock: start}
	h.open(t)
	return h
}

func (h *house) open(t *testing.T) {
	t.Helper()
	h.db = dbtest.Open(t, h.url)
	var err error
	if h.blobs, err = blob.NewFolder(filepath.Join(h.folder, "blobs"), 1<<20); err != nil {
		t.Fatal(err)
	}
	if h.log, err = erasure.Open(filepath.Join(h.folder, "erasures.log"), h.now); err != nil {
		t.Fatal(err)
	}
}

func (h *house) welcome(t *testing.T, people ...string) {
	t.Helper()
	for _, p := range people {
		dbtest.Exec(t, h.db, fmt.Sprintf(`insert into setting (name, value) values ('%s', 'née – ''%s''')`, p, p))
	}
}

func (h *house) erase(t *testing.T, person string) {
	t.Helper()
	if _, err := h.log.Append("person", person); err != nil {
		t.Fatal(err)
	}
	dbtest.Exec(t, h.db, fmt.Sprintf(`delete from setting where name = '%s'`, person))
}

func (h *house) create(t *testing.T) string {
	t.Helper()
	path, _, err := h.tryCreate()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func (h *house) tryCreate() (string, backup.Manifest, error) {
	settings, err := yaml.Marshal(config.Config{Key: "VerySecretKey", Database: "postgres://u:VerySecretPassword@h/d", BaseURL: "https://a.example.org"})
	if err != nil {
		return "", backup.Manifest{}, err
	}
	return backup.Create(ctx, backup.Source{DB: h.db, Blobs: h.blobs, Erasures: h.log, Settings: settings, Program: "test",
		Trail: func(context.Context) (int64, error) { return 7, nil }, Now: h.now}, filepath.Join(h.folder, "backups"))
}

func (h *house) target() backup.Target {
	return backup.Target{Database: h.url, Blobs: h.blobs, Erasures: filepath.Join(h.folder, "erasures.log"), Now: h.now,
		Erase: func(ctx context.Context, tx *sql.Tx, kind, id string) error {
			if kind != "person" {
				return errors.New("unknown kind")
			}
			_, err := db.Exec(ctx, tx, `delete from setting where name = $1`, id)
			return err
		},
		Settle: func(ctx context.Context, d *db.DB) error { _, err := job.Forget(ctx, d); return err },
	}
}

func (h *house) people(t *testing.T) string {
	t.Helper()
	names, err := db.List(ctx, h.db.Reader(), db.Text, `select name from setting order by name`)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(names, " ")
}

// fresh is an empty installation on a database of the same or the other kind.
// Its database is not there yet.
func fresh(t *testing.T, url string) *house {
	t.Helper()
	h := &house{folder: t.TempDir(), clock: start.Add(time.Hour)}
	h.url = "sqlite:" + filepath.Join(h.folder, "new.db")
	if db.FileOf(url) == "" {
		h.url = dbtest.PostgresBare(t)
	}
	var err error
	if h.blobs, err = blob.NewFolder(filepath.Join(h.folder, "blobs"), 1<<20); err != nil {
		t.Fatal(err)
	}
	return h
}

func urls(t *testing.T, run func(t *testing.T, from, to string)) {
	for _, from := range []string{"file", "server"} {
		for _, to := range []string{"file", "server"} {
			t.Run(from+" to "+to, func(t *testing.T) {
				url := map[string]func(testing.TB) string{"file": dbtest.SQLite, "server": dbtest.Postgres}
				run(t, url[from](t), map[string]string{"file": "sqlite:x", "server": "postgres://"}[to])
			})
		}
	}
}

func TestWhatIsBackedUpComesBack(t *testing.T) {
	urls(t, func(t *testing.T, from, to string) {
		h := newHouse(t, from)
		h.welcome(t, "p1", "p2", "p3")
		h.erase(t, "p3")
		photo := bytes.Repeat([]byte("foto"), 9000)
		key, err := h.blobs.Put(ctx, bytes.NewReader(photo))
		if err != nil {
			t.Fatal(err)
		}
		path := h.create(t)
		m, err := backup.Verify(ctx, path)
		if err != nil || m.Trail != 7 || m.Schema == 0 || m.Program != "test" || len(m.Members) != 4 {
			t.Fatalf("%+v, %v", m, err)
		}
		if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
			t.Errorf("rights %v", info.Mode())
		}

		n := fresh(t, to)
		report, err := backup.Restore(ctx, path, n.target())
		if err != nil {
			t.Fatal(err)
		}
		if report.Blobs != 1 || report.Erased != 0 || report.Kept != "" {
			t.Errorf("%+v", report)
		}
		n.open(t)
		if got := n.people(t); got != "p1 p2" {
			t.Errorf("people %q", got)
		}
		value, err := db.Get(ctx, n.db.Reader(), db.Text, `select value from setting where name = 'p1'`)
		if err != nil || value != "née – 'p1'" {
			t.Errorf("%q, %v", value, err)
		}
		r, err := n.blobs.Get(ctx, key)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil || !bytes.Equal(got, photo) {
			t.Errorf("%d bytes, %v", len(got), err)
		}
		if e, err := n.log.Head(); err != nil || e.ID != "p3" {
			t.Errorf("erasures: %+v, %v", e, err)
		}
		left, _ := filepath.Glob(filepath.Join(n.folder, ".restore-*"))
		if len(left) != 0 {
			t.Errorf("left behind: %v", left)
		}
	})
}

func TestWhoWasErasedStaysErased(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, url string) {
		h := newHouse(t, url)
		h.welcome(t, "p1", "p2", "p3")
		path := h.create(t)
		h.erase(t, "p2") // after the backup

		n := fresh(t, url)
		if err := os.WriteFile(filepath.Join(n.folder, "erasures.log"), read(t, filepath.Join(h.folder, "erasures.log")), 0o600); err != nil {
			t.Fatal(err)
		}
		report, err := backup.Restore(ctx, path, n.target())
		if err != nil || report.Erased != 1 {
			t.Fatalf("%+v, %v", report, err)
		}
		n.open(t)
		if got := n.people(t); got != "p1 p3" {
			t.Errorf("people %q", got)
		}
	})
}

// An older backup goes into an installation that has its own log meanwhile:
// both sides' erasures hold.
func TestErasuresOfBothSidesHold(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.welcome(t, "p1", "p2", "p3")
	first := h.create(t)
	h.erase(t, "p1")
	second := h.create(t)

	n := newHouse(t, dbtest.SQLite(t))
	n.welcome(t, "p2", "p3")
	n.erase(t, "p3")
	if err := n.db.Close(); err != nil {
		t.Fatal(err)
	}
	target := n.target()
	target.Force = true
	for _, path := range []string{second, first} {
		if _, err := backup.Restore(ctx, path, target); err != nil {
			t.Fatal(err)
		}
		n.open(t)
		if got := n.people(t); got != "p2" {
			t.Errorf("after %s: people %q", filepath.Base(path), got)
		}
		if err := n.db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestADatabaseIsReplacedOnlyOnRequestAndKept(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.welcome(t, "old")
	path := h.create(t)
	h.welcome(t, "new")
	if _, err := backup.Restore(ctx, path, h.target()); !errors.Is(err, backup.ErrExists) || !strings.Contains(err.Error(), "--force") {
		t.Fatalf("got %v", err)
	}
	if got := h.people(t); got != "new old" {
		t.Fatalf("people %q", got)
	}
	target := h.target()
	target.Force = true
	leave, err := h.db.Presence(ctx, "jobs", func(context.Context) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Restore(ctx, path, target); !errors.Is(err, backup.ErrRunning) {
		t.Fatalf("while it runs: %v", err)
	}
	leave()
	if err := h.db.Close(); err != nil {
		t.Fatal(err)
	}
	report, err := backup.Restore(ctx, path, target)
	if err != nil {
		t.Fatal(err)
	}
	h.open(t)
	if got := h.people(t); got != "old" {
		t.Errorf("people %q", got)
	}
	kept := &house{db: dbtest.Open(t, "sqlite:"+report.Kept)}
	if got := kept.people(t); got != "new old" {
		t.Errorf("kept: people %q", got)
	}
}

func TestAServerWithRowsIsNotOverwritten(t *testing.T) {
	h := newHouse(t, dbtest.Postgres(t))
	h.welcome(t, "p1")
	path := h.create(t)
	h.welcome(t, "p2")
	target := h.target()
	target.Force = true
	if _, err := backup.Restore(ctx, path, target); !errors.Is(err, backup.ErrExists) {
		t.Errorf("got %v", err)
	}
	if got := h.people(t); got != "p1 p2" {
		t.Errorf("people %q", got)
	}
}

func TestARestoreThatFailsChangesNothing(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, url string) {
		h := newHouse(t, url)
		h.welcome(t, "p1")
		path := h.create(t)
		n := fresh(t, url)
		no := errors.New("the key does not fit")
		target := n.target()
		target.Settle = func(context.Context, *db.DB) error { return no }
		if _, err := backup.Restore(ctx, path, target); !errors.Is(err, no) {
			t.Fatalf("got %v", err)
		}
		if file := db.FileOf(n.url); file != "" {
			if _, err := os.Stat(file); err == nil {
				t.Error("the database is there")
			}
		}
		target = n.target()
		target.Erase = func(context.Context, *sql.Tx, string, string) error { return no }
		h.erase(t, "p1")
		if _, err := backup.Restore(ctx, h.create(t), target); !errors.Is(err, no) {
			t.Fatalf("got %v", err)
		}
		if _, err := backup.Restore(ctx, path, n.target()); err != nil {
			t.Errorf("afterwards it works: %v", err)
		}
	})
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// members unpacks a backup without judging it; pack makes one of members.
func members(t *testing.T, path string) (names []string, content map[string][]byte) {
	t.Helper()
	zip, err := gzip.NewReader(bytes.NewReader(read(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	content = map[string][]byte{}
	r := tar.NewReader(zip)
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return names, content
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, h.Name)
		if content[h.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
}

func pack(t *testing.T, path string, names []string, content map[string][]byte) {
	t.Helper()
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	w := tar.NewWriter(zip)
	for _, name := range names {
		c := content[name]
		if err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(c)), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(c); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), zip.Close()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestADamagedBackupIsRefusedInWords(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.welcome(t, "p1")
	if _, err := h.blobs.Put(ctx, strings.NewReader("foto")); err != nil {
		t.Fatal(err)
	}
	path := h.create(t)
	good := read(t, path)
	bad := filepath.Join(t.TempDir(), "bad.tar.gz")
	refused := func(name, says string) {
		t.Helper()
		n := fresh(t, "sqlite:x")
		_, err := backup.Restore(ctx, bad, n.target())
		if !errors.Is(err, backup.ErrDamaged) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", name, err)
		}
		if files, _ := os.ReadDir(n.folder); len(files) != 1 { // the folder of blobs
			t.Errorf("%s: something was changed: %v", name, files)
		}
	}
	for _, part := range []int{0, 5, len(good) / 4, len(good) / 2, len(good) - 200, len(good) - 9, len(good) - 1} {
		if err := os.WriteFile(bad, good[:part], 0o600); err != nil {
			t.Fatal(err)
		}
		refused(fmt.Sprintf("cut at %d of %d", part, len(good)), "the backup is damaged")
	}
	for i := 20; i < len(good); i += len(good) / 40 {
		changed := bytes.Clone(good)
		changed[i] ^= 0x10
		if err := os.WriteFile(bad, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		refused(fmt.Sprintf("bit at %d", i), "the backup is damaged")
	}
	names, content := members(t, path)
	change := func(name, says string, edit func(names []string, c map[string][]byte) []string) {
		t.Helper()
		c := map[string][]byte{}
		for k, v := range content {
			c[k] = bytes.Clone(v)
		}
		pack(t, bad, edit(append([]string(nil), names...), c), c)
		refused(name, says)
	}
	last := len(names) - 1
	change("no manifest", "was not finished", func(n []string, _ map[string][]byte) []string { return n[:last] })
	change("member gone", "database.file is missing", func(n []string, _ map[string][]byte) []string { return n[1:] })
	change("member changed", "erasures.log was changed", func(n []string, c map[string][]byte) []string { c["erasures.log"] = []byte("x"); return n })
	change("blob changed", "was changed", func(n []string, c map[string][]byte) []string { c[n[1]] = []byte("fots"); return n })
	change("member added", "not in its list", func(n []string, c map[string][]byte) []string {
		extra := "blobs/" + strings.Repeat("a", 64)
		c[extra] = []byte("x")
		return append([]string{extra}, n...)
	})
	change("after the manifest", "after its list", func(n []string, _ map[string][]byte) []string { return append(n, "settings.yaml") })
	change("twice", "twice", func(n []string, _ map[string][]byte) []string { return append([]string{n[0]}, n...) })
	for _, name := range []string{"../escape", "/etc/passwd", "blobs/../../x", "ambassadeur.key", "blobs/x"} {
		change(name, "does not have", func(n []string, c map[string][]byte) []string { c[name] = nil; return append([]string{name}, n...) })
	}
	if err := os.WriteFile(bad, []byte("PK this is a zip"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused("another file", "does not begin like a backup")
	if _, err := backup.Verify(ctx, bad+"x"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestTheKeyIsNeverInABackup(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	for _, file := range []string{filepath.Join(h.folder, "ambassadeur.key"), filepath.Join(h.folder, "blobs", "ambassadeur.key")} {
		box, err := secret.Open(secret.Config{File: file})
		if err != nil {
			t.Fatal(err)
		}
		key := bytes.TrimSpace(read(t, file)[bytes.LastIndexByte(read(t, file), ':')+1:])
		sealed, err := box.Seal("p", []byte("SealedPlainText"))
		if err != nil {
			t.Fatal(err)
		}
		dbtest.Exec(t, h.db, fmt.Sprintf(`insert into setting (name, value) values ('%d', '%x')`, len(key)+len(file), sealed))
		names, content := members(t, h.create(t))
		for _, name := range names {
			for _, secretText := range [][]byte{key, []byte("VerySecret"), []byte("SealedPlainText")} {
				if bytes.Contains(content[name], secretText) {
					t.Errorf("%s holds %q", name, secretText[:6])
				}
			}
		}
		if !bytes.Contains(content["settings.yaml"], []byte("https://a.example.org")) {
			t.Error("the settings are not there")
		}
	}
}

func TestADamagedBlobDoesNotStopTheBackup(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	key, err := h.blobs.Put(ctx, strings.NewReader("foto"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(h.folder, "blobs", string(key[:2]), string(key[2:])), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	path, m, err := h.tryCreate()
	if err != nil || len(m.Damaged) != 1 || m.Damaged[0] != key {
		t.Fatalf("%+v, %v", m, err)
	}
	if _, err := backup.Verify(ctx, path); err != nil {
		t.Error(err)
	}
}

// slow is a store that says when it was reached and then waits for ever.
type slow struct{ *blob.Folder }

func (slow) List(context.Context) iter.Seq2[blob.Key, error] {
	return func(func(blob.Key, error) bool) {
		fmt.Println("reached")
		time.Sleep(time.Minute)
	}
}

func TestFaultKilledBackupLeavesNothingThatLooksWhole(t *testing.T) {
	if folder := os.Getenv("AMBASSADEUR_TEST_BACKUP"); folder != "" { // we are the one that is killed
		h := newHouse(t, "sqlite:"+filepath.Join(folder, "test.db"))
		h.welcome(t, "p1")
		_, _, err := backup.Create(ctx, backup.Source{DB: h.db, Blobs: slow{}, Erasures: h.log,
			Trail: func(context.Context) (int64, error) { return 0, nil }, Now: time.Now}, filepath.Join(folder, "backups"))
		t.Fatal("not killed", err)
	}
	folder := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run=^TestFaultKilledBackupLeavesNothingThatLooksWhole$")
	cmd.Env = append(os.Environ(), "AMBASSADEUR_TEST_BACKUP="+folder, "TMPDIR="+folder)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, len("reached"))); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	backups := filepath.Join(folder, "backups")
	files, err := backup.List(backups)
	if err != nil || len(files) != 0 {
		t.Errorf("%v, %v", files, err)
	}
	half, _ := filepath.Glob(filepath.Join(backups, ".half-*", "archive"))
	if len(half) != 1 {
		t.Fatalf("the backup was not under way: %v", half)
	}
	if _, err := backup.Verify(ctx, half[0]); !errors.Is(err, backup.ErrDamaged) {
		t.Errorf("the half archive: %v", err)
	}
	// The next backups work, and clear it away after a day.
	h := newHouse(t, dbtest.SQLite(t))
	h.folder = folder
	h.clock = time.Now()
	h.create(t)
	if now, _ := filepath.Glob(filepath.Join(backups, ".half-*")); len(now) != 1 {
		t.Errorf("one that may be at work was cleared: %v", now)
	}
	h.clock = time.Now().Add(25 * time.Hour)
	h.create(t)
	if now, _ := filepath.Glob(filepath.Join(backups, ".half-*")); len(now) != 0 {
		t.Errorf("still there: %v", now)
	}
}

func TestOldBackupsAreRemoved(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	var made []string
	for range 4 {
		made = append(made, h.create(t))
	}
	folder := filepath.Dir(made[0])
	if err := os.WriteFile(filepath.Join(folder, "notes.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	removed, err := backup.Keep(folder, 2)
	if err != nil || len(removed) != 2 {
		t.Fatalf("%v, %v", removed, err)
	}
	files, err := backup.List(folder)
	if err != nil || len(files) != 2 || files[0].Path != made[3] || files[1].Path != made[2] {
		t.Errorf("%v, %v", files, err)
	}
	if !files[0].Time.After(files[1].Time) || files[0].Size == 0 {
		t.Errorf("%v", files)
	}
	if files, err := backup.List(folder + "x"); files != nil || err != nil {
		t.Errorf("%v, %v", files, err)
	}
}
