package people_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ambassadeur/internal/db"
	"ambassadeur/internal/db/dbtest"
	"ambassadeur/internal/fault"
	"ambassadeur/internal/people"
)

func TestAMailedLinkSignsInOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.person("daan", people.Client)
		if _, err := w.AskLink(ctx, " DAAN@example.org ", "net", "Safari, iPad"); err != nil {
			t.Fatal(err)
		}
		w.work()
		m := w.mails.sent[0]
		if m.To != p.Email || strings.Contains(m.Subject+m.Text, "client") || strings.Contains(m.Subject, "daan") {
			t.Errorf("mail: %+v", m)
		}
		token := w.lastToken()
		for range 3 { // a mail scanner looks
			if v, err := w.Link(ctx, token); err != nil || !v.Elsewhere || v.Device != "Safari, iPad" {
				t.Fatalf("look: %+v %v", v, err)
			}
		}
		o, err := w.UseLink(ctx, token, false, "d", "")
		if err != nil || o.Session.PersonID != p.ID {
			t.Fatal(err)
		}
		_, err = w.UseLink(ctx, token, false, "d", "")
		wantKind(t, err, fault.NotFound, "people.link-over")
		_, err = w.Link(ctx, token)
		wantKind(t, err, fault.NotFound, "people.link-over")
		if !w.audit.has(p.ID + " session.begin session/" + o.Session.ID) {
			t.Error("no audit line")
		}
	})
}

func TestALinkRunsOutAfterHalfAnHour(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.person("daan", people.Client)
		if _, err := w.AskLink(ctx, "daan@example.org", "net", "d"); err != nil {
			t.Fatal(err)
		}
		w.work()
		w.clock.pass(30*time.Minute + time.Second)
		_, err := w.UseLink(ctx, w.lastToken(), false, "d", "")
		wantKind(t, err, fault.NotFound, "people.link-over")
	})
}

func TestAMailThatFailsIsSentAgainWithTheSameLink(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.person("daan", people.Client)
		if _, err := w.AskLink(ctx, "daan@example.org", "net", "d"); err != nil {
			t.Fatal(err)
		}
		job := w.queue.jobs[0].(people.LinkMail)
		w.mails.down = true
		if err := w.SendLink(ctx, job.RequestID); fault.KindOf(err) != fault.Unavailable {
			t.Fatalf("got %v", err)
		}
		w.mails.down = false
		for range 2 {
			if err := w.SendLink(ctx, job.RequestID); err != nil {
				t.Fatal(err)
			}
		}
		if len(w.mails.sent) != 2 || w.mails.sent[0] != w.mails.sent[1] {
			t.Errorf("mails: %+v", w.mails.sent)
		}
	})
}

// Somebody who does not have the mailbox cannot tell from any answer whether
// an address is known.
func TestAnAddressThatNobodyHasLooksTheSame(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.person("daan", people.Client)
		type answer struct {
			askErr, chooseErr error
			waiting           bool
			choice            people.Choice
			tooOften          string
		}
		try := func(email string) answer {
			var a answer
			var wait string
			wait, a.askErr = w.AskLink(ctx, email, "net-"+email, "d")
			w.work()
			var err error
			if a.waiting, err = w.Waiting(ctx, wait); err != nil {
				t.Fatal(err)
			}
			a.choice, _, a.chooseErr = w.ChoosePicture(ctx, wait, "sun", "net-"+email, false, "d", "")
			for range 10 {
				if _, err := w.AskLink(ctx, email, "net-"+email, "d"); err != nil {
					a.tooOften = err.Error()
				}
			}
			w.queue.jobs = nil
			return a
		}
		known, unknown := try("daan@example.org"), try("nobody@example.org")
		if known != unknown || !known.waiting || known.choice != people.ChoiceTooEarly || known.tooOften == "" {
			t.Errorf("known %+v, unknown %+v", known, unknown)
		}
		if len(w.mails.sent) != 1 {
			t.Errorf("%d mails", len(w.mails.sent))
		}
	})
}

func TestTheOtherDeviceSignsInWithThePicture(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.person("daan", people.Client)
		ask := func() (wait, picture string) {
			wait, err := w.AskLink(ctx, "daan@example.org", "net", "tablet")
			if err != nil {
				t.Fatal(err)
			}
			w.work()
			if picture, err = w.ShowPicture(ctx, w.lastToken()); err != nil {
				t.Fatal(err)
			}
			if again, err := w.ShowPicture(ctx, w.lastToken()); err != nil || again != picture {
				t.Errorf("the picture changed: %v", err)
			}
			return wait, picture
		}
		wait, picture := ask()
		c, o, err := w.ChoosePicture(ctx, wait, picture, "net", false, "tablet", "")
		if err != nil || c != people.ChoiceRight || !w.signedIn(o.Cookie) {
			t.Fatalf("right picture: %v %v", c, err)
		}
		_, _, err = w.ChoosePicture(ctx, wait, picture, "net", false, "tablet", "")
		wantKind(t, err, fault.NotFound, "people.link-over")

		wait, picture = ask()
		wrong := "sun"
		if picture == "sun" {
			wrong = "moon"
		}
		if c, _, err = w.ChoosePicture(ctx, wait, wrong, "net", false, "tablet", ""); err != nil || c != people.ChoiceWrong {
			t.Fatalf("wrong picture: %v %v", c, err)
		}
		_, _, err = w.ChoosePicture(ctx, wait, picture, "net", false, "tablet", "")
		wantKind(t, err, fault.NotFound, "people.link-over")
		_, err = w.UseLink(ctx, w.lastToken(), false, "d", "")
		wantKind(t, err, fault.NotFound, "people.link-over")
	})
}

// The machine of a link, against a small model: whatever is pressed in
// whatever order, at most one session begins, none after half an hour, none
// after a wrong picture, and none on the asking device without the right one.
func TestLinkMachine(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite(t))
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		w := newWorld(t, d)
		ctx := context.Background()
		name := "p" + db.NewID()
		w.person(name, people.Client)
		wait, err := w.AskLink(ctx, name+"@example.org", name, "d")
		if err != nil {
			rt.Fatal(err)
		}
		job := w.queue.jobs[0].(people.LinkMail)
		var token, picture string
		var sessions int
		over := false
		begin := w.clock.now()
		late := func() bool { return w.clock.now().Sub(begin) >= 30*time.Minute }
		look := func(err error) {
			if !over && !late() && err != nil {
				rt.Fatalf("refused though open: %v", err)
			}
			if (over || late()) && err == nil {
				rt.Fatal("accepted though over")
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"mail": func(rt *rapid.T) {
				before := len(w.mails.sent)
				if err := w.SendLink(ctx, job.RequestID); err != nil {
					rt.Fatal(err)
				}
				if len(w.mails.sent) > before {
					token = w.lastToken()
				}
			},
			"look": func(rt *rapid.T) {
				if token != "" {
					_, err := w.Link(ctx, token)
					look(err)
				}
			},
			"use": func(rt *rapid.T) {
				if token == "" {
					return
				}
				o, err := w.UseLink(ctx, token, rapid.Bool().Draw(rt, "borrowed"), "d", "")
				look(err)
				if err == nil {
					sessions, over = sessions+1, true
					if !w.signedIn(o.Cookie) {
						rt.Fatal("the session does not work")
					}
				}
			},
			"show": func(rt *rapid.T) {
				if token == "" {
					return
				}
				got, err := w.ShowPicture(ctx, token)
				look(err)
				if err == nil {
					picture = got
				}
			},
			"choose": func(rt *rapid.T) {
				pick := rapid.SampledFrom(people.Pictures()).Draw(rt, "picture")
				c, _, err := w.ChoosePicture(ctx, wait, pick, name, false, "d", "")
				look(err)
				switch {
				case err != nil:
				case c == people.ChoiceRight:
					if picture == "" || pick != picture {
						rt.Fatal("signed in without the right picture")
					}
					sessions, over = sessions+1, true
				case c == people.ChoiceWrong:
					if picture == "" || pick == picture {
						rt.Fatal("the right picture was called wrong")
					}
					over = true
				case picture != "":
					rt.Fatal("too early though the picture is shown")
				}
			},
			"time": func(rt *rapid.T) {
				w.clock.pass(time.Duration(rapid.IntRange(1, 600).Draw(rt, "seconds")) * time.Second)
			},
			"": func(rt *rapid.T) {
				if sessions > 1 {
					rt.Fatalf("%d sessions of one link", sessions)
				}
			},
		})
	})
}

func TestTooManyTriesAreRefusedKindlyAndForgotten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		var last error
		for range 6 {
			_, last = w.AskLink(ctx, "daan@example.org", "net", "d")
		}
		wantKind(t, last, fault.Conflict, "people.too-often")
		if f, _ := fault.As(last); f.Hint == "" || f.Args["Minutes"].(int) < 1 {
			t.Errorf("not kind: %+v", f)
		}
		if _, err := w.AskLink(ctx, "other@example.org", "net", "d"); err != nil {
			t.Errorf("another address from the same house: %v", err)
		}
		w.clock.pass(time.Hour + time.Second)
		if _, err := w.AskLink(ctx, "daan@example.org", "net", "d"); err != nil {
			t.Errorf("an hour later: %v", err)
		}
		for i := range 70 {
			_, last = w.AskLink(ctx, strings.Repeat("x", i+1)+"@example.org", "net2", "d")
		}
		wantKind(t, last, fault.Conflict, "people.too-often")
		rows, err := db.List(ctx, w.DB.Reader(), db.Text, `select bucket from throttle`)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range rows {
			if strings.Contains(b, "daan") || strings.Contains(b, "net2") || len(b) > len("organisation.network:00000") {
				t.Errorf("bucket %q tells an address or is not bounded", b)
			}
		}
	})
}

func TestNetworkIsWhatAHouseholdShares(t *testing.T) {
	tests := map[string]string{
		"192.0.2.77": "192.0.2.0/24", "192.0.2.1:5555": "192.0.2.0/24", "2001:db8:1:2::3": "2001:db8:1::/48",
		"::ffff:192.0.2.9": "192.0.2.0/24", "[2001:db8:1::1]:80": "2001:db8:1::/48", "rubbish": "?", "": "?",
	}
	for in, want := range tests {
		if got := people.Network(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestDraftsAreSealedAndBounded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.person("p", people.Client)
		if err := w.SaveDraft(ctx, p.ID, "story", "a", []byte("de moestuin bloeit")); err != nil {
			t.Fatal(err)
		}
		body, err := db.Get(ctx, w.DB.Reader(), func(r db.Row) ([]byte, error) { var b []byte; return b, r.Scan(&b) }, `select body from draft`)
		if err != nil || strings.Contains(string(body), "moestuin") {
			t.Errorf("stored as it is: %v", err)
		}
		if got, err := w.GetDraft(ctx, p.ID, "story", "a"); err != nil || string(got) != "de moestuin bloeit" {
			t.Errorf("got %q, %v", got, err)
		}
		for i := range 70 {
			w.clock.pass(time.Second)
			if err := w.SaveDraft(ctx, p.ID, "signal", strings.Repeat("i", i+1), []byte("x")); err != nil {
				t.Fatal(err)
			}
		}
		list, err := w.ListDrafts(ctx, p.ID)
		if err != nil || len(list) != 60 || list[0].Ref != strings.Repeat("i", 70) {
			t.Errorf("%d drafts, %v", len(list), err)
		}
		wantKind(t, w.SaveDraft(ctx, p.ID, "story", "a", make([]byte, people.MaxDraft+1)), fault.Invalid, "people.draft-too-long")
		if err := w.DeleteDraft(ctx, p.ID, list[0].Kind, list[0].Ref); err != nil {
			t.Fatal(err)
		}
		_, err = w.GetDraft(ctx, p.ID, list[0].Kind, list[0].Ref)
		wantKind(t, err, fault.NotFound, "people.draft-gone")
	})
}

func TestTheSameLinkPressedTwiceAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		url, err := w.SignInLink(ctx, w.person("p", people.Staff).ID)
		if err != nil {
			t.Fatal(err)
		}
		results := make(chan error, 8)
		for range cap(results) {
			go func() {
				_, err := w.UseLink(ctx, tokenOf(url), false, "d", "")
				results <- err
			}()
		}
		var in int
		for range cap(results) {
			if err := <-results; err == nil {
				in++
			} else if f, ok := fault.As(err); !ok || f.Key != "people.link-over" {
				t.Error(errors.Unwrap(err), err)
			}
		}
		if in != 1 {
			t.Errorf("%d devices signed in with one link", in)
		}
	})
}
