package notify

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/db/dbtest"
	"ambassadeur/internal/fault"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/job"
	"ambassadeur/internal/job/jobtest"
	"ambassadeur/internal/mail"
)

var ctx = context.Background()

// world is one person, p1, with a mailbox, a queue that only counts, and a
// clock that stands still until it is moved.
type world struct {
	*Service
	mu       sync.Mutex
	clock    time.Time
	jobs     int
	to       Recipient
	noPerson bool
	sent     []mail.Message
	answer   func(mail.Message) error // what the mail server says
}

func (w *world) Insert(context.Context, *sql.Tx, job.Args, ...job.Option) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.jobs++
	return nil
}

func (w *world) Send(_ context.Context, m mail.Message) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.answer != nil {
		if err := w.answer(m); err != nil {
			return err
		}
	}
	w.sent = append(w.sent, m)
	return nil
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	dbtest.Exec(t, d, `insert into person (id, name, lang, created_at) values ('p1', 'Sanne', 'nl', 1) on conflict do nothing`)
	w := &world{clock: at("2026-11-23 12:00"), to: Recipient{Address: "sanne@example.org", Lang: i18n.NL}}
	w.Service = New(Config{DB: d, Queue: w, Sender: mail.NewGuard(w, "Ambassadeur", i18n.For(i18n.NL), i18n.For(i18n.EN)),
		Address: func(context.Context, string) (Recipient, error) {
			if w.noPerson {
				return Recipient{}, fault.NewNotFound("fault.not-found")
			}
			return w.to, nil
		},
		Site: "Ambassadeur", BaseURL: "https://a.example.org", Now: func() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.clock }})
	return w
}

func (w *world) tell(t *testing.T, kind Kind, object string) {
	t.Helper()
	if err := w.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error { return w.Notify(ctx, tx, "p1", kind, object) }); err != nil {
		t.Fatal(err)
	}
}

func (w *world) deliver(t *testing.T) {
	t.Helper()
	if err := w.Deliver(ctx, "p1"); err != nil {
		t.Fatal(err)
	}
}

func (w *world) wants(t *testing.T, p Preferences) {
	t.Helper()
	if err := w.SetPreferences(ctx, "p1", p); err != nil {
		t.Fatal(err)
	}
}

func (w *world) counts(t *testing.T) Counts {
	t.Helper()
	c, err := w.Mails(ctx, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (w *world) subjects() string {
	var s []string
	for _, m := range w.sent {
		s = append(s, m.Subject)
	}
	return strings.Join(s, " | ")
}

func each(t *testing.T, run func(t *testing.T, w *world)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { run(t, newWorld(t, d)) })
}

func TestAPersonIsToldOnceOnScreenAndByMail(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.tell(t, Answer, "answer/a1")
		w.tell(t, Answer, "answer/a1") // unread: once is enough
		if w.jobs != 1 {
			t.Errorf("%d jobs", w.jobs)
		}
		for range 3 {
			w.deliver(t)
		}
		if got := w.subjects(); got != "Er is een antwoord voor je" {
			t.Errorf("sent %q", got)
		}
		if m := w.sent[0]; m.To != "sanne@example.org" || m.ID == "" || strings.Contains(m.Text, "a1") || !strings.Contains(m.Text, "https://a.example.org/\n") {
			t.Errorf("%+v", m)
		}
		notices, err := w.List(ctx, "p1", 10)
		if err != nil || len(notices) != 1 || notices[0].Object != "answer/a1" || notices[0].Kind != Answer || notices[0].Read {
			t.Fatalf("%+v, %v", notices, err)
		}
		if err := w.MarkRead(ctx, "p2", notices[0].ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("somebody else marked it: %v", err)
		}
		if err := w.MarkRead(ctx, "p1", notices[0].ID); err != nil {
			t.Fatal(err)
		}
		if n, err := w.Unread(ctx, "p1"); n != 0 || err != nil {
			t.Errorf("%d unread, %v", n, err)
		}
		w.tell(t, Answer, "answer/a1") // read, so this is news
		w.deliver(t)
		if len(w.sent) != 2 {
			t.Errorf("sent %q", w.subjects())
		}
	})
}

func TestNewsIsToldOnceEvenAfterReading(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for range 3 {
			err := w.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error { return w.NotifyOnce(ctx, tx, "p1", Edition, "edition/e1") })
			if err != nil {
				t.Fatal(err)
			}
			w.deliver(t)
			if err := w.MarkReadAbout(ctx, "p1", "edition/e1"); err != nil {
				t.Fatal(err)
			}
		}
		if len(w.sent) != 1 {
			t.Errorf("sent %q", w.subjects())
		}
	})
}

func TestOneMailForAllThatIsDue(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.tell(t, Answer, "answer/a1")
		w.tell(t, Answer, "answer/a2")
		w.deliver(t)
		w.tell(t, Task, "task/1")
		w.tell(t, Edition, "edition/1")
		w.tell(t, Security, "device/1")
		w.deliver(t)
		w.to.Lang = i18n.EN
		w.tell(t, Task, "task/2")
		w.deliver(t)
		want := "Er is een antwoord voor je | Er is iets veranderd aan je aanmelding | Er staan dingen voor je klaar | There is something for you"
		if got := w.subjects(); got != want {
			t.Errorf("sent %q", got)
		}
	})
}

func TestMailWaitsForQuietHoursAndTheDailyHour(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.clock = at("2026-11-23 22:00")
		w.tell(t, Task, "task/1")
		w.deliver(t)
		w.tell(t, Security, "device/1")
		w.deliver(t)
		if got := w.subjects(); got != "Er is iets veranderd aan je aanmelding" {
			t.Errorf("in the night: %q", got)
		}
		w.clock = at("2026-11-24 08:00")
		w.deliver(t)
		if len(w.sent) != 2 {
			t.Errorf("in the morning: %q", w.subjects())
		}
		p := Default()
		p.Daily = true
		w.wants(t, p)
		w.tell(t, Task, "task/2")
		w.tell(t, Answer, "answer/1")
		w.deliver(t)
		w.clock = at("2026-11-24 09:00")
		w.deliver(t)
		if got := w.subjects(); !strings.HasSuffix(got, "klaar | Er staan dingen voor je klaar") || len(w.sent) != 3 {
			t.Errorf("at nine: %q", got)
		}
	})
}

// A job that was due in the day and runs in the night waits for the morning.
func TestALateJobRespectsQuietHours(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.tell(t, Task, "task/1")
		w.clock = at("2026-11-23 23:30")
		w.deliver(t)
		if len(w.sent) != 0 || w.jobs != 2 {
			t.Errorf("sent %q, %d jobs", w.subjects(), w.jobs)
		}
	})
}

func TestWhatIsNoLongerWantedDoesNotLeave(t *testing.T) {
	for name, change := range map[string]func(*testing.T, *world){
		"read meanwhile": func(t *testing.T, w *world) {
			if err := errors.Join(w.MarkReadAbout(ctx, "p1", "task/1"), w.MarkReadAbout(ctx, "p1", "task/1")); err != nil {
				t.Fatal(err)
			}
		},
		"mail switched off": func(t *testing.T, w *world) { w.wants(t, Preferences{}) },
		"kind switched off": func(t *testing.T, w *world) { w.wants(t, Preferences{Mail: true, Silent: []Kind{Answer, Task}}) },
		"no address":        func(_ *testing.T, w *world) { w.to.Address = "" },
		"person is gone":    func(_ *testing.T, w *world) { w.noPerson = true },
		"erased": func(t *testing.T, w *world) {
			dbtest.Exec(t, w.db, `delete from person`)
			if n, _ := w.List(ctx, "p1", 10); len(n) != 0 {
				t.Errorf("left: %+v", n)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				w.tell(t, Task, "task/1")
				change(t, w)
				w.deliver(t)
				if len(w.sent) != 0 || w.counts(t) != (Counts{}) {
					t.Errorf("sent %q", w.subjects())
				}
			})
		})
	}
}

func TestWhatHappensWhenSendingFails(t *testing.T) {
	for name, c := range map[string]struct {
		failure error
		again   bool // the job is told to try again, and does send then
		counts  Counts
	}{
		"not now":      {fault.NewUnavailable("mail.unreachable"), true, Counts{Failed: 1, Sent: 1}},
		"never":        {fault.NewInvalid("mail.refused"), false, Counts{Refused: 1}},
		"not known":    {fault.NewUnavailable("mail.unsure").Because(mail.ErrUnsure), false, Counts{Unsure: 1}},
		"unclassified": {errors.New("sanne@example.org has a full mailbox"), true, Counts{Failed: 1, Sent: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				w.answer = func(mail.Message) error { return c.failure }
				w.tell(t, Answer, "answer/a1")
				if err := w.Deliver(ctx, "p1"); (err != nil) != c.again {
					t.Fatalf("got %v", err)
				}
				w.answer = nil
				w.deliver(t)
				if got := w.counts(t); got != c.counts {
					t.Errorf("%+v, want %+v", got, c.counts)
				}
				stored, err := db.List(ctx, w.db.Reader(), db.Text, `select failure from notify_mail`)
				if err != nil || strings.Contains(fmt.Sprint(stored), "sanne") {
					t.Errorf("stored %v, %v", stored, err)
				}
				if n, err := w.Unread(ctx, "p1"); n != 1 || err != nil {
					t.Errorf("the notice is gone from the screen: %d, %v", n, err)
				}
			})
		})
	}
}

// The process dies between the claim and the mark: nobody sends again, the
// mail is counted as unsure, and the notice stays on the screen.
func TestAProcessKilledWhileSending(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.tell(t, Answer, "answer/a1")
		if c, err := w.claim(ctx, "p1", w.to); err != nil || c.id == "" {
			t.Fatalf("%+v, %v", c, err)
		}
		w.deliver(t)
		if err := w.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if got := w.counts(t); got != (Counts{}) {
			t.Errorf("too early: %+v", got)
		}
		w.clock = w.clock.Add(staleAfter + time.Second)
		if err := w.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		w.deliver(t)
		if got := w.counts(t); got != (Counts{Unsure: 1}) || len(w.sent) != 0 {
			t.Errorf("%+v, sent %q", got, w.subjects())
		}
		if n, err := w.Unread(ctx, "p1"); n != 1 || err != nil {
			t.Errorf("%d unread, %v", n, err)
		}
	})
}

func TestTwoWorkersNeverMailTheSameNotice(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, url string) {
		w := newWorld(t, dbtest.Open(t, url))
		other := newWorld(t, dbtest.Open(t, url))
		for i := range 10 {
			w.tell(t, Task, fmt.Sprintf("task/%d", i))
			var wg sync.WaitGroup
			for _, x := range []*world{w, other, w, other} {
				wg.Go(func() {
					if err := x.Deliver(ctx, "p1"); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		}
		if n := len(w.sent) + len(other.sent); n != 10 {
			t.Errorf("%d mails for 10 notices", n)
		}
	})
}

func TestTheSweepPicksUpAndCleansUp(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.tell(t, Task, "task/1")
		w.jobs = 0 // the job got lost
		w.clock = w.clock.Add(2 * time.Hour)
		if err := w.Sweep(ctx); err != nil || w.jobs != 1 {
			t.Fatalf("%d jobs, %v", w.jobs, err)
		}
		w.deliver(t)
		if err := w.MarkReadAbout(ctx, "p1", "task/1"); err != nil {
			t.Fatal(err)
		}
		w.clock = w.clock.Add(keepRead + time.Hour)
		if err := w.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if n, err := w.List(ctx, "p1", 10); len(n) != 0 || err != nil {
			t.Errorf("%+v, %v", n, err)
		}
		if got := w.counts(t); got != (Counts{}) {
			t.Errorf("%+v", got)
		}
	})
}

func TestTheYearlyCardIsForThoseWhoAskedAndOnceAYear(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		cards := func() int {
			t.Helper()
			if err := errors.Join(w.Sweep(ctx), w.Sweep(ctx)); err != nil {
				t.Fatal(err)
			}
			n, err := w.Unread(ctx, "p1")
			if err != nil {
				t.Fatal(err)
			}
			if err := w.MarkReadAbout(ctx, "p1", "settings/yearly"); err != nil {
				t.Fatal(err)
			}
			return n
		}
		w.wants(t, Default())
		if n := cards(); n != 0 {
			t.Errorf("%d cards without asking", n)
		}
		p := Default()
		p.YearlyCard = true
		w.wants(t, p)
		if n := cards(); n != 1 {
			t.Errorf("%d cards", n)
		}
		w.clock = w.clock.Add(360 * 24 * time.Hour)
		if n := cards(); n != 0 {
			t.Errorf("%d cards within the year", n)
		}
		w.clock = w.clock.Add(6 * 24 * time.Hour)
		if n := cards(); n != 1 {
			t.Errorf("%d cards after a year", n)
		}
		if w.deliver(t); len(w.sent) != 0 {
			t.Errorf("mailed %q", w.subjects())
		}
	})
}

func TestPreferencesAreKept(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if p, err := w.Preferences(ctx, "p1"); err != nil || !p.Mail || p.Daily || p.YearlyCard {
			t.Errorf("%+v, %v", p, err)
		}
		for _, p := range []Preferences{
			{Mail: true, Daily: true, Quiet: true, QuietFrom: 1, QuietTo: 2, Silent: []Kind{Edition, Reminder}, YearlyCard: true},
			{QuietFrom: 3, QuietTo: 4, Silent: []Kind{Answer}},
		} {
			w.wants(t, p)
			if got, err := w.Preferences(ctx, "p1"); err != nil || fmt.Sprint(got) != fmt.Sprint(p) {
				t.Errorf("%+v, %v", got, err)
			}
		}
		if err := w.SetPreferences(ctx, "p1", Preferences{QuietFrom: -1}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("got %v", err)
		}
	})
}

func TestANoticeHoldsIdsOnly(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, c := range [][2]string{{"rumour", "a/1"}, {"answer", "over je foto"}, {"answer", "a"}, {"answer", "a/b@example.org"}} {
			err := w.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error { return w.Notify(ctx, tx, "p1", Kind(c[0]), c[1]) })
			if err == nil {
				t.Errorf("taken: %q", c)
			}
		}
	})
}

// With the real queue: the change and its mail happen together or not at all.
func TestThroughTheRealQueue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		q := jobtest.New(t, d, job.Options{})
		w.queue = q
		w.Register(q)
		w.clock = time.Now()
		w.wants(t, Preferences{Mail: true})
		undo := errors.New("undo")
		err := d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
			return errors.Join(w.Notify(ctx, tx, "p1", Task, "task/1"), undo)
		})
		if !errors.Is(err, undo) {
			t.Fatal(err)
		}
		w.tell(t, Task, "task/2")
		jobtest.Drain(t, d, q)
		if got := w.subjects(); got != "Er staat iets voor je klaar" {
			t.Errorf("sent %q", got)
		}
	})
}

func TestNothingIsLeftOfAPersonWhoIsErased(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.wants(t, Preferences{Mail: true, Silent: []Kind{Edition}})
		w.tell(t, Answer, "answer/a1")
		w.deliver(t)
		w.tell(t, Answer, "answer/a2")
		dbtest.Exec(t, w.db, `delete from person`)
		for _, table := range []string{"notify_notice", "notify_mail", "notify_silence", "notify_preference"} {
			if n, err := db.Get(ctx, w.db.Reader(), db.Number, "select count(*) from "+table); n != 0 || err != nil {
				t.Errorf("%s: %d rows, %v", table, n, err)
			}
		}
	})
}

// After a restore, what waited at the time of the backup may have been mailed
// since: it stays on the screen and is not mailed.
func TestAfterARestoreNothingIsMailedTwice(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.tell(t, Answer, "answer/a1")
		if err := w.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error { return Settle(ctx, tx) }); err != nil {
			t.Fatal(err)
		}
		w.deliver(t)
		if n, err := w.Unread(ctx, "p1"); n != 1 || err != nil || len(w.sent) != 0 {
			t.Errorf("%d unread, sent %q, %v", n, w.subjects(), err)
		}
	})
}
