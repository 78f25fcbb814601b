package people_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"ambassadeur/internal/db"
	"ambassadeur/internal/fault"
	"ambassadeur/internal/people"
)

func TestAPersonIsKeptAsItWasGiven(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		boss, deputy := w.person("boss", people.Staff), w.person("deputy", people.Staff)
		p, err := w.Create(ctx, "system", people.Person{
			Name: "  Ans Jansen ", Email: "Ans.Jansen@Example.org",
			Audiences: []people.Audience{people.Staff, people.Client, people.Client}, Functions: []string{"zorgbemiddelaar", "communicatie"},
			Relations: []people.Relation{{Kind: people.Manager, To: boss.ID, Deputy: deputy.ID}},
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := w.Get(ctx, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got.Name != "Ans Jansen" || got.Email != "Ans.Jansen@Example.org" || got.Display.Lang != "nl" {
			t.Errorf("got %+v", got)
		}
		if !slices.Equal(got.Audiences, []people.Audience{people.Client, people.Staff}) || !got.Is(people.Communications) || !got.Officer() {
			t.Errorf("groups: %v %v", got.Audiences, got.Offices())
		}
		if r, ok := got.Relation(people.Manager); !ok || r.To != boss.ID || r.Deputy != deputy.ID {
			t.Errorf("relation: %+v %v", r, ok)
		}
		_, err = w.Create(ctx, "system", people.Person{Name: "Other", Email: "ANS.JANSEN@example.ORG", Audiences: []people.Audience{people.Staff}})
		wantKind(t, err, fault.Conflict, "people.email-taken")
		if !w.audit.has("system person.create person/" + p.ID) {
			t.Error("no audit line")
		}
	})
}

func TestWrongPersonsAreRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		staff := []people.Audience{people.Staff}
		tests := []struct {
			name string
			p    people.Person
			key  string
		}{
			{"no name", people.Person{Audiences: staff}, "people.name-wrong"},
			{"no audience", people.Person{Name: "A"}, "people.audience-missing"},
			{"unknown audience", people.Person{Name: "A", Audiences: []people.Audience{"boss"}}, "people.audience-wrong"},
			{"address without @", people.Person{Name: "A", Email: "a.example.org", Audiences: staff}, "people.email-wrong"},
			{"two addresses", people.Person{Name: "A", Email: "a@example.org,b@example.org", Audiences: staff}, "people.email-wrong"},
			{"a header in the address", people.Person{Name: "A", Email: "a@example.org\nBcc:x", Audiences: staff}, "people.email-wrong"},
			{"relation to nobody", people.Person{Name: "A", Audiences: staff, Relations: []people.Relation{{Kind: people.Manager, To: "nobody"}}}, "people.relation-wrong"},
			{"unknown relation", people.Person{Name: "A", Audiences: staff, Relations: []people.Relation{{Kind: "friend", To: "x"}}}, "people.relation-wrong"},
			{"unknown language", people.Person{Name: "A", Audiences: staff, Display: people.Display{Lang: "de"}}, "people.display-wrong"},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				_, err := w.Create(context.Background(), "system", tt.p)
				wantKind(t, err, fault.Invalid, tt.key)
			})
		}
	})
}

func TestSeveralPersonsWithoutAnAddress(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for range 2 {
			if _, err := w.Create(context.Background(), "system", people.Person{Name: "Riet", Audiences: []people.Audience{people.Client}}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestListShowsNoAudience(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.person("b", people.Client)
		w.person("a", people.Staff, "communicatie")
		list, err := w.List(context.Background())
		if err != nil || len(list) != 2 || list[0].Name != "a" || !slices.Equal(list[0].Functions, []string{"communicatie"}) || list[1].Functions != nil {
			t.Errorf("got %+v, %v", list, err)
		}
		ids, err := w.InAudience(context.Background(), people.Client)
		if err != nil || len(ids) != 1 || ids[0] != list[1].ID {
			t.Errorf("in audience: %v %v", ids, err)
		}
	})
}

func TestEraseLeavesNoRowAndNotesItOutside(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		worker := w.person("worker", people.Staff)
		p, err := w.Create(ctx, "system", people.Person{Name: "Riet", Email: "riet@example.org", Audiences: []people.Audience{people.Client},
			Relations: []people.Relation{{Kind: people.SupportWorker, To: worker.ID}}})
		if err != nil {
			t.Fatal(err)
		}
		o := w.signIn(p)
		if err := w.SaveDraft(ctx, p.ID, "story", "", []byte("mijn verhaal")); err != nil {
			t.Fatal(err)
		}
		if err := w.Erase(ctx, "system", p.ID); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(w.erased, "person/"+p.ID) || w.signedIn(o.Cookie) {
			t.Error("not noted, or still signed in")
		}
		for _, table := range []string{"person_audience", "person_relation", "session", "signin_request", "draft"} {
			n, err := db.Get(ctx, w.DB.Reader(), db.Number, `select count(*) from `+table+` where person_id = $1`, p.ID)
			if err != nil || n != 0 {
				t.Errorf("%s: %d rows, %v", table, n, err)
			}
		}
		if err := w.Erase(ctx, "system", p.ID); err != nil {
			t.Errorf("a second time, as a restore does: %v", err)
		}
		for _, l := range w.audit.lines {
			if strings.Contains(l, "Riet") || strings.Contains(l, "client") || strings.Contains(l, "example.org") {
				t.Errorf("audit line tells too much: %s", l)
			}
		}
	})
}

func TestTheDeputyTakesOverFromWhoIsErased(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		worker, deputy := w.person("worker", people.Staff), w.person("deputy", people.Staff)
		p, err := w.Create(ctx, "system", people.Person{Name: "Riet", Audiences: []people.Audience{people.Client},
			Relations: []people.Relation{{Kind: people.SupportWorker, To: worker.ID, Deputy: deputy.ID}}})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Erase(ctx, "system", worker.ID); err != nil {
			t.Fatal(err)
		}
		got, err := w.Get(ctx, p.ID)
		if r, ok := got.Relation(people.SupportWorker); err != nil || !ok || r.To != deputy.ID || r.Deputy != "" {
			t.Errorf("got %+v, %v", got.Relations, err)
		}
	})
}

func TestDisableEndsEverythingAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.person("p", people.Staff)
		o := w.signIn(p)
		url, err := w.SignInLink(ctx, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Disable(ctx, "system", p.ID); err != nil {
			t.Fatal(err)
		}
		if w.signedIn(o.Cookie) {
			t.Error("still signed in")
		}
		_, err = w.UseLink(ctx, tokenOf(url), false, "", "")
		wantKind(t, err, fault.NotFound, "people.link-over")
		_, err = w.SignInLink(ctx, p.ID)
		wantKind(t, err, fault.Forbidden, "people.disabled")
		if _, err := w.AskLink(ctx, p.Email, "n", "d"); err != nil {
			t.Errorf("the answer page must be the same: %v", err)
		}
		w.work()
		if len(w.mails.sent) != 0 {
			t.Error("mailed somebody who is disabled")
		}
	})
}

func TestDemonstrationAndRealPeopleNeverMix(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		ps, err := w.SeedDemo(ctx, demoFile(t))
		if err != nil || len(ps) < 10 {
			t.Fatalf("%d persons, %v", len(ps), err)
		}
		again, err := w.SeedDemo(ctx, demoFile(t))
		if err != nil || len(again) != len(ps) {
			t.Fatalf("second start: %v", err)
		}
		if err := w.CheckDemo(ctx, true); err != nil {
			t.Error(err)
		}
		if err := w.CheckDemo(ctx, false); !errors.Is(err, people.ErrDemoPeople) {
			t.Errorf("a real start: %v", err)
		}
		_, err = w.Create(ctx, "system", people.Person{Name: "Real", Audiences: []people.Audience{people.Staff}})
		wantKind(t, err, fault.Conflict, "people.demo-mixed")
		ids, err := w.SupportedBy(ctx, "bram-smeets")
		if err != nil || !slices.Equal(ids, []string{"riet-vaessen"}) {
			t.Errorf("a deputy supports too: %v %v", ids, err)
		}
	})
	each(t, func(t *testing.T, w *world) {
		w.person("real", people.Staff)
		if err := w.CheckDemo(context.Background(), true); !errors.Is(err, people.ErrRealPeople) {
			t.Errorf("a demonstration beside real people: %v", err)
		}
		if _, err := w.SeedDemo(context.Background(), demoFile(t)); !errors.Is(err, people.ErrRealPeople) {
			t.Errorf("seeding beside real people: %v", err)
		}
	})
}

func TestDemonstrationLinksStayAndRepeat(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		if _, err := w.SeedDemo(ctx, demoFile(t)); err != nil {
			t.Fatal(err)
		}
		first, err := w.SignInLink(ctx, "loes-wijnen")
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			o, err := w.UseLink(ctx, tokenOf(first), false, "d", "")
			if err != nil || !w.signedIn(o.Cookie) {
				t.Fatalf("use: %v", err)
			}
		}
		second, err := w.SignInLink(ctx, "loes-wijnen")
		if err != nil || second != first {
			t.Errorf("the link changed: %v", err)
		}
	})
}
