package assets

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func built(t *testing.T) {
	t.Helper()
	if err := Check(); err != nil {
		t.Skip(err)
	}
}

func TestEveryNameInTheManifestIsServed(t *testing.T) {
	built(t)
	known, _ := names()
	for name := range known {
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, httptest.NewRequest("GET", Asset(name), nil))
		if w.Code != 200 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: status %d, cache %q", name, w.Code, w.Header().Get("Cache-Control"))
		}
	}
}

func TestStyleSheetIsCompressedWhereTheBrowserTakesIt(t *testing.T) {
	built(t)
	for header, want := range map[string]string{"gzip, br": "gzip", "br;q=1, gzip;q=0.5": "gzip", "gzip;q=0": "", "": ""} {
		r := httptest.NewRequest("GET", Asset("app.css"), nil)
		r.Header.Set("Accept-Encoding", header)
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, r)
		if got := w.Header().Get("Content-Encoding"); got != want {
			t.Errorf("Accept-Encoding %q: got encoding %q, want %q", header, got, want)
		}
		if w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: no Vary header", header)
		}
	}
}

func TestNothingElseIsServed(t *testing.T) {
	for _, p := range []string{"", "manifest.json", ".gitkeep", "../assets.go", "app.css", "x/y.css"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", Prefix, nil)
		r.URL.Path = Prefix + p
		Handler().ServeHTTP(w, r)
		if w.Code != 404 {
			t.Errorf("%q: status %d, want 404", p, w.Code)
		}
	}
}
