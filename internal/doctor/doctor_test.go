package doctor

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ambassadeur/internal/audit"
	"ambassadeur/internal/db"
	"ambassadeur/internal/db/dbtest"
	"ambassadeur/internal/erasure"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/notify"
	"ambassadeur/internal/secret"
)

var ctx = context.Background()

// expect runs a check and compares; it also looks whether all words are there
// in both languages, with every argument filled in.
func expect(t *testing.T, check Check, level Level, text string) {
	t.Helper()
	for _, f := range check(ctx) {
		if f.Level != level || f.Text != text {
			t.Errorf("%s: %s %q (%s), want %s %q", f.Area, f.Level, f.Text, f.Detail, level, text)
		}
		for _, lang := range i18n.Langs() {
			p := i18n.For(lang)
			for _, words := range []string{f.Title(p), f.Says(p), f.Do(p)} {
				if strings.Contains(words, "⟦") || strings.Contains(words, "<no value>") {
					t.Errorf("%s %s %q: words %q", lang, f.Area, f.Text, words)
				}
			}
			if (f.Do(p) == "") != (f.Level == OK) {
				t.Errorf("%s %s %q: advice %q", lang, f.Area, f.Text, f.Do(p))
			}
		}
	}
}

func TestAddress(t *testing.T) {
	expect(t, Address("https://a.example.org"), OK, "https")
	expect(t, Address("http://localhost:8080"), Warn, "here")
	expect(t, Address("http://a.example.org"), Wrong, "http")
	expect(t, Address("a.example.org"), Wrong, "unreadable")
}

func TestDisk(t *testing.T) {
	dir := t.TempDir()
	if f := Disk(dir)(ctx)[0]; f.Text != "enough" && f.Text != "little" {
		t.Errorf("%+v", f)
	}
	expect(t, Disk(filepath.Join(dir, "gone")), Wrong, "unwritable")
	for free, want := range map[uint64]Level{1 << 40: OK, 1 << 30: Warn, 1 << 20: Wrong} {
		if f := space(free)[0]; f.Level != want {
			t.Errorf("%d free: %s", free, f.Level)
		}
		expect(t, func(context.Context) []Finding { return space(free) }, want, space(free)[0].Text)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestClock(t *testing.T) {
	dir := t.TempDir()
	at := func(d time.Duration) func() time.Time { return func() time.Time { return time.Now().Add(d) } }
	newest := func(d time.Duration) func(context.Context) (time.Time, error) {
		return func(context.Context) (time.Time, error) { return time.Now().Add(d), nil }
	}
	expect(t, Clock(dir, time.Now, newest(-time.Hour)), OK, "right")
	expect(t, Clock(dir, time.Now, newest(time.Hour)), Wrong, "back")
	expect(t, Clock(dir, at(time.Hour), newest(0)), Warn, "file")
	expect(t, Clock(dir, func() time.Time { return time.Unix(0, 0) }, newest(0)), Wrong, "early")
	expect(t, func(context.Context) []Finding { return found("clock", Wrong, "zone", nil) }, Wrong, "zone")
}

func TestKeys(t *testing.T) {
	file := filepath.Join(t.TempDir(), "private", "key")
	box, err := secret.Open(secret.Config{File: file})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, Keys("", box.Known()), OK, "environment")
	expect(t, Keys(file, box.Known()), OK, "fits")
	expect(t, Keys(file+"x", box.Known()), Wrong, "gone")
	chmod(t, filepath.Dir(file), 0o777)
	expect(t, Keys(file, box.Known()), Warn, "folder")
	chmod(t, file, 0o644)
	expect(t, Keys(file, box.Known()), Wrong, "open")
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func TestMail(t *testing.T) {
	works := func(context.Context) error { return nil }
	broken := func(context.Context) error { return errors.New("no route") }
	expect(t, Mail(works, ""), OK, "answers")
	expect(t, Mail(broken, ""), Wrong, "silent")
	expect(t, Mail(works, "/outbox"), Warn, "outbox")
	expect(t, Mail(broken, "/outbox"), Wrong, "outbox_broken")
	count := func(c notify.Counts, err error) Check {
		return Mails(func(context.Context, time.Time) (notify.Counts, error) { return c, err }, time.Now)
	}
	expect(t, count(notify.Counts{Sent: 3}, nil), OK, "all")
	expect(t, count(notify.Counts{Sent: 3, Unsure: 1}, nil), Warn, "some")
	expect(t, count(notify.Counts{}, errors.New("x")), Warn, "unknown")
}

func TestDatabaseAndTrail(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, url string) {
		d := dbtest.Open(t, url)
		expect(t, Database(d, db.FileOf(url)), OK, "whole")
		box, err := secret.New(map[byte][]byte{1: bytes.Repeat([]byte{1}, secret.KeySize)})
		if err != nil {
			t.Fatal(err)
		}
		log := audit.New(d, box, time.Now, nil)
		expect(t, Trail(log), OK, "whole")
		err = d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error { return log.Record(ctx, tx, audit.System, "a.b", "c/1") })
		if err != nil {
			t.Fatal(err)
		}
		dbtest.Exec(t, d, `update audit_head set seq = 2`)
		expect(t, Trail(log), Wrong, "broken")
	})
	closed, err := db.Open(ctx, db.Config{URL: dbtest.SQLite(t)})
	if err != nil {
		t.Fatal(err)
	}
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	expect(t, Database(closed, ""), Wrong, "silent")
}

func TestErasures(t *testing.T) {
	path := filepath.Join(t.TempDir(), "e")
	log, err := erasure.Open(path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, Erasures(log), OK, "whole")
	if err := os.WriteFile(path, []byte("x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	expect(t, Erasures(log), Wrong, "damaged")
}

func TestBackups(t *testing.T) {
	last := func(age time.Duration) Check {
		return Backups(func(context.Context) (time.Time, error) { return time.Now().Add(-age), nil }, time.Now)
	}
	expect(t, last(time.Hour), OK, "fresh")
	expect(t, last(3*24*time.Hour), Warn, "old")
	expect(t, last(9*24*time.Hour), Wrong, "old")
	expect(t, Backups(func(context.Context) (time.Time, error) { return time.Time{}, nil }, time.Now), Warn, "none")
	expect(t, Backups(func(context.Context) (time.Time, error) { return time.Time{}, errors.New("x") }, time.Now), Warn, "unknown")
}

func TestTheReportReadsAsWords(t *testing.T) {
	findings := Run(ctx, Address("https://a.example.org"), Address("http://a.example.org"),
		Mail(func(context.Context) error { return errors.New("no route to host") }, ""))
	if Worst(findings) != Wrong || Worst(findings[:1]) != OK {
		t.Error(Worst(findings))
	}
	var b strings.Builder
	if err := Write(&b, i18n.For(i18n.NL), findings); err != nil {
		t.Fatal(err)
	}
	want := `[goed]    Adres: Mensen komen binnen op a.example.org, met https.
[fout]    Adres: Het adres begint met http. Anderen kunnen dan meelezen.
          → Zet een webserver met https ervoor en pas base_url aan.
[fout]    Mail: De mailserver geeft geen antwoord.
          → Kijk naar host, port, user, password en tls bij mail in de instellingen.
          (no route to host)

Er is iets stuk. Begin met de punten met 'fout'.
`
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
}

// Every text that a check can give is in the catalog, so each key is used.
func TestEveryKeyOfTheCatalogHasItsAdvice(t *testing.T) {
	for _, key := range i18n.Keys(i18n.NL) {
		area, text, ok := strings.Cut(strings.TrimPrefix(key, "doctor."), ".")
		if !strings.HasPrefix(key, "doctor.") || !ok || area == "level" || area == "sum" {
			continue
		}
		if base, advice := strings.CutSuffix(text, "_do"); advice && !i18n.For(i18n.NL).Has("doctor."+area+"."+base) {
			t.Errorf("%s belongs to nothing", key)
		}
	}
}
