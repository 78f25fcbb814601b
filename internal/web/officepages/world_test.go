package officepages

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"ambassadeur/handbooks"
	"ambassadeur/internal/audit"
	"ambassadeur/internal/db"
	"ambassadeur/internal/db/dbtest"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/handbook/linkcheck"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/people"
	"ambassadeur/internal/secret"
	"ambassadeur/internal/web/kit"
	"ambassadeur/internal/web/layout"
)

// world is the pages over real services, on one database.
type world struct {
	t        *testing.T
	db       *db.DB
	people   *people.Service
	editions *handbook.Editions
	acks     *handbook.Acknowledgements
	trail    *audit.Log
	links    []linkcheck.Link
	asked    int // checks of links
	handler  http.Handler
	now      time.Time
	persons  map[string]people.Person // by office, and "staff", "client"
}

// sgl is the files of the handbook that comes with the program.
var sgl = sync.OnceValue(func() map[string][]byte {
	out := map[string][]byte{}
	folder, err := fs.Sub(handbooks.FS, "sgl")
	if err == nil {
		err = fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				out[name], err = fs.ReadFile(folder, name)
			}
			return err
		})
	}
	if err != nil {
		panic(err)
	}
	return out
})

// packed is the handbook as a zip, with some files changed: a text replaced
// by another, by file.
func packed(t testing.TB, change map[string][2]string) []byte {
	t.Helper()
	files := map[string][]byte{}
	for name, b := range sgl() {
		if c, ok := change[name]; ok {
			if !bytes.Contains(b, []byte(c[0])) {
				t.Fatalf("%s does not hold %q", name, c[0])
			}
			b = bytes.Replace(b, []byte(c[0]), []byte(c[1]), 1)
		}
		files["sgl/"+name] = b
	}
	b, err := pack(files)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// second is the change that makes a further edition.
func second() [2]string { return [2]string{"number: 1", "number: 2"} }

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, db: d, now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), persons: map[string]people.Person{}}
	now := func() time.Time { return w.now }
	box, err := secret.New(map[byte][]byte{1: bytes.Repeat([]byte{7}, secret.KeySize)})
	w.must(err)
	w.trail = audit.New(d, box, now, func(ctx context.Context, reader string) error {
		p, err := w.people.Get(ctx, reader)
		if err == nil && !p.Is(people.PrivacyOfficer) && !p.Is(people.Administrator) {
			err = errors.New("may not")
		}
		return err
	})
	w.editions = handbook.NewEditions(handbook.EditionsConfig{DB: d, Audit: w.trail, Now: now})
	content, projection, err := handbook.Load(must(fs.Sub(handbooks.FS, "sgl")))
	w.must(err)
	_, err = w.editions.Install(t.Context(), content, projection)
	w.must(err)
	w.people, err = people.New(people.Config{DB: d, Box: box, Audit: w.trail, BaseURL: "http://localhost:8080", Now: now,
		OfficeOf: func(f string) string { return officesIn(projection)[f] },
		Enqueue:  func(context.Context, *sql.Tx, people.Args) error { return nil }})
	w.must(err)
	w.acks = handbook.NewAcknowledgements(handbook.AcknowledgementsConfig{DB: d, Audit: w.trail, Now: now,
		Audiences: func(context.Context, db.Queryer, string) ([]handbook.Audience, error) { return nil, nil }})

	w.person("communications", "Loes Wijnen", people.Staff, "communicatie")
	w.person("director", "Karin Claessens", people.Staff, "bestuurder")
	w.person("administrator", "Sem Kuijpers", people.Staff, "beheerder")
	w.person("privacy_officer", "Fem Odekerken", people.Staff, "functionaris-gegevensbescherming")
	w.person("staff", "Bram Smeets", people.Staff)
	w.person("client", "Riet Vaessen", people.Client)

	rt := kit.NewRouter(slog.New(slog.DiscardHandler), layout.Fault, func(string, int, time.Duration) {})
	Routes(rt, Deps{
		Editions: w.editions, Counts: w.acks.Counts, People: w.people, Trail: w.trail, Now: now,
		Links:      func(context.Context) ([]linkcheck.Link, error) { return w.links, nil },
		CheckLinks: func(context.Context) error { w.asked++; return nil },
		Record: func(ctx context.Context, actor, action, object string) error {
			return d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error { return w.trail.Record(ctx, tx, actor, action, object) })
		},
	})
	w.handler = rt
	return w
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) person(key, name string, a people.Audience, functions ...string) people.Person {
	w.t.Helper()
	p, err := w.people.Create(w.t.Context(), "system", people.Person{Name: name, Email: strings.ToLower(strings.Fields(name)[0]) + "@example.org",
		Audiences: []people.Audience{a}, Functions: functions})
	w.must(err)
	w.persons[key] = p
	return p
}

// who is somebody at a browser.
type who struct {
	w      *world
	key    string // of persons; empty: a visitor
	strong bool
	lang   i18n.Lang
}

func (w *world) as(key string) who { return who{w, key, true, i18n.NL} }

func (b who) do(r *http.Request) *httptest.ResponseRecorder {
	env := &kit.Env{Asset: func(name string) string { return "/bestanden/" + name }, Path: r.URL.Path,
		Site: kit.Site{Name: "Ambassadeur", Organisation: "Zorg Voorbeeld"}, Display: kit.Display{Lang: b.lang}}
	if p, ok := b.w.persons[b.key]; ok {
		env.Who = kit.Principal{PersonID: p.ID, Name: p.Name, Offices: p.Offices(), Strong: b.strong}
		for _, a := range p.Audiences {
			env.Who.Audiences = append(env.Who.Audiences, string(a))
		}
	}
	rec := httptest.NewRecorder()
	b.w.handler.ServeHTTP(rec, r.WithContext(kit.With(r.Context(), env)))
	return rec
}

func (b who) get(path string) *httptest.ResponseRecorder {
	return b.do(httptest.NewRequest(http.MethodGet, path, nil))
}

func (b who) post(path string, kv ...string) *httptest.ResponseRecorder {
	form := url.Values{}
	for i := 0; i+1 < len(kv); i += 2 {
		form.Add(kv[i], kv[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

// send posts a form with a file.
func (b who) send(path string, file []byte, kv ...string) *httptest.ResponseRecorder {
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for i := 0; i+1 < len(kv); i += 2 {
		b.w.must(m.WriteField(kv[i], kv[i+1]))
	}
	part, err := m.CreateFormFile("file", "handboek.zip")
	b.w.must(err)
	_, err = part.Write(file)
	b.w.must(err)
	b.w.must(m.Close())
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return b.do(r)
}

// wants fails when the answer has another status or lacks one of the texts.
func wants(t testing.TB, rec *httptest.ResponseRecorder, status int, texts ...string) string {
	t.Helper()
	body := rec.Body.String()
	if rec.Code != status {
		t.Fatalf("status %d, want %d: %s", rec.Code, status, between(body, "<h1>", "</h1>"))
	}
	for _, text := range texts {
		if !strings.Contains(body, text) {
			t.Errorf("the page lacks %q", text)
		}
	}
	if strings.Contains(body, "⟦") {
		t.Errorf("a message is missing: ⟦%s⟧", between(body, "⟦", "⟧"))
	}
	return body
}

// leads fails when the answer does not lead to the path, and returns where.
func leads(t testing.TB, rec *httptest.ResponseRecorder, path string) string {
	t.Helper()
	to := rec.Header().Get("Location")
	if rec.Code != http.StatusSeeOther || !strings.HasPrefix(to, path) {
		t.Fatalf("status %d to %q, want a way to %s: %s", rec.Code, to, path, between(rec.Body.String(), `<main`, `</main>`))
	}
	return to
}

func between(s, from, to string) string {
	_, rest, ok := strings.Cut(s, from)
	if !ok {
		return ""
	}
	inside, _, _ := strings.Cut(rest, to)
	return inside
}

// each runs a test over a new world on both databases.
func each(t *testing.T, run func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { run(t, newWorld(t, d)) })
}

// quick is a world on the embedded database.
func quick(t *testing.T) *world {
	t.Helper()
	return newWorld(t, dbtest.Open(t, dbtest.SQLite(t)))
}

// idOf is the last part of the path of an address.
func idOf(address string) string {
	path, _, _ := strings.Cut(address, "?")
	return path[strings.LastIndexByte(path, '/')+1:]
}
