package browser

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"ambassadeur/handbooks"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/web"
	"ambassadeur/internal/web/assets"
	"ambassadeur/internal/web/gallery"
	"ambassadeur/internal/web/kit"
	"ambassadeur/internal/web/layout"
)

// view is one way to look at a state.
type view struct {
	name  string
	width int
	query string
}

// first is how every state is looked at.
func first() view { return view{"390", 390, "theme=light"} }

// turns are the ways to look at a state once more, one each, by turns.
func turns() []view {
	return []view{
		{"320", 320, "theme=light"},
		{"1280", 1280, "theme=light"},
		{"dark", 390, "theme=dark"},
		{"calm", 390, "theme=light&calm=1"},
		{"largest", 390, "theme=light&size=groter"},
		{"1280-dark-en", 1280, "theme=dark&lang=en"},
	}
}

// everyView is every way to look at a state.
func everyView() []view {
	var out []view
	for _, width := range []int{320, 390, 1280} {
		for _, query := range []string{"theme=light", "theme=dark"} {
			for _, calm := range []string{"", "&calm=1"} {
				for _, size := range []string{"", "&size=groter"} {
					for _, lang := range []string{"&lang=nl", "&lang=en"} {
						q := query + calm + size + lang
						out = append(out, view{strings.NewReplacer("&", "-", "=", "").Replace(fmt.Sprint(width, "-", q)), width, q})
					}
				}
			}
		}
	}
	return out
}

// views returns how to look at state number i.
func views(i int) []view {
	if os.Getenv("A11Y_FULL") == "1" {
		return everyView()
	}
	return []view{first(), turns()[i%len(turns())]}
}

// serve serves the gallery with an invented site, under the product's own
// content policy.
func serve(t *testing.T, areas []gallery.Area) *httptest.Server {
	t.Helper()
	rt := kit.NewRouter(slog.New(slog.DiscardHandler), func(v kit.FaultView) templ.Component { return layout.Fault(v) }, func(string, int, time.Duration) {})
	gallery.Routes(rt, func(context.Context) ([]gallery.Area, error) { return areas, nil })
	rt.Mount("GET "+assets.Prefix, assets.Handler())
	rt.Handle("GET "+layout.ManifestPath, layout.Manifest)
	env := kit.Env{Asset: assets.Asset, Site: kit.Site{
		Name: "Ambassadeur", Organisation: "Zorggroep De Linde", Demo: true,
		Contact: kit.Contact{Department: "Afdeling communicatie", Phone: "088 000 00 00", Email: "communicatie@example.org", Hours: "Maandag tot en met vrijdag, van 9 tot 17 uur."},
	}}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e := env
		e.Path = r.URL.Path
		w.Header().Set("Content-Security-Policy", policy)
		w, done := packed(w, r)
		defer done()
		rt.ServeHTTP(w, r.WithContext(kit.With(context.WithoutCancel(r.Context()), &e)))
	}))
	t.Cleanup(srv.Close)
	return srv
}

// packed sends pages in gzip form, as the product does, so that the weight of a
// page is what a phone would load. Built files are packed already.
func packed(w http.ResponseWriter, r *http.Request) (http.ResponseWriter, func()) {
	if strings.HasPrefix(r.URL.Path, assets.Prefix) || !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		return w, func() {}
	}
	w.Header().Set("Content-Encoding", "gzip")
	zip := gzip.NewWriter(w)
	return packedWriter{w, zip}, func() { _ = zip.Close() }
}

type packedWriter struct {
	http.ResponseWriter
	zip io.Writer
}

func (p packedWriter) Write(b []byte) (int, error) { return p.zip.Write(b) }

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'"

func needAssets(t *testing.T) {
	t.Helper()
	if err := assets.Check(); err != nil {
		if os.Getenv("REQUIRE_BROWSER") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
}

func TestGallery(t *testing.T) {
	needAssets(t)
	b := chromium(t)
	areas := pageAreas(t)
	srv := serve(t, areas)
	tab := b.Tab(t)
	for n, area := range append([]gallery.Area{gallery.Parts()}, areas...) {
		for i, state := range area.States {
			for _, v := range views(n + i) {
				t.Run(area.Name+"/"+state.Name+"/"+v.name, func(t *testing.T) {
					tab.Open(t, srv.URL+gallery.Path+"/"+area.Name+"/"+state.Name+"?"+v.query, v.width)
					for _, f := range tab.Check(t) {
						t.Error(f)
					}
					tab.Shot(t, area.Name+"-"+state.Name+"-"+v.name)
					tab.Spacing(t)
					for _, f := range tab.Own(t) {
						if f.Rule == "sideways-scroll" || f.Rule == "cut-text" {
							t.Errorf("with wider text spacing: %s", f)
						}
					}
				})
			}
		}
	}
}

// pageAreas are the states of all page packages, with the handbook that comes
// with the program and the contacts of the demonstration.
func pageAreas(t *testing.T) []gallery.Area {
	t.Helper()
	folder, err := fs.Sub(handbooks.FS, "sgl")
	if err != nil {
		t.Fatal(err)
	}
	content, projection, err := handbook.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	demo, err := fs.Sub(handbooks.FS, "demo")
	if err != nil {
		t.Fatal(err)
	}
	projection, err = handbook.Overlay(projection, content, demo)
	if err != nil {
		t.Fatal(err)
	}
	book, err := handbook.Compile(content, projection)
	if err != nil {
		t.Fatal(err)
	}
	return web.Areas(book)
}
