package app

import (
	"bytes"
	"context"
	"database/sql"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ambassadeur/internal/audit"
	"ambassadeur/internal/config"
	"ambassadeur/internal/db"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/notify"
	"ambassadeur/internal/people"
	"ambassadeur/internal/web/kit"
)

func count(t *testing.T, a *App, query string) int64 {
	t.Helper()
	n, err := db.Get(t.Context(), a.DB.Reader(), db.Number, query)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func tell(t *testing.T, a *App, person string) {
	t.Helper()
	err := a.DB.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
		return a.Notify.Notify(ctx, tx, person, notify.Answer, "answer/a1")
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A person uses everything there is, a backup is made, the person is erased,
// and the older backup is put back on a new machine: of the person nothing is
// left but the id in the trail and in the log of erasures.
func TestAnErasedPersonStaysErasedInTheWholeHouse(t *testing.T) {
	a := open(t, nil)
	links, err := a.Demonstrate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	person, other := links[0].Description, links[1].Description
	for _, p := range []string{person, other} {
		tell(t, a, p)
		if err := a.Readings.Invite(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	archive, m, err := a.Backup(t.Context(), "", 3)
	if err != nil || m.Trail == 0 {
		t.Fatalf("%+v, %v", m, err)
	}
	if err := a.People.Erase(t.Context(), audit.System, person); err != nil {
		t.Fatal(err)
	}
	onlyInTheTrail(t, a, person)

	folder := t.TempDir()
	cfg, err := config.Load("", []string{"AMBASSADEUR_DATA=" + folder, "AMBASSADEUR_DEMO=true"})
	if err != nil {
		t.Fatal(err)
	}
	copyFile(t, a.Config.KeyFile, cfg.KeyFile)
	copyFile(t, erasuresFile(a.Config), erasuresFile(cfg))
	report, err := Restore(t.Context(), cfg, archive, false)
	if err != nil || report.Erased != 1 {
		t.Fatalf("%+v, %v", report, err)
	}
	b, err := Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	onlyInTheTrail(t, b, person)
	if n, err := b.Notify.Unread(t.Context(), other); err != nil || n != 1 {
		t.Errorf("the other's notices: %d, %v", n, err)
	}
	if n := count(t, b, `select count(*) from session`); n != 0 {
		t.Errorf("%d sessions are open after a restore", n)
	}
	if n := count(t, b, `select count(*) from notify_notice where due_at > 0`); n != 0 {
		t.Errorf("%d notices would be mailed again", n)
	}
	if n := count(t, b, `select count(*) from river_job where kind = 'notify.deliver'`); n != 0 {
		t.Errorf("%d jobs would run again", n)
	}
	if r, err := b.Audit.Verify(t.Context()); err != nil || r.Last <= m.Trail {
		t.Errorf("%+v, %v", r, err)
	}
}

// onlyInTheTrail looks at every row of every table.
func onlyInTheTrail(t *testing.T, a *App, id string) {
	t.Helper()
	var all bytes.Buffer
	if err := a.DB.Export(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	table := ""
	for line := range strings.Lines(all.String()) {
		if strings.HasPrefix(line, `{"table"`) {
			table = line
		}
		if strings.Contains(line, `"`+id+`"`) && !strings.Contains(table, `"audit_entry"`) {
			t.Errorf("still there: %s in %s", line, table)
		}
	}
}

func TestARestoreNeedsTheKeyAndDoesNothingWithoutIt(t *testing.T) {
	a := open(t, nil)
	archive, _, err := a.Backup(t.Context(), t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]string{"no key": "", "another key": strings.Repeat("A", 43)} {
		folder := t.TempDir()
		environ := []string{"AMBASSADEUR_DATA=" + folder, "AMBASSADEUR_DEMO=true"}
		if key != "" {
			environ = append(environ, "AMBASSADEUR_KEY="+key)
		}
		cfg, err := config.Load("", environ)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Restore(t.Context(), cfg, archive, false); err == nil || !strings.Contains(err.Error(), "key") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(db.FileOf(string(cfg.Database))); err == nil {
			t.Errorf("%s: the database is there", name)
		}
	}
}

// publishForStaff takes an edition with one change, which is for staff only,
// all the way into force.
func publishForStaff(t *testing.T, a *App) handbook.Edition {
	t.Helper()
	_, meta, err := a.Handbook.Current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	content, err := a.Handbook.Content(t.Context(), meta.ID, meta.Version)
	if err != nil {
		t.Fatal(err)
	}
	idea := staffIdea(t, content)
	idea.Title.NL, idea.Title.EN = idea.Title.NL+" (nieuw)", idea.Title.EN+" (new)"
	content.Book.Edition.Number++
	who := handbook.Actor{ID: "p1", Offices: []string{handbook.ByCommunications, handbook.ByDirector}}
	ed, err := a.Handbook.Import(t.Context(), who, content, "")
	if err != nil {
		t.Fatal(err)
	}
	steps := []func() error{func() error { return a.Handbook.Propose(t.Context(), who, ed.ID, nil) }}
	for _, b := range handbook.RequiredAdvice(content) {
		steps = append(steps, func() error {
			return a.Handbook.Advise(t.Context(), who, ed.ID, handbook.Advice{Body: b, Outcome: "positive", On: "2026-11-01"})
		})
	}
	steps = append(steps, func() error { return a.Handbook.Adopt(t.Context(), who, ed.ID) },
		func() error {
			return a.Handbook.Publish(t.Context(), who, ed.ID, handbook.Publication{Material: true})
		})
	for i, step := range steps {
		if err := step(); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
	ed, err = a.Handbook.Get(t.Context(), ed.ID)
	if err != nil || ed.State != handbook.InForce {
		t.Fatalf("%+v, %v", ed, err)
	}
	return ed
}

func staffIdea(t *testing.T, c *handbook.Content) *handbook.Idea {
	t.Helper()
	for i := range c.Chapters {
		for j := range c.Chapters[i].Sections {
			ideas := c.Chapters[i].Sections[j].Ideas
			for k := range ideas {
				if len(ideas[k].Audience) == 1 && ideas[k].Audience[0] == handbook.Staff {
					return &ideas[k]
				}
			}
		}
	}
	t.Fatal("the handbook has no idea for staff only")
	return nil
}

func TestANewEditionIsAnnouncedToWhomItConcernsOnce(t *testing.T) {
	a := open(t, nil)
	if _, err := a.Demonstrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := count(t, a, `select count(*) from river_job where kind = 'edition.announce'`); n != 0 {
		t.Errorf("the first edition is announced %d times", n)
	}
	ed := publishForStaff(t, a)
	if n := count(t, a, `select count(*) from river_job where kind = 'edition.announce'`); n != 1 {
		t.Errorf("%d jobs to announce", n)
	}
	staff, err := a.People.InAudience(t.Context(), people.Audience(handbook.Staff))
	if err != nil || len(staff) == 0 {
		t.Fatalf("%d staff, %v", len(staff), err)
	}
	for range 2 {
		if err := a.announce(t.Context(), ed.ID); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(t, a, `select count(*) from notify_notice where kind = 'edition'`); n != int64(len(staff)) {
		t.Errorf("%d notices for %d staff", n, len(staff))
	}
	notices, err := a.notices(t.Context(), kit.Principal{PersonID: staff[0]})
	if err != nil || len(notices) != 1 || notices[0].Href != "/handboek/veranderd" {
		t.Fatalf("%+v, %v", notices, err)
	}
	for _, key := range []string{notices[0].Title, notices[0].Text, notices[0].Label} {
		if !i18n.For(i18n.NL).Has(key) {
			t.Errorf("no words for %s", key)
		}
	}
	if err := a.dismiss(t.Context(), staff[0], notices[0].ID); err != nil {
		t.Fatal(err)
	}
	if notices, err := a.notices(t.Context(), kit.Principal{PersonID: staff[0]}); err != nil || len(notices) != 0 {
		t.Errorf("%+v, %v", notices, err)
	}
	if err := a.remind(t.Context()); err != nil {
		t.Errorf("nobody is due: %v", err)
	}
}

func TestTheDoctorLooksAtTheWholeHouse(t *testing.T) {
	a := open(t, nil)
	if at, err := a.lastBackup(t.Context()); err != nil || !at.IsZero() {
		t.Errorf("%v, %v", at, err)
	}
	if at, err := a.Audit.Newest(t.Context()); err != nil || time.Since(at) > time.Minute {
		t.Errorf("%v, %v", at, err)
	}
}
