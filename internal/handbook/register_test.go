package handbook_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/db/dbtest"
	"ambassadeur/internal/fault"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/i18n"
)

// clock is a clock that a test winds.
type clock struct{ at time.Time }

func newClock() *clock                   { return &clock{time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)} }
func (c *clock) now() time.Time          { return c.at }
func (c *clock) forward(d time.Duration) { c.at = c.at.Add(d) }

// lines keeps the audit lines that were written in transactions.
type lines struct{ all []string }

func (l *lines) Record(_ context.Context, _ *sql.Tx, actor, action, object string) error {
	l.all = append(l.all, actor+" "+action+" "+strings.SplitN(object, "/", 2)[0])
	return nil
}

var (
	communications = handbook.Actor{ID: "p-com", Offices: []string{"communications"}}
	director       = handbook.Actor{ID: "p-dir", Offices: []string{"director"}}
	nobody         = handbook.Actor{ID: "p-any"}
)

func register(d *db.DB, c *clock) (*handbook.Editions, *lines) {
	l := &lines{}
	return handbook.NewEditions(handbook.EditionsConfig{DB: d, Audit: l, Now: c.now}), l
}

// contentNumber is the small handbook as edition n, with a word of its own.
func contentNumber(t testing.TB, n int) *handbook.Content {
	t.Helper()
	c, _ := load(t, small(t))
	c.Book.Edition.Number = n
	c.Chapters[0].Sections[0].Ideas[1].Text.NL = fmt.Sprintf("Jouw verhaal telt. Dit is editie %d.", n)
	return c
}

// inForce takes edition n the whole way.
func inForce(t testing.TB, e *handbook.Editions, c *clock, n int, material bool) handbook.Edition {
	t.Helper()
	ctx := context.Background()
	ed, err := e.Import(ctx, communications, contentNumber(t, n), "")
	must(t, err)
	must(t, e.Propose(ctx, communications, ed.ID, []handbook.Body{handbook.WorksCouncil}))
	must(t, e.Advise(ctx, communications, ed.ID, handbook.Advice{Body: handbook.WorksCouncil, Outcome: "positive", On: "2026-11-01"}))
	must(t, e.Adopt(ctx, director, ed.ID))
	c.forward(time.Hour)
	must(t, e.Publish(ctx, communications, ed.ID, handbook.Publication{Material: material}))
	ed, err = e.Get(ctx, ed.ID)
	must(t, err)
	return ed
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wants checks the kind and the key of a fault.
func wants(t testing.TB, err error, kind fault.Kind, key string) {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != kind || f.Key != key {
		t.Errorf("err = %v, want %s %s", err, kind, key)
	}
	if ok && !i18n.For(i18n.NL).Has(f.Key) {
		t.Errorf("the catalog has no %q", f.Key)
	}
	if ok && f.Hint != "" && !i18n.For(i18n.NL).Has(f.Hint) {
		t.Errorf("the catalog has no %q", f.Hint)
	}
}

func TestLifeOfAnEdition(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		clk := newClock()
		e, audit := register(d, clk)

		_, _, err := e.Current(ctx)
		wants(t, err, fault.Unavailable, "edition.fault.none")

		_, err = e.Import(ctx, nobody, contentNumber(t, 1), "")
		wants(t, err, fault.Forbidden, "edition.fault.office.communications")
		ed, err := e.Import(ctx, communications, contentNumber(t, 1), "first try")
		must(t, err)
		wants(t, e.Adopt(ctx, director, ed.ID), fault.Conflict, "edition.fault.state")
		wants(t, e.Propose(ctx, director, ed.ID, nil), fault.Forbidden, "edition.fault.office.communications")
		wants(t, e.Propose(ctx, communications, ed.ID, []handbook.Body{"neighbours"}), fault.Invalid, "edition.fault.bodies")
		must(t, e.Propose(ctx, communications, ed.ID, nil))

		_, err = e.Import(ctx, communications, contentNumber(t, 1), "while they read")
		wants(t, err, fault.Conflict, "edition.fault.number_taken")
		wants(t, e.Comment(ctx, communications, ed.ID, " "), fault.Invalid, "edition.fault.reason")
		must(t, e.Comment(ctx, communications, ed.ID, "Noem de vrijwilligers eerder."))

		better := contentNumber(t, 1)
		better.Book.Subject.NL = "Een beter begin."
		again, err := e.Import(ctx, communications, better, "second try")
		must(t, err)
		if again.ID != ed.ID || again.Hash == ed.Hash {
			t.Errorf("the draft was not replaced: %+v", again)
		}
		must(t, e.Propose(ctx, communications, ed.ID, []handbook.Body{handbook.WorksCouncil, handbook.ClientCouncil}))
		must(t, e.Advise(ctx, communications, ed.ID, handbook.Advice{Body: handbook.WorksCouncil, Outcome: "negative", On: "2026-11-20", Note: "te lang"}))
		wants(t, e.Adopt(ctx, director, ed.ID), fault.Conflict, "edition.fault.advice_missing.client_council")
		wants(t, e.Advise(ctx, communications, ed.ID, handbook.Advice{Body: handbook.ClientCouncil, Outcome: "none", On: "morgen"}), fault.Invalid, "edition.fault.date")
		wants(t, e.Advise(ctx, communications, ed.ID, handbook.Advice{Body: handbook.PrivacyOfficer, Outcome: "none", On: "2026-11-20"}), fault.Invalid, "edition.fault.advice_unknown")
		must(t, e.Advise(ctx, communications, ed.ID, handbook.Advice{Body: handbook.ClientCouncil, Outcome: "positive", On: "2026-11-21"}))
		wants(t, e.Adopt(ctx, communications, ed.ID), fault.Forbidden, "edition.fault.office.director")
		must(t, e.Adopt(ctx, director, ed.ID))

		clk.forward(time.Hour)
		wants(t, e.Publish(ctx, communications, ed.ID, handbook.Publication{ValidFrom: clk.at.Add(time.Second)}), fault.Invalid, "edition.fault.valid_from")
		wants(t, e.Publish(ctx, communications, ed.ID, handbook.Publication{ValidFrom: clk.at.Add(-2 * time.Hour)}), fault.Invalid, "edition.fault.valid_from")
		must(t, e.Publish(ctx, communications, ed.ID, handbook.Publication{}))
		x, meta, err := e.Current(ctx)
		must(t, err)
		if meta.ID != ed.ID || x.Hash() != again.Hash || !meta.ReviewDue().Equal(clk.at.AddDate(1, 0, 0)) {
			t.Errorf("meta = %+v", meta)
		}

		second := inForce(t, e, clk, 2, true)
		_, meta, err = e.Current(ctx)
		must(t, err)
		if meta.ID != second.ID || meta.Supersedes != ed.ID || !meta.Material {
			t.Errorf("meta = %+v", meta)
		}
		first, err := e.Get(ctx, ed.ID)
		must(t, err)
		if first.State != handbook.Superseded || !first.ValidUntil.Equal(second.ValidFrom) {
			t.Errorf("first = %+v", first)
		}
		changes, err := e.Changes(ctx, second.ID)
		must(t, err)
		if len(changes) == 0 {
			t.Error("no change list")
		}
		wants(t, e.Revoke(ctx, communications, second.ID, "fout"), fault.Forbidden, "edition.fault.office.director")
		must(t, e.Revoke(ctx, director, second.ID, "Er staat een fout in."))
		_, _, err = e.Current(ctx)
		wants(t, err, fault.Unavailable, "edition.fault.none")
		third := inForce(t, e, clk, 3, false)
		if third.Supersedes != second.ID {
			t.Errorf("third = %+v", third)
		}
		wants(t, e.Revoke(ctx, director, second.ID, "nog eens"), fault.Conflict, "edition.fault.state")
		if want := "p-com edition.import edition"; audit.all[0] != want {
			t.Errorf("audit = %v", audit.all)
		}
	})
}

func TestCorrect(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		clk := newClock()
		e, _ := register(d, clk)
		ed := inForce(t, e, clk, 1, false)
		better := contentNumber(t, 1)
		better.Chapters[0].Title.NL = "Begin hier"
		wants(t, e.Correct(ctx, communications, ed.ID, better, ""), fault.Invalid, "edition.fault.reason")
		must(t, e.Correct(ctx, communications, ed.ID, better, "Een taalfout in de titel."))
		x, meta, err := e.Current(ctx)
		must(t, err)
		if meta.Version != 2 || x.Content().Chapters[0].Title.NL != "Begin hier" {
			t.Errorf("meta = %+v", meta)
		}
		old, err := e.Content(ctx, ed.ID, 1)
		must(t, err)
		if old.Chapters[0].Title.NL != "Beginnen" {
			t.Error("the first version changed")
		}
		for name, spoil := range map[string]func(*handbook.Content){
			"a strength":   func(c *handbook.Content) { c.Chapters[0].Sections[0].Ideas[0].Strength = handbook.Tip },
			"an audience":  func(c *handbook.Content) { c.Cards.Cards[0].Audience = c.Cards.Cards[0].Audience[:1] },
			"an idea less": func(c *handbook.Content) { c.OpenEnds = nil },
			"an answer":    func(c *handbook.Content) { c.Helpers[0].Questions[1].Answers[1].Outcome = "kan" },
			"the number":   func(c *handbook.Content) { c.Book.Edition.Number = 2 },
		} {
			t.Run(name, func(t *testing.T) {
				c := contentNumber(t, 1)
				spoil(c)
				wants(t, e.Correct(ctx, communications, ed.ID, c, "klein"), fault.Invalid, "edition.fault.material")
			})
		}
	})
}

func TestInstall(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		clk := newClock()
		e, audit := register(d, clk)
		c, p := load(t, small(t))
		ok, err := e.Install(ctx, c, p)
		must(t, err)
		if !ok {
			t.Fatal("not installed")
		}
		x, meta, err := e.Current(ctx)
		must(t, err)
		if meta.State != handbook.InForce || meta.Projection != 1 || x.Projection().Contacts.Email != "nieuws@example.org" {
			t.Errorf("meta = %+v", meta)
		}
		if ok, err := e.Install(ctx, contentNumber(t, 9), p); ok || err != nil {
			t.Errorf("installed over a handbook: %v, %v", ok, err)
		}
		for _, line := range audit.all {
			if !strings.HasPrefix(line, "system ") {
				t.Errorf("audit line %q", line)
			}
		}
	})
}

// TestAnotherNodePublishes holds that a second node shows a new edition
// within a second, and old tables never longer than that either.
func TestAnotherNodePublishes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		clk := newClock()
		here, _ := register(d, clk)
		there, _ := register(d, clk)
		first := inForce(t, here, clk, 1, false)
		_, meta, err := there.Current(ctx)
		must(t, err)
		if meta.ID != first.ID {
			t.Fatalf("meta = %+v", meta)
		}
		c, p := load(t, small(t))
		_ = c
		p.Contacts.Phone = "000-0000000"
		must(t, here.SetProjection(ctx, communications, p))
		must(t, here.SetProjection(ctx, communications, p)) // the same again: nothing
		x, _, err := there.Current(ctx)
		must(t, err)
		if x.Projection().Contacts.Phone != "" {
			t.Error("the other node looked again within the same second")
		}
		clk.forward(1100 * time.Millisecond)
		x, meta, err = there.Current(ctx)
		must(t, err)
		if x.Projection().Contacts.Phone != "000-0000000" || meta.Projection != 1 {
			t.Errorf("meta = %+v", meta)
		}
		p.Contacts.Phone = "000-1111111"
		must(t, here.SetProjection(ctx, communications, p))
		_, changes, err := here.ProjectionAt(ctx, 2)
		must(t, err)
		if len(changes) != 1 || changes[0].Of != "contacts" {
			t.Errorf("changes = %+v", changes)
		}
		wants(t, here.SetProjection(ctx, nobody, p), fault.Forbidden, "edition.fault.office.communications")
	})
}

// TestDamagedContent holds that a changed text in the database is noticed.
func TestDamagedContent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		clk := newClock()
		e, _ := register(d, clk)
		ed := inForce(t, e, clk, 1, false)
		must(t, d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
			_, err := db.Exec(ctx, tx, `update edition_version set content = '{"book":{}}' where edition_id = $1`, ed.ID)
			return err
		}))
		_, err := e.Content(ctx, ed.ID, 1)
		wants(t, err, fault.Unavailable, "edition.fault.damaged")
		fresh, _ := register(d, clk)
		_, _, err = fresh.Current(ctx)
		wants(t, err, fault.Unavailable, "edition.fault.damaged")
	})
}

func TestPublishedIsPartOfIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		clk := newClock()
		var told []handbook.Edition
		fail := true
		e := handbook.NewEditions(handbook.EditionsConfig{DB: d, Audit: &lines{}, Now: clk.now, Published: func(_ context.Context, _ *sql.Tx, ed handbook.Edition) error {
			told = append(told, ed)
			if fail {
				return fmt.Errorf("no room in the queue")
			}
			return nil
		}})
		ed, err := e.Import(ctx, communications, contentNumber(t, 1), "")
		must(t, err)
		must(t, e.Propose(ctx, communications, ed.ID, []handbook.Body{handbook.WorksCouncil}))
		must(t, e.Advise(ctx, communications, ed.ID, handbook.Advice{Body: handbook.WorksCouncil, Outcome: "none", On: "2026-11-01"}))
		must(t, e.Adopt(ctx, director, ed.ID))
		if err := e.Publish(ctx, communications, ed.ID, handbook.Publication{Material: true}); err == nil {
			t.Fatal("published without telling")
		}
		if _, _, err := e.Current(ctx); err == nil {
			t.Error("in force although nobody was told")
		}
		fail = false
		must(t, e.Publish(ctx, communications, ed.ID, handbook.Publication{Material: true}))
		last := told[len(told)-1]
		if last.State != handbook.InForce || !last.Material || last.ID != ed.ID {
			t.Errorf("told %+v", last)
		}
	})
}

// TestPublishAtOnce holds H1 when two editions are published at the same
// moment while pages are read.
func TestPublishAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		clk := newClock()
		clk.at = time.Now().Add(-time.Hour)
		before, _ := register(d, clk)
		inForce(t, before, clk, 1, false)
		var ids []string
		for n := 2; n <= 4; n++ {
			ed, err := before.Import(ctx, communications, contentNumber(t, n), "")
			must(t, err)
			must(t, before.Propose(ctx, communications, ed.ID, []handbook.Body{handbook.WorksCouncil}))
			must(t, before.Advise(ctx, communications, ed.ID, handbook.Advice{Body: handbook.WorksCouncil, Outcome: "none", On: "2026-11-01"}))
			must(t, before.Adopt(ctx, director, ed.ID))
			ids = append(ids, ed.ID)
		}
		e := handbook.NewEditions(handbook.EditionsConfig{DB: d, Audit: silent{}})
		done, published := make(chan struct{}), sync.WaitGroup{}
		readers := sync.WaitGroup{}
		for range 4 {
			readers.Go(func() {
				for {
					select {
					case <-done:
						return
					default:
						if x, meta, err := e.Current(ctx); err != nil || x.Hash() != meta.Hash {
							t.Errorf("current: %v, %v", meta, err)
							return
						}
					}
				}
			})
		}
		for _, id := range ids {
			published.Go(func() {
				if err := e.Publish(ctx, communications, id, handbook.Publication{}); err != nil && fault.KindOf(err) == fault.Internal {
					t.Errorf("publish: %v", err)
				}
			})
		}
		published.Wait()
		close(done)
		readers.Wait()
		all, err := e.List(ctx)
		must(t, err)
		n := 0
		for _, ed := range all {
			if ed.State == handbook.InForce {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d editions in force", n)
		}
	})
}

// silent keeps no audit lines, so that several goroutines may share it.
type silent struct{}

func (silent) Record(context.Context, *sql.Tx, string, string, string) error { return nil }

func BenchmarkCurrent(b *testing.B) {
	d := dbtest.Open(b, dbtest.SQLite(b))
	e := handbook.NewEditions(handbook.EditionsConfig{DB: d, Audit: &lines{}})
	c, p := load(b, small(b))
	if _, err := e.Install(context.Background(), c, p); err != nil {
		b.Fatal(err)
	}
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, _, err := e.Current(context.Background()); err != nil {
				b.Error(err)
			}
		}
	})
}
