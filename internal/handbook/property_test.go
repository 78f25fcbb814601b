package handbook_test

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ambassadeur/internal/db"
	"ambassadeur/internal/db/dbtest"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/i18n"
)

// TestMain keeps the property tests short: each step of theirs is a
// transaction on two databases. -rapid.checks on the command line wins.
func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "20")
	flag.Parse()
	os.Exit(m.Run())
}

// wipe empties the tables of this package between two runs of a property.
func wipe(t *rapid.T, d *db.DB) {
	err := d.Write(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		for _, q := range []string{
			`delete from acknowledgement`, `delete from edition_comment`, `delete from edition_advice`, `delete from edition_version`,
			`update edition set supersedes = null`, `delete from edition`, `delete from projection_version`,
			`update handbook_current set seq = seq + 1, edition_id = '', version = 0, projection_version = 0`,
		} {
			if _, err := db.Exec(ctx, tx, q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// world is a register with everything that ever was in force, as the
// properties remember it.
type world struct {
	d       *db.DB
	e       *handbook.Editions
	clk     *clock
	base    func(n int) *handbook.Content
	forever map[string]string // "edition/version" → hash, once in force
	ever    bool              // some edition was in force
}

func newWorld(t *rapid.T, tb testing.TB, d *db.DB) *world {
	wipe(t, d)
	w := &world{d: d, clk: newClock(), forever: map[string]string{}, base: func(n int) *handbook.Content { return contentNumber(tb, n) }}
	w.e, _ = register(d, w.clk)
	return w
}

func (w *world) actor(t *rapid.T) handbook.Actor {
	return rapid.SampledFrom([]handbook.Actor{communications, communications, director, director, nobody, handbook.System()}).Draw(t, "actor")
}

// event tries one event with anybody, on any edition, and checks the answer
// against the table.
func (w *world) event(t *rapid.T) {
	ctx := context.Background()
	all, err := w.e.List(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		return
	}
	ed := rapid.SampledFrom(all).Draw(t, "edition")
	who := w.actor(t)
	name := rapid.SampledFrom([]string{"propose", "comments", "adopt", "publish", "correct_typo", "revoke"}).Draw(t, "event")
	if rapid.IntRange(0, 3).Draw(t, "sensible") > 0 {
		who, name = sensible(t, ed, who, name)
	}
	switch name {
	case "propose":
		err = w.e.Propose(ctx, who, ed.ID, nil)
	case "comments":
		err = w.e.Comment(ctx, who, ed.ID, "Nog eens kijken.")
	case "adopt":
		err = w.e.Adopt(ctx, who, ed.ID)
	case "publish":
		back := rapid.SampledFrom([]time.Duration{0, time.Minute, 48 * time.Hour, -time.Hour}).Draw(t, "back")
		p := handbook.Publication{Material: rapid.Bool().Draw(t, "material")}
		if back != 0 {
			p.ValidFrom = w.clk.at.Add(-back)
		}
		err = w.e.Publish(ctx, who, ed.ID, p)
	case "correct_typo":
		c := w.base(ed.Number)
		c.Book.Subject.NL = rapid.SampledFrom([]string{"Een.", "Twee.", "Drie."}).Draw(t, "word")
		err = w.e.Correct(ctx, who, ed.ID, c, "taalfout")
	case "revoke":
		err = w.e.Revoke(ctx, who, ed.ID, "fout")
	}
	after, gerr := w.e.Get(ctx, ed.ID)
	if gerr != nil {
		t.Fatal(gerr)
	}
	i := slices.IndexFunc(handbook.EditionTransitions(), func(tr handbook.Transition) bool {
		return tr.From == string(ed.State) && tr.Event == name
	})
	switch {
	case err != nil && after.State != ed.State:
		t.Fatalf("%s failed (%v) and changed the state from %s to %s", name, err, ed.State, after.State)
	case err == nil && i < 0:
		t.Fatalf("%s from %s is not in the table and succeeded", name, ed.State)
	case err == nil && string(after.State) != handbook.EditionTransitions()[i].To:
		t.Fatalf("%s led from %s to %s", name, ed.State, after.State)
	case err == nil && !slices.Contains(who.Offices, handbook.EditionTransitions()[i].Who):
		t.Fatalf("%s by %v succeeded", name, who)
	}
}

// sensible draws an event that the table allows, by whoever may cause it.
func sensible(t *rapid.T, ed handbook.Edition, who handbook.Actor, name string) (handbook.Actor, string) {
	var possible []handbook.Transition
	for _, tr := range handbook.EditionTransitions() {
		if tr.From == string(ed.State) && tr.Who != handbook.BySystem {
			possible = append(possible, tr)
		}
	}
	if len(possible) == 0 {
		return who, name
	}
	tr := rapid.SampledFrom(possible).Draw(t, "transition")
	return handbook.Actor{ID: "p-right", Offices: []string{tr.Who}}, tr.Event
}

func (w *world) imports(t *rapid.T) {
	n := rapid.IntRange(1, 4).Draw(t, "number")
	c := w.base(n)
	c.Book.Organisation.About.EN = rapid.SampledFrom([]string{"One.", "Two."}).Draw(t, "words")
	_, _ = w.e.Import(context.Background(), w.actor(t), c, "")
}

func (w *world) advise(t *rapid.T) {
	all, _ := w.e.List(context.Background())
	for _, ed := range all {
		for _, b := range ed.Required {
			if rapid.IntRange(0, 3).Draw(t, "answers") > 0 {
				_ = w.e.Advise(context.Background(), communications, ed.ID, handbook.Advice{Body: b, Outcome: "positive", On: "2026-11-01"})
			}
		}
	}
}

func (w *world) wait(t *rapid.T) {
	w.clk.forward(time.Duration(rapid.IntRange(1, 72).Draw(t, "hours")) * time.Hour)
}

// check holds H1 to H5 after every step.
func (w *world) check(t *rapid.T) {
	ctx := context.Background()
	all, err := w.e.List(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var now []handbook.Edition
	for _, ed := range all {
		if ed.State == handbook.InForce {
			now = append(now, ed)
		}
		w.immutable(t, ed)
		w.ever = w.ever || !ed.ValidFrom.IsZero()
	}
	// H1: never two, at any moment.
	if len(now) > 1 {
		t.Fatalf("H1: %d editions in force", len(now))
	}
	for _, at := range moments(all) {
		n := 0
		for _, ed := range all {
			if ed.InForceAt(at) {
				n++
			}
		}
		if n > 1 {
			t.Fatalf("H1: %d editions in force at %s", n, at)
		}
	}
	x, meta, err := w.e.Current(ctx)
	if (err == nil) != (len(now) == 1) {
		t.Fatalf("H1: %d in force, Current says %v", len(now), err)
	}
	if err == nil {
		if meta.ID != now[0].ID || x.Hash() != now[0].Hash || !now[0].InForceAt(w.clk.at) {
			t.Fatalf("Current shows %s, in force is %s", meta.ID, now[0].ID)
		}
		content(t, x)
	}
}

// immutable holds H2: what was in force stays what it was.
func (w *world) immutable(t *rapid.T, ed handbook.Edition) {
	ctx := context.Background()
	versions, err := w.e.Versions(ctx, ed.ID)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range versions {
		key := fmt.Sprintf("%s/%d", ed.ID, v.Version)
		if v.Version != i+1 {
			t.Fatalf("H2: version %d of edition %d is missing", i+1, ed.Number)
		}
		if was, ok := w.forever[key]; ok && was != v.Hash {
			t.Fatalf("H2: %s changed", key)
		}
		if v.InForceFrom == 0 {
			continue
		}
		if _, ok := w.forever[key]; !ok {
			c, err := w.e.Content(ctx, ed.ID, v.Version)
			if err != nil {
				t.Fatal(err)
			}
			if h, _ := handbook.Hash(c); h != v.Hash {
				t.Fatalf("H2: %s has hash %s, its text %s", key, v.Hash, h)
			}
		}
		w.forever[key] = v.Hash
	}
	for key := range w.forever {
		if key == fmt.Sprintf("%s/%d", ed.ID, len(versions)+1) {
			t.Fatalf("H2: %s is gone", key)
		}
	}
}

// content holds H3 to H5 for what is shown.
func content(t *rapid.T, x *handbook.Index) {
	c := x.Content()
	for _, ch := range c.Chapters {
		for _, s := range ch.Sections {
			for _, i := range s.Ideas {
				if i.Strength != "" && len(i.Items) == 0 {
					t.Fatalf("H3: rule %s rests on nothing", i.ID)
				}
			}
		}
	}
	for _, card := range c.Cards.Cards {
		if _, ok := x.Idea(card.Rule); !ok || len(card.Items) == 0 {
			t.Fatalf("H3: card %s rests on nothing", card.ID)
		}
	}
	for _, p := range x.Pieces() {
		if p.Kind != handbook.KindPage && (p.Title.NL == "" || p.Title.EN == "") {
			t.Fatalf("H4: %s does not exist in both languages", p.Link)
		}
	}
	for _, r := range c.References {
		for _, m := range x.InTheMaking("idea:start/groepen") {
			if m.ID == r.ID && r.Status != "in_the_making" {
				t.Fatalf("H5: %s is said to be in the making", r.ID)
			}
		}
	}
}

func moments(all []handbook.Edition) []time.Time {
	var out []time.Time
	for _, ed := range all {
		for _, at := range []time.Time{ed.ValidFrom, ed.ValidUntil} {
			if !at.IsZero() {
				out = append(out, at, at.Add(-time.Microsecond), at.Add(time.Microsecond))
			}
		}
	}
	return out
}

// TestEditionProperties holds the invariants H1 to H5 whatever anybody does,
// in whatever order.
func TestEditionProperties(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rapid.Check(t, func(rt *rapid.T) {
			w := newWorld(rt, t, d)
			rt.Repeat(map[string]func(*rapid.T){
				"":       w.check,
				"import": w.imports,
				"event":  w.event,
				"event2": w.event,
				"advise": w.advise,
				"wait":   w.wait,
			})
		})
	})
}

// TestH5 follows a document in the making from every kind of reference to it.
func TestH5(t *testing.T) {
	files := small(t)
	edit(t, files, "references.yaml", "status: available", "status: in_the_making")
	edit(t, files, "references.yaml", "    url: https://intranet.example.org/code\n", "")
	edit(t, files, "chapters/1-start.yaml", "to: page:ask", "to: reference:code")
	edit(t, files, "cards.yaml", "Dat lezen mensen graag.", "\"Lees de [code](reference:code).\"")
	edit(t, files, "helpers/mag-dit.yaml", "cites: [idea:start/delen]", "cites: [idea:start/delen, reference:code]")
	x, err := handbook.Compile(load(t, files))
	must(t, err)
	for _, l := range []handbook.Link{"idea:start/groepen", "card:delen", "helper:mag-dit"} {
		if got := x.InTheMaking(l); len(got) != 1 || got[0].ID != "code" || got[0].Owner.NL == "" || got[0].Date == "" {
			t.Errorf("%s: %+v", l, got)
		}
	}
	if got := x.InTheMaking("idea:start/delen"); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

// crowd is the people of the acknowledgement properties, by audience.
func crowd() map[string][]handbook.Audience {
	out := map[string][]handbook.Audience{"client": {handbook.Client}, "both": {handbook.Staff, handbook.Client}, "none": nil}
	for i := range 6 {
		out[fmt.Sprintf("staff%d", i)] = []handbook.Audience{handbook.Staff}
	}
	return out
}

type ackWorld struct {
	*world
	a      *handbook.Acknowledgements
	people map[string][]handbook.Audience
	sent   map[string][]time.Time // "person edition" → reminders
	asked  int
	n      int
}

func (w *ackWorld) person(t *rapid.T) string {
	names := make([]string, 0, len(w.people))
	for n := range w.people {
		names = append(names, n)
	}
	slices.Sort(names)
	return rapid.SampledFrom(names).Draw(t, "person")
}

func (w *ackWorld) edition(t *rapid.T) handbook.Edition {
	all, err := w.e.List(context.Background())
	if err != nil || len(all) == 0 {
		return handbook.Edition{}
	}
	return rapid.SampledFrom(all).Draw(t, "edition")
}

func (w *ackWorld) actions(tb testing.TB) map[string]func(*rapid.T) {
	ctx := context.Background()
	return map[string]func(*rapid.T){
		"": w.check,
		"publish": func(t *rapid.T) {
			if w.n < 4 {
				w.n++
				inForce(tb, w.e, w.clk, w.n, rapid.Bool().Draw(t, "material"))
			}
		},
		"invite": func(t *rapid.T) {
			if err := w.a.Invite(ctx, w.person(t)); err != nil {
				t.Fatal(err)
			}
		},
		"read":    func(t *rapid.T) { _ = w.a.Read(ctx, w.person(t), w.edition(t).ID) },
		"confirm": w.confirm,
		"ask":     func(t *rapid.T) { _ = w.a.Ask(ctx, w.person(t), w.edition(t).ID, "Wat betekent dit?") },
		"remind":  w.remind,
		"due":     w.due,
		"leave": func(t *rapid.T) {
			p := w.person(t)
			if err := w.d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error { return w.a.Leave(ctx, tx, p) }); err != nil {
				t.Fatal(err)
			}
		},
		"wait": func(t *rapid.T) { w.clk.forward(time.Duration(rapid.IntRange(1, 20).Draw(t, "days")) * 24 * time.Hour) },
	}
}

func (w *ackWorld) confirm(t *rapid.T) {
	ed := w.edition(t)
	hash := rapid.SampledFrom([]string{ed.Hash, ed.Hash, "bogus", ""}).Draw(t, "hash")
	_ = w.a.Confirm(context.Background(), w.person(t), ed.ID, hash)
}

func (w *ackWorld) remind(t *rapid.T) {
	p, ed := w.person(t), w.edition(t)
	if w.a.Remind(context.Background(), p, ed.ID) == nil {
		w.sent[p+" "+ed.ID] = append(w.sent[p+" "+ed.ID], w.clk.at)
	}
}

// due reminds everybody who is due: each of them may be.
func (w *ackWorld) due(t *rapid.T) {
	list, err := w.a.Due(context.Background(), 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		if err := w.a.Remind(context.Background(), d.PersonID, d.EditionID); err != nil {
			t.Fatalf("%v is due and may not be reminded: %v", d, err)
		}
		w.sent[d.PersonID+" "+d.EditionID] = append(w.sent[d.PersonID+" "+d.EditionID], w.clk.at)
	}
}

func (w *ackWorld) check(t *rapid.T) {
	ctx := context.Background()
	w.world.check(t) // A1: the handbook is shown whatever anybody confirmed
	hashes := map[string]bool{}
	for key, hash := range w.forever {
		hashes[key[:len(key)-2]+" "+hash] = true // "edition hash", versions have one digit here
	}
	for p, audiences := range w.people {
		acks, err := w.a.ListOf(ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range acks {
			if a.State == handbook.Confirmed && !hashes[a.EditionID+" "+a.Hash] {
				t.Fatalf("A3: %s confirmed %q, which was never in force", p, a.Hash)
			}
			if slices.Contains(audiences, handbook.Client) && a.Reminders > 0 {
				t.Fatalf("client %s was reminded", p)
			}
			sent := w.sent[p+" "+a.EditionID]
			if a.Reminders > 2 || len(sent) != a.Reminders {
				t.Fatalf("%s was reminded %d times, sent %d", p, a.Reminders, len(sent))
			}
			for i, at := range sent {
				if at.Before(a.InvitedAt.Add(time.Duration(i+1) * 14 * 24 * time.Hour)) {
					t.Fatalf("%s was reminded too early", p)
				}
			}
		}
	}
	w.counts(t)
}

// counts holds A2: no number tells about one person.
func (w *ackWorld) counts(t *rapid.T) {
	all, _ := w.e.List(context.Background())
	for _, ed := range all {
		for _, group := range [][]string{nil, {"staff0", "staff1", "staff2", "client"}, {"staff0"}} {
			c, err := w.a.Counts(context.Background(), ed.ID, group)
			if err != nil {
				t.Fatal(err)
			}
			part := func(n int) bool { return n > 0 && n < 5 }
			if part(c.Total) || (c.Shown && (part(c.Confirmed) || part(c.Total-c.Confirmed))) || (!c.Shown && c.Confirmed != 0) || (group != nil && c.Total != 0) {
				t.Fatalf("A2: %+v for %v", c, group)
			}
		}
	}
}

// TestAcknowledgementProperties holds A1 to A3 whatever anybody does.
func TestAcknowledgementProperties(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rapid.Check(t, func(rt *rapid.T) {
			w := &ackWorld{world: newWorld(rt, t, d), people: crowd(), sent: map[string][]time.Time{}}
			w.a = acknowledgements(d, w.clk, w.people, &w.asked)
			rt.Repeat(w.actions(t))
		})
	})
}

func acknowledgements(d *db.DB, c *clock, people map[string][]handbook.Audience, asked *int) *handbook.Acknowledgements {
	return handbook.NewAcknowledgements(handbook.AcknowledgementsConfig{DB: d, Audit: &lines{}, Now: c.now,
		Audiences: func(_ context.Context, _ db.Queryer, p string) ([]handbook.Audience, error) { return people[p], nil },
		Asked: func(context.Context, *sql.Tx, string, string, string) error {
			*asked++
			return nil
		}})
}

// TestA4 holds that nothing is kept about how somebody read: a new field here
// wants a reason, and a look at A4.
func TestA4(t *testing.T) {
	allowed := []string{"PersonID", "EditionID", "State", "Hash", "InvitedAt", "ReadAt", "ConfirmedAt", "Reminders", "RemindedAt", "LapsedAt",
		"Before"} // looked up, not kept
	for f := range reflect.TypeFor[handbook.Acknowledgement]().NumField() {
		if name := reflect.TypeFor[handbook.Acknowledgement]().Field(f).Name; !slices.Contains(allowed, name) {
			t.Errorf("acknowledgement keeps %s", name)
		}
	}
}

func TestAcknowledgement(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		clk := newClock()
		e, _ := register(d, clk)
		asked := 0
		a := acknowledgements(d, clk, crowd(), &asked)
		must(t, a.Invite(ctx, "staff0")) // no edition: nobody is asked
		one := inForce(t, e, clk, 1, false)
		if err := a.Read(ctx, "staff0", one.ID); err == nil {
			t.Error("read without an invitation")
		}
		must(t, a.Invite(ctx, "staff0"))
		must(t, a.Invite(ctx, "staff0"))
		must(t, a.Ask(ctx, "staff0", one.ID, "Wat is een mandaat?"))
		must(t, a.Read(ctx, "staff0", one.ID))
		if err := a.Confirm(ctx, "staff0", one.ID, "bogus"); err == nil {
			t.Error("confirmed a text that never was")
		}
		must(t, a.Confirm(ctx, "staff0", one.ID, one.Hash))
		must(t, a.Confirm(ctx, "staff0", one.ID, one.Hash))
		ack, err := a.Of(ctx, "staff0", one.ID)
		must(t, err)
		if ack.State != handbook.Confirmed || ack.Hash != one.Hash || asked != 1 {
			t.Errorf("ack = %+v, asked %d", ack, asked)
		}
		two := inForce(t, e, clk, 2, false)
		must(t, a.Invite(ctx, "staff0"))
		confirmedAt := ack.ConfirmedAt
		if ack, _ = a.Of(ctx, "staff0", two.ID); ack.State != handbook.NotInvited || !ack.Before.Equal(confirmedAt) {
			t.Errorf("asked again for a small change: %+v", ack)
		}
		three := inForce(t, e, clk, 3, true)
		must(t, a.Invite(ctx, "staff0"))
		if ack, _ = a.Of(ctx, "staff0", three.ID); ack.State != handbook.Invited || !ack.Before.IsZero() {
			t.Errorf("not asked again for a material change: %+v", ack)
		}
		clk.forward(15 * 24 * time.Hour)
		due, err := a.Due(ctx, 10)
		must(t, err)
		if len(due) != 1 || due[0].PersonID != "staff0" {
			t.Errorf("due = %+v", due)
		}
		must(t, d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error { return a.Leave(ctx, tx, "staff0") }))
		if all, _ := a.ListOf(ctx, "staff0"); len(all) != 2 || all[0].State != handbook.Lapsed {
			t.Errorf("all = %+v", all)
		}
		n, err := a.Erase(ctx, clk.at.Add(time.Second))
		must(t, err)
		if n != 2 {
			t.Errorf("erased %d", n)
		}
	})
}

// TestTablesHaveWords holds that every state has words in both languages.
func TestTablesHaveWords(t *testing.T) {
	for _, tr := range handbook.EditionTransitions() {
		for _, s := range []string{tr.From, tr.To} {
			for _, lang := range i18n.Langs() {
				if !i18n.For(lang).Has("edition.state." + s) {
					t.Errorf("%s: no words for state %s", lang, s)
				}
			}
		}
	}
}
