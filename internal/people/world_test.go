package people_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/db/dbtest"
	"ambassadeur/internal/fault"
	"ambassadeur/internal/mail"
	"ambassadeur/internal/people"
	"ambassadeur/internal/secret"
)

// world is a service with everything around it in the hand of the test.
type world struct {
	*people.Service
	t      testing.TB
	clock  *clock
	audit  *auditLog
	queue  *queue
	mails  *mailbox
	erased []string
}

type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.t }
func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

type auditLog struct {
	mu    sync.Mutex
	lines []string
}

func (a *auditLog) Record(_ context.Context, _ *sql.Tx, actor, action, object string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.lines = append(a.lines, actor+" "+action+" "+object)
	return nil
}

func (a *auditLog) has(part string) bool { return strings.Contains(strings.Join(a.lines, "\n"), part) }

type queue struct{ jobs []people.Args }

func (q *queue) add(_ context.Context, _ *sql.Tx, args people.Args) error {
	q.jobs = append(q.jobs, args)
	return nil
}

type mailbox struct {
	sent []mail.Message
	down bool
}

func (m *mailbox) Send(_ context.Context, msg mail.Message) error {
	if m.down {
		return fault.NewUnavailable("mail.unreachable")
	}
	m.sent = append(m.sent, msg)
	return nil
}

func offices(function string) string {
	return map[string]string{"communicatie": people.Communications, "bestuurder": people.Director, "beheerder": people.Administrator}[function]
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	box, err := secret.New(map[byte][]byte{1: bytes.Repeat([]byte{7}, secret.KeySize)})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, clock: &clock{t: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}, audit: &auditLog{}, queue: &queue{}, mails: &mailbox{}}
	w.Service, err = people.New(people.Config{
		DB: d, Box: box, Audit: w.audit, Enqueue: w.queue.add, Mail: w.mails, Site: "Ambassadeur", OfficeOf: offices,
		Erased:  func(_ context.Context, what, id string) error { w.erased = append(w.erased, what+"/"+id); return nil },
		BaseURL: "http://localhost:8080", Now: w.clock.now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// each runs a test with a new world on both databases.
func each(t *testing.T, run func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { run(t, newWorld(t, d)) })
}

// person makes one; functions are the office-giving ones above.
func (w *world) person(name string, a people.Audience, functions ...string) people.Person {
	w.t.Helper()
	p, err := w.Create(context.Background(), "system", people.Person{
		Name: name, Email: name + "@example.org", Audiences: []people.Audience{a}, Functions: functions,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// work does all jobs that wait.
func (w *world) work() {
	w.t.Helper()
	jobs := w.queue.jobs
	w.queue.jobs = nil
	for _, j := range jobs {
		var err error
		switch a := j.(type) {
		case people.LinkMail:
			err = w.SendLink(context.Background(), a.RequestID)
		case people.SecurityMail:
			err = w.SendSecurityMail(context.Background(), a.PersonID)
		default:
			err = fmt.Errorf("unknown job %T", j)
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// lastToken is the token in the link of the last mail.
func (w *world) lastToken() string {
	w.t.Helper()
	if len(w.mails.sent) == 0 {
		w.t.Fatal("no mail was sent")
	}
	return tokenOf(w.mails.sent[len(w.mails.sent)-1].Text)
}

func tokenOf(text string) string {
	_, after, _ := strings.Cut(text, "/aanmelden/link/")
	token, _, _ := strings.Cut(after, "\n")
	return token
}

// signIn signs a person in with a mailed link.
func (w *world) signIn(p people.Person) people.Opened {
	w.t.Helper()
	ctx := context.Background()
	url, err := w.SignInLink(ctx, p.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	o, err := w.UseLink(ctx, tokenOf(url), false, "Firefox, Windows", "")
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

func (w *world) signedIn(cookie string) bool {
	w.t.Helper()
	_, _, err := w.Authenticate(context.Background(), cookie)
	if err != nil && !errors.Is(err, people.ErrSignedOut) {
		w.t.Fatal(err)
	}
	return err == nil
}

func wantKind(t testing.TB, err error, kind fault.Kind, key string) {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != kind || f.Key != key {
		t.Errorf("got %v, want %s (%s)", err, key, kind)
	}
}

func demoFile(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("../../handbooks/demo/people.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return b
}
