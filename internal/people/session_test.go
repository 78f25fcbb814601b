package people_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/db/dbtest"
	"ambassadeur/internal/fault"
	"ambassadeur/internal/people"
)

func TestASessionRenewsWhileItIsUsed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		o := w.signIn(w.person("p", people.Volunteer))
		for range 5 { // 250 days, each visit well inside 90
			w.clock.pass(50 * 24 * time.Hour)
			s, p, err := w.Authenticate(ctx, o.Cookie)
			if err != nil || !s.Renewed || p.Name != "p" || !p.In(people.Volunteer) {
				t.Fatalf("got %+v, %v", s, err)
			}
		}
		s, _, err := w.Authenticate(ctx, o.Cookie)
		if err != nil || s.Renewed {
			t.Errorf("renewed twice within the hour: %v", err)
		}
		w.clock.pass(91 * 24 * time.Hour)
		if w.signedIn(o.Cookie) {
			t.Error("still signed in after 91 days of silence")
		}
	})
}

func TestOfficersHaveThirtyDaysFromTheMomentTheyAreOne(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.person("p", people.Staff)
		o := w.signIn(p)
		w.clock.pass(40 * 24 * time.Hour)
		p.Functions = []string{"communicatie"}
		if err := w.Update(ctx, "system", p); err != nil {
			t.Fatal(err)
		}
		if w.signedIn(o.Cookie) {
			t.Error("an officer after 40 days of silence")
		}
	})
}

func TestABorrowedDeviceIsSignedOutSoon(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		url, err := w.SignInLink(ctx, w.person("p", people.Client).ID)
		if err != nil {
			t.Fatal(err)
		}
		o, err := w.UseLink(ctx, tokenOf(url), true, "d", "")
		if err != nil || !o.Session.Borrowed {
			t.Fatalf("%+v %v", o, err)
		}
		for range 4 { // six hours of use
			w.clock.pass(90 * time.Minute)
			if !w.signedIn(o.Cookie) {
				t.Fatal("signed out while in use")
			}
		}
		w.clock.pass(2*time.Hour + time.Minute)
		if w.signedIn(o.Cookie) {
			t.Error("signed in after two hours of silence")
		}
	})
}

func TestASignInAlwaysGivesANewCookie(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.person("p", people.Staff)
		first := w.signIn(p)
		url, err := w.SignInLink(ctx, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		second, err := w.UseLink(ctx, tokenOf(url), false, "d", first.Cookie)
		if err != nil || second.Cookie == first.Cookie {
			t.Fatalf("same cookie, or %v", err)
		}
		if w.signedIn(first.Cookie) || !w.signedIn(second.Cookie) {
			t.Error("the cookie from before must be worth nothing")
		}
		n, err := db.Get(ctx, w.DB.Reader(), db.Number, `select count(*) from session where token_hash = $1`, second.Cookie)
		if err != nil || n != 0 {
			t.Errorf("the cookie itself is stored: %v", err)
		}
	})
}

func TestSignOutHereThereAndEverywhere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p, other := w.person("p", people.Staff), w.person("other", people.Staff)
		a, b, c, x := w.signIn(p), w.signIn(p), w.signIn(p), w.signIn(other)
		if err := w.SignOut(ctx, a.Cookie); err != nil || w.signedIn(a.Cookie) {
			t.Errorf("here: %v", err)
		}
		wantKind(t, w.EndSession(ctx, p.ID, x.Session.ID), fault.NotFound, "people.session-gone")
		if err := w.EndSession(ctx, p.ID, b.Session.ID); err != nil || w.signedIn(b.Cookie) {
			t.Errorf("there: %v", err)
		}
		list, err := w.Sessions(ctx, p.ID)
		if err != nil || len(list) != 1 || list[0].ID != c.Session.ID {
			t.Errorf("devices: %+v %v", list, err)
		}
		if err := w.SignOutEverywhere(ctx, p.ID); err != nil || w.signedIn(c.Cookie) || !w.signedIn(x.Cookie) {
			t.Errorf("everywhere: %v", err)
		}
	})
}

func TestALinkAloneIsWeakForAnOffice(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		o := w.signIn(w.person("p", people.Staff, "communicatie"))
		s, p, err := w.Authenticate(context.Background(), o.Cookie)
		if err != nil || s.Strong() {
			t.Fatalf("strong by link: %v", err)
		}
		err = people.NeedOffice(people.Holder{Offices: p.Offices(), Strong: s.Strong()}, people.Communications)
		wantKind(t, err, fault.Forbidden, "fault.strong")
		err = people.NeedOffice(people.Holder{Offices: p.Offices(), Strong: true}, people.Director)
		wantKind(t, err, fault.Forbidden, "people.not-your-office")
		if err := people.NeedOffice(people.Holder{Offices: p.Offices(), Strong: true}, people.Director, people.Communications); err != nil {
			t.Error(err)
		}
	})
}

func TestPruneKeepsWhatIsOpen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.person("p", people.Staff)
		old := w.signIn(p)
		w.clock.pass(89 * 24 * time.Hour)
		young := w.signIn(p)
		w.clock.pass(2 * 24 * time.Hour)
		if err := w.Prune(ctx); err != nil {
			t.Fatal(err)
		}
		n, err := db.Get(ctx, w.DB.Reader(), db.Number, `select count(*) from session`)
		if err != nil || n != 1 || w.signedIn(old.Cookie) || !w.signedIn(young.Cookie) {
			t.Errorf("%d sessions, %v", n, err)
		}
	})
}

func BenchmarkAuthenticate(b *testing.B) {
	w := newWorld(b, dbtest.Open(b, dbtest.SQLite(b)))
	o := w.signIn(w.person("p", people.Staff, "communicatie"))
	ctx := context.Background()
	for b.Loop() {
		if _, _, err := w.Authenticate(ctx, o.Cookie); err != nil {
			b.Fatal(err)
		}
	}
}

func TestEachAudienceAndFunctionIsThereOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p, err := w.Create(ctx, "system", people.Person{Name: "p", Audiences: []people.Audience{people.Staff, people.Client}, Functions: []string{"communicatie", "bestuurder", "zorgbemiddelaar"}})
		if err != nil {
			t.Fatal(err)
		}
		_, got, err := w.Authenticate(ctx, w.signIn(p).Cookie)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.Audiences, []people.Audience{people.Client, people.Staff}) || !slices.Equal(got.Functions, []string{"bestuurder", "communicatie", "zorgbemiddelaar"}) ||
			!slices.Equal(got.Offices(), []string{people.Communications, people.Director}) {
			t.Errorf("got %v %v %v", got.Audiences, got.Functions, got.Offices())
		}
	})
}

func TestARestoredDatabaseSignsNobodyIn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		c := w.carers()
		o := w.signIn(c.worker)
		url, err := w.SignInLink(ctx, c.worker.ID)
		if err != nil {
			t.Fatal(err)
		}
		_, token := w.card(by(c.worker), c.client.ID)
		wait, err := w.UseCard(ctx, token, "", "net", "d")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.ConfirmDevice(ctx, by(c.worker), w.deviceOf(by(c.worker))); err != nil {
			t.Fatal(err)
		}
		if err := w.DB.Write(ctx, people.Settle); err != nil {
			t.Fatal(err)
		}
		if w.signedIn(o.Cookie) {
			t.Error("the session is open again")
		}
		_, err = w.UseLink(ctx, tokenOf(url), false, "d", "")
		wantKind(t, err, fault.NotFound, "people.link-over")
		_, err = w.ClaimDevice(ctx, wait, false, "d", "")
		wantKind(t, err, fault.NotFound, "people.card-device-gone")
	})
}
