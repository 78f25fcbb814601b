package people_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ambassadeur/internal/db"
	"ambassadeur/internal/db/dbtest"
	"ambassadeur/internal/fault"
	"ambassadeur/internal/people"
)

// carers are a client, their support worker with deputy, a stranger and
// communications.
type carers struct {
	client, worker, deputy, stranger, comms people.Person
}

func (w *world) carers() carers {
	w.t.Helper()
	c := carers{worker: w.person("worker"+db.NewID(), people.Staff), deputy: w.person("deputy"+db.NewID(), people.Staff), stranger: w.person("stranger"+db.NewID(), people.Staff), comms: w.person("comms"+db.NewID(), people.Staff, "communicatie")}
	var err error
	c.client, err = w.Create(context.Background(), "system", people.Person{Name: "Riet Vaessen", Audiences: []people.Audience{people.Client},
		Relations: []people.Relation{{Kind: people.SupportWorker, To: c.worker.ID, Deputy: c.deputy.ID}}})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func by(p people.Person) people.Maker { return people.Maker{Person: p, Strong: true} }

// card makes a card and returns it with its token.
func (w *world) card(m people.Maker, personID string) (people.Card, string) {
	w.t.Helper()
	ctx := context.Background()
	c, err := w.MakeCard(ctx, m, personID)
	if err != nil {
		w.t.Fatal(err)
	}
	_, address, err := w.CardToPrint(ctx, m, c.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return c, address[strings.LastIndexByte(address, '/')+1:]
}

// deviceOf is the id of the first device that waits.
func (w *world) deviceOf(m people.Maker) string {
	w.t.Helper()
	list, err := w.CardDevices(context.Background(), m)
	if err != nil || len(list) == 0 || !list[0].Waiting {
		w.t.Fatalf("no device waits: %+v %v", list, err)
	}
	return list[0].ID
}

func TestACardSignsInOnceSomebodyConfirms(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		c := w.carers()
		_, token := w.card(by(c.worker), c.client.ID)
		if err := w.Card(ctx, token); err != nil {
			t.Fatal(err)
		}
		wait, err := w.UseCard(ctx, token, "", "net", "Safari, iPad")
		if err != nil {
			t.Fatal(err)
		}
		if again, err := w.UseCard(ctx, token, wait, "net", "Safari, iPad"); err != nil || again != wait {
			t.Errorf("the same device waits twice: %v", err)
		}
		_, err = w.ClaimDevice(ctx, wait, false, "d", "")
		wantKind(t, err, fault.Conflict, "people.card-device-gone")
		id := w.deviceOf(by(c.deputy))
		if v, err := w.Device(ctx, wait); err != nil || v.Confirmed || v.Picture != people.DevicePicture(id) {
			t.Errorf("view: %+v %v", v, err)
		}
		wantKind(t, w.ConfirmDevice(ctx, by(c.stranger), id), fault.Forbidden, "people.card-not-yours")
		if err := w.ConfirmDevice(ctx, by(c.deputy), id); err != nil {
			t.Fatal(err)
		}
		o, err := w.ClaimDevice(ctx, wait, false, "Safari, iPad", "")
		if err != nil || o.Session.PersonID != c.client.ID || o.Session.Method != people.ByCard || !w.signedIn(o.Cookie) {
			t.Fatalf("claim: %+v %v", o.Session, err)
		}
		_, err = w.ClaimDevice(ctx, wait, false, "d", "")
		wantKind(t, err, fault.NotFound, "people.card-device-gone")
		if err := w.RemoveDevice(ctx, by(c.worker), id); err != nil || w.signedIn(o.Cookie) {
			t.Errorf("remove: %v", err)
		}
		for _, l := range w.audit.lines {
			if strings.Contains(l, token) || strings.Contains(l, "Riet") {
				t.Errorf("audit line tells too much: %s", l)
			}
		}
	})
}

func TestWhoMayMakeACardForWhom(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		c := w.carers()
		try := func(m people.Maker, id string) error { _, err := w.MakeCard(ctx, m, id); return err }
		for _, m := range []people.Maker{by(c.worker), by(c.deputy), by(c.comms), {Person: c.worker}} {
			if err := try(m, c.client.ID); err != nil {
				t.Errorf("%s: %v", m.Person.Name, err)
			}
		}
		wantKind(t, try(people.Maker{Person: c.comms}, c.client.ID), fault.Forbidden, "fault.strong")
		wantKind(t, try(by(c.stranger), c.client.ID), fault.Forbidden, "people.card-not-yours")
		wantKind(t, try(by(c.client), c.client.ID), fault.Forbidden, "people.card-not-yours")
		boss := w.person("boss", people.Staff, "bestuurder")
		wantKind(t, try(by(c.comms), boss.ID), fault.Forbidden, "people.card-not-yours") // a card is no second factor

		for p, want := range map[string]bool{c.worker.ID: true, c.deputy.ID: true, c.comms.ID: true, c.stranger.ID: false, c.client.ID: false} {
			got, err := w.Get(ctx, p)
			if err != nil {
				t.Fatal(err)
			}
			if may, err := w.MayMakeCards(ctx, got); err != nil || may != want {
				t.Errorf("%s: %v %v", got.Name, may, err)
			}
		}
		rows, err := w.CardRows(ctx, by(c.worker), "")
		if err != nil || len(rows) != 1 || rows[0].PersonID != c.client.ID || rows[0].Card == nil {
			t.Errorf("rows of the worker: %+v %v", rows, err)
		}
		rows, err = w.CardRows(ctx, by(c.comms), "STRANGER")
		if err != nil || len(rows) != 1 || rows[0].PersonID != c.stranger.ID {
			t.Errorf("search by communications: %+v %v", rows, err)
		}
		rows, err = w.CardRows(ctx, by(c.worker), "stranger")
		if err != nil || len(rows) != 0 {
			t.Errorf("search by a support worker: %+v %v", rows, err)
		}
	})
}

func TestThreeDevicesAndNoMore(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		c := w.carers()
		_, token := w.card(by(c.worker), c.client.ID)
		for range 3 {
			if _, err := w.UseCard(ctx, token, "", "net", "d"); err != nil {
				t.Fatal(err)
			}
		}
		_, err := w.UseCard(ctx, token, "", "net", "d")
		wantKind(t, err, fault.Conflict, "people.card-full")
		if err := w.RefuseDevice(ctx, by(c.worker), w.deviceOf(by(c.worker))); err != nil {
			t.Fatal(err)
		}
		if _, err := w.UseCard(ctx, token, "", "net", "d"); err != nil {
			t.Errorf("after one was refused: %v", err)
		}
		w.clock.pass(8 * 24 * time.Hour)
		if err := w.Prune(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := w.UseCard(ctx, token, "", "net", "d"); err != nil {
			t.Errorf("after the others waited a week: %v", err)
		}
	})
}

func TestANewCardRevokesTheOld(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		c := w.carers()
		m := by(c.worker)
		_, token := w.card(m, c.client.ID)
		wait, err := w.UseCard(ctx, token, "", "net", "d")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.ConfirmDevice(ctx, m, w.deviceOf(m)); err != nil {
			t.Fatal(err)
		}
		o, err := w.ClaimDevice(ctx, wait, false, "d", "")
		if err != nil {
			t.Fatal(err)
		}
		fresh, freshToken := w.card(m, c.client.ID)
		wantKind(t, w.Card(ctx, token), fault.NotFound, "people.card-over")
		if w.signedIn(o.Cookie) {
			t.Error("a lost card still works on the old device")
		}
		if err := w.RevokeCard(ctx, m, fresh.ID); err != nil {
			t.Fatal(err)
		}
		_, err = w.UseCard(ctx, freshToken, "", "net", "d")
		wantKind(t, err, fault.NotFound, "people.card-over")
		_, _, err = w.CardToPrint(ctx, m, fresh.ID)
		wantKind(t, err, fault.NotFound, "people.card-over")
	})
}

// The machine of a card against a small model: no session without a
// confirmation, never more than three devices, nothing works once revoked.
func TestCardMachine(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite(t))
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, d)
		ctx := context.Background()
		c := w.carers()
		m := by(c.worker)
		card, token := w.card(m, c.client.ID)
		type device struct {
			state  string
			id     string
			wait   string
			cookie string
		}
		var devices []*device
		revoked, opens := false, 0
		count := func() int {
			n := 0
			for _, x := range devices {
				if x.state != "refused" && x.state != "gone" {
					n++
				}
			}
			return n
		}
		pick := func(rt *rapid.T) *device {
			if len(devices) == 0 {
				return nil
			}
			return devices[rapid.IntRange(0, len(devices)-1).Draw(rt, "device")]
		}
		rt.Repeat(map[string]func(*rapid.T){
			"open": func(rt *rapid.T) {
				if opens++; opens > 12 { // the throttle is another test's business
					return
				}
				wait, err := w.UseCard(ctx, token, "", db.NewID(), "d")
				if want := !revoked && count() < 3; want != (err == nil) {
					rt.Fatalf("open: want %v, got %v", want, err)
				}
				if err != nil {
					return
				}
				known := map[string]bool{}
				for _, x := range devices {
					known[x.id] = true
				}
				list, err := w.CardDevices(ctx, m)
				if err != nil {
					rt.Fatal(err)
				}
				for _, x := range list {
					if !known[x.ID] {
						devices = append(devices, &device{state: "waiting", id: x.ID, wait: wait})
					}
				}
			},
			"confirm": func(rt *rapid.T) {
				if x := pick(rt); x != nil {
					err := w.ConfirmDevice(ctx, m, x.id)
					if want := !revoked && x.state == "waiting"; want != (err == nil) {
						rt.Fatalf("confirm %s: %v", x.state, err)
					}
					if err == nil {
						x.state = "confirmed"
					}
				}
			},
			"refuse": func(rt *rapid.T) {
				if x := pick(rt); x != nil {
					err := w.RefuseDevice(ctx, m, x.id)
					if want := !revoked && x.state == "waiting"; want != (err == nil) {
						rt.Fatalf("refuse %s: %v", x.state, err)
					}
					if err == nil {
						x.state = "refused"
					}
				}
			},
			"claim": func(rt *rapid.T) {
				if x := pick(rt); x != nil {
					o, err := w.ClaimDevice(ctx, x.wait, false, "d", "")
					if want := !revoked && x.state == "confirmed"; want != (err == nil) {
						rt.Fatalf("claim %s: %v", x.state, err)
					}
					if err == nil {
						x.state, x.cookie = "active", o.Cookie
					}
				}
			},
			"sign out": func(rt *rapid.T) {
				if x := pick(rt); x != nil && x.state == "active" && !revoked {
					if err := w.SignOut(ctx, x.cookie); err != nil {
						rt.Fatal(err)
					}
					x.state = "gone"
				}
			},
			"revoke": func(rt *rapid.T) {
				if rapid.IntRange(0, 5).Draw(rt, "really") == 0 && !revoked {
					if err := w.RevokeCard(ctx, m, card.ID); err != nil {
						rt.Fatal(err)
					}
					revoked = true
				}
			},
			"": func(rt *rapid.T) {
				for _, x := range devices {
					if want := x.state == "active" && !revoked; x.cookie != "" && w.signedIn(x.cookie) != want {
						rt.Fatalf("device %s, revoked %v: signed in %v", x.state, revoked, !want)
					}
				}
			},
		})
	})
}
