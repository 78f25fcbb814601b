package handbookpages_test

import (
	"context"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ambassadeur/handbooks"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/web/handbookpages"
	"ambassadeur/internal/web/kit"
	"ambassadeur/internal/web/layout"
)

// since is when the edition of the tests came into force.
var since = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// compiled is the complete handbook, and the same with the tables of the
// demonstration over it, whose channels have addresses.
var compiled = sync.OnceValues(func() (map[string]*handbook.Index, error) {
	sub, err := fs.Sub(handbooks.FS, "sgl")
	if err != nil {
		return nil, err
	}
	content, projection, err := handbook.Load(sub)
	if err != nil {
		return nil, err
	}
	demo, err := fs.Sub(handbooks.FS, "demo")
	if err != nil {
		return nil, err
	}
	over, err := handbook.Overlay(projection, content, demo)
	if err != nil {
		return nil, err
	}
	out := map[string]*handbook.Index{}
	for name, p := range map[string]*handbook.Projection{"sgl": projection, "demo": over} {
		if out[name], err = handbook.Compile(content, p); err != nil {
			return nil, err
		}
	}
	return out, nil
})

func indexOf(t testing.TB, name string) *handbook.Index {
	t.Helper()
	all, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	return all[name]
}

// world is the pages with one reader in front of them.
type world struct {
	t        testing.TB
	router   *kit.Router
	index    *handbook.Index
	edition  handbook.EditionMeta
	env      kit.Env
	readings *readings

	changes    []handbook.Change
	changesErr error
	asked      int // times that the changes were looked up
}

func newWorld(t testing.TB) *world {
	w := &world{t: t, index: indexOf(t, "sgl"), readings: &readings{known: map[string]handbook.Acknowledgement{}}}
	w.edition = handbook.EditionMeta{Edition: handbook.Edition{ID: "edition-1", Number: 1, State: handbook.InForce, Hash: w.index.Hash(), ValidFrom: since}}
	w.env = kit.Env{
		Display: kit.Display{Lang: i18n.NL},
		Site:    kit.Site{Name: "Ambassadeur", Organisation: "De Linde", BaseURL: "https://ambassadeur.example.org"},
		Asset:   func(name string) string { return "/bestanden/" + name },
	}
	w.router = kit.NewRouter(slog.New(slog.NewTextHandler(io.Discard, nil)), layout.Fault, func(string, int, time.Duration) {})
	handbookpages.Routes(w.router, handbookpages.Deps{
		Book: func(context.Context) (*handbook.Index, handbook.EditionMeta, error) {
			return w.index, w.edition, nil
		},
		Readings: w.readings,
		Changes:  w.changesOf,
	})
	return w
}

// in returns the same pages for a reader of another language.
func (w *world) in(lang i18n.Lang) *world { w.env.Display.Lang = lang; return w }

func (w *world) do(r *http.Request) *httptest.ResponseRecorder {
	env := w.env
	env.Path = r.URL.Path
	rec := httptest.NewRecorder()
	w.router.ServeHTTP(rec, r.WithContext(kit.With(r.Context(), &env)))
	return rec
}

func (w *world) get(path string) page {
	return w.page(w.do(httptest.NewRequest("GET", path, nil)), path)
}

func (w *world) post(path string, form url.Values) page {
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.page(w.do(r), path)
}

func (w *world) page(rec *httptest.ResponseRecorder, path string) page {
	w.t.Helper()
	body := rec.Body.String()
	if strings.Contains(body, "⟦") {
		at := strings.Index(body, "⟦")
		w.t.Errorf("%s: a message is missing: %.60s", path, body[at:])
	}
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	return page{code: rec.Code, header: rec.Header(), body: body, doc: doc}
}

// page is an answer, parsed.
type page struct {
	code   int
	header http.Header
	body   string
	doc    *html.Node
}

// all returns the elements that match.
func (p page) all(match func(*html.Node) bool) []*html.Node {
	var out []*html.Node
	for n := range p.doc.Descendants() {
		if n.Type == html.ElementNode && match(n) {
			out = append(out, n)
		}
	}
	return out
}

func (p page) byID(id string) *html.Node {
	if found := p.all(func(n *html.Node) bool { return attr(n, "id") == id }); len(found) > 0 {
		return found[0]
	}
	return nil
}

func (p page) tags(name string) []*html.Node {
	return p.all(func(n *html.Node) bool { return n.Data == name })
}

func (p page) h1() string {
	if found := p.tags("h1"); len(found) == 1 {
		return words(found[0])
	}
	return ""
}

// has reports whether the page shows the text, whatever its markup.
func (p page) has(text string) bool {
	return strings.Contains(words(p.doc), strings.Join(strings.Fields(text), " "))
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// words is the text of an element with single spaces.
func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
			if d.Parent.Data != "strong" && d.Parent.Data != "mark" && d.Parent.Data != "a" {
				b.WriteString(" ")
			}
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// readings keeps acknowledgements in memory, as the register does in its table.
type readings struct {
	known map[string]handbook.Acknowledgement
}

func (m *readings) Invite(_ context.Context, person string) error {
	if _, ok := m.known[person]; !ok {
		m.known[person] = handbook.Acknowledgement{PersonID: person, State: handbook.Invited}
	}
	return nil
}

func (m *readings) Of(_ context.Context, person, _ string) (handbook.Acknowledgement, error) {
	if a, ok := m.known[person]; ok {
		return a, nil
	}
	return handbook.Acknowledgement{State: handbook.NotInvited}, nil
}

func (m *readings) Confirm(_ context.Context, person, edition, hash string) error {
	m.known[person] = handbook.Acknowledgement{PersonID: person, EditionID: edition, State: handbook.Confirmed, Hash: hash, ConfirmedAt: since}
	return nil
}
