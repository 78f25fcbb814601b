package app

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"ambassadeur/internal/config"

	"log/slog"
)

// BenchmarkSignedInPage is the work of one signed-in handbook page in the
// whole product, without the network.
func BenchmarkSignedInPage(b *testing.B) {
	cfg, err := config.Load("", []string{"AMBASSADEUR_DATA=" + b.TempDir(), "AMBASSADEUR_DEMO=true"})
	if err != nil {
		b.Fatal(err)
	}
	a, err := Open(b.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = a.Close() }()
	cookie := sessionOf(b, a, "ilse-coenen")
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodGet, "/handboek/ambassadeur", nil)
		r.AddCookie(cookie)
		w := httptest.NewRecorder()
		a.Handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatalf("status %d", w.Code)
		}
	}
}

// sessionOf signs a demonstration person in and returns the cookie.
func sessionOf(b *testing.B, a *App, person string) *http.Cookie {
	b.Helper()
	if _, err := a.Demonstrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	link, err := a.People.SignInLink(b.Context(), person)
	if err != nil {
		b.Fatal(err)
	}
	o, err := a.People.UseLink(b.Context(), link[len(link)-43:], false, "", "")
	if err != nil {
		b.Fatal(err)
	}
	return &http.Cookie{Name: "ambassadeur", Value: o.Cookie}
}
