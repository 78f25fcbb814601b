package officepages

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// matrix says, in words of its own, who may have which page. It repeats
// routes on purpose: who changes one must change the other.
func matrix() map[string]string {
	const c, d, a, p = "communications", "director", "administrator", "privacy_officer"
	return map[string]string{
		"GET /werk/edities": c + d + a + p, "GET /werk/edities/{id}": c + d + a + p, "GET /werk/edities/{id}/bestanden": c + d + a + p,
		"GET /werk/edities/nieuw": c, "POST /werk/edities/nieuw": c,
		"GET /werk/edities/{id}/overleg": c, "POST /werk/edities/{id}/overleg": c,
		"GET /werk/edities/{id}/advies": c, "POST /werk/edities/{id}/advies": c,
		"GET /werk/edities/{id}/terug": c, "POST /werk/edities/{id}/terug": c,
		"GET /werk/edities/{id}/vaststellen": d, "POST /werk/edities/{id}/vaststellen": d,
		"GET /werk/edities/{id}/van-kracht": c, "POST /werk/edities/{id}/van-kracht": c,
		"GET /werk/edities/{id}/verbeteren": c, "POST /werk/edities/{id}/verbeteren": c,
		"GET /werk/edities/{id}/intrekken": d, "POST /werk/edities/{id}/intrekken": d,
		"GET /werk/tabellen": c + d + a + p, "GET /werk/tabellen/nieuw": c, "POST /werk/tabellen/nieuw": c, "POST /werk/tabellen/vervangen": c,
		"GET /werk/gelezen": c + d + p,
		"GET /werk/mensen":  a, "GET /werk/mensen/nieuw": a, "POST /werk/mensen/nieuw": a,
		"GET /werk/mensen/{id}": a, "GET /werk/mensen/{id}/wijzigen": a, "POST /werk/mensen/{id}/wijzigen": a,
		"GET /werk/mensen/{id}/relaties": a, "POST /werk/mensen/{id}/relaties": a,
		"POST /werk/mensen/{id}/link": a, "POST /werk/mensen/{id}/mail": a,
		"GET /werk/mensen/{id}/uitzetten": a, "POST /werk/mensen/{id}/uitzetten": a,
		"GET /werk/mensen/{id}/wissen": a, "POST /werk/mensen/{id}/wissen": a,
		"GET /werk/spoor": a + p, "POST /werk/spoor/controle": a + p,
		"GET /werk/verwijzingen": c + a, "POST /werk/verwijzingen": c,
	}
}

func TestWhoMayHaveWhichPage(t *testing.T) {
	w := quick(t)
	p := &pages{Deps{}}
	want := matrix()
	if len(p.routes()) != len(want) {
		t.Errorf("%d routes, %d in the matrix", len(p.routes()), len(want))
	}
	edition := must(w.editions.List(t.Context()))[0].ID
	for _, one := range p.routes() {
		allowed, ok := want[one.pattern]
		if !ok {
			t.Errorf("%s is not in the matrix", one.pattern)
			continue
		}
		method, path, _ := strings.Cut(one.pattern, " ")
		id := edition
		if strings.HasPrefix(path, peoplePath) {
			id = w.persons["staff"].ID
		}
		path = strings.ReplaceAll(path, "{id}", id)
		for _, key := range []string{"communications", "director", "administrator", "privacy_officer", "staff", "client", ""} {
			for _, strong := range []bool{true, false} {
				rec := who{w, key, strong, "nl"}.do(emptyRequest(method, path))
				checkAccess(t, one.pattern, key, strong, strings.Contains(allowed, key) && key != "", rec)
			}
		}
	}
}

// emptyRequest is a form without any field: nobody allowed gets further than
// a mistake, a page, or an act that needs no words.
func emptyRequest(method, path string) *http.Request {
	r := httptest.NewRequest(method, path, nil)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r
}

func checkAccess(t *testing.T, pattern, key string, strong, allowed bool, rec *httptest.ResponseRecorder) {
	t.Helper()
	label := pattern + " as " + key
	switch {
	case key == "" && strings.HasPrefix(pattern, "GET"):
		if rec.Code != http.StatusSeeOther || !strings.HasPrefix(rec.Header().Get("Location"), "/aanmelden?naar=%2Fwerk") {
			t.Errorf("%s: status %d to %q", label, rec.Code, rec.Header().Get("Location"))
		}
	case key == "":
		wantRefusal(t, label, rec, "Meld je eerst aan")
	case !allowed:
		wantRefusal(t, label, rec, "Deze stap hoort bij een andere functie")
	case !strong:
		wantRefusal(t, label, rec, "Voor deze stap heb je een toegangssleutel nodig")
	case !slices.Contains([]int{200, 303, 409, 422}, rec.Code):
		t.Errorf("%s: status %d", label, rec.Code)
	}
	if rec.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%s: may be kept in a cache", label)
	}
}

func wantRefusal(t *testing.T, label string, rec *httptest.ResponseRecorder, words string) {
	t.Helper()
	if rec.Code != http.StatusForbidden || !strings.Contains(rec.Body.String(), words) {
		t.Errorf("%s: status %d, %s", label, rec.Code, between(rec.Body.String(), "<h1>", "</h1>"))
	}
}

func TestWorkShowsWhatAnOfficeMayDo(t *testing.T) {
	w := quick(t)
	for key, want := range map[string][]string{
		"communications":  {editionsPath, tablesPath, readsPath, linksPath},
		"director":        {editionsPath, tablesPath, readsPath},
		"administrator":   {editionsPath, tablesPath, linksPath, peoplePath, trailPath},
		"privacy_officer": {editionsPath, tablesPath, readsPath, trailPath},
	} {
		body := wants(t, w.as(key).get(workPath), 200)
		for _, path := range []string{editionsPath, tablesPath, readsPath, linksPath, peoplePath, trailPath} {
			if got := strings.Contains(body, `href="`+path+`"`); got != slices.Contains(want, path) {
				t.Errorf("%s: link to %s: %v", key, path, got)
			}
		}
	}
	wants(t, who{w, "director", false, "nl"}.get(workPath), 200, "Gebruik mijn sleutel")
	wants(t, w.as("staff").get(workPath), 403)
	leads(t, w.as("").get(workPath), "/aanmelden?naar=%2Fwerk")
}

// An office that was taken away a moment ago is gone, whatever the request
// still says about its sender.
func TestAnOfficeIsAskedOfTheDatabase(t *testing.T) {
	w := quick(t)
	for _, key := range []string{"communications", "director", "administrator", "privacy_officer"} {
		p := w.persons[key]
		p.Functions = nil
		w.must(w.people.Update(t.Context(), "system", p))
	}
	edition := must(w.editions.List(t.Context()))[0].ID
	for _, path := range []string{editionPath(edition) + "/intrekken", editionPath(edition) + "/vaststellen"} {
		wants(t, w.as("director").post(path, "reason", "x"), 403, "andere functie")
	}
	wants(t, w.as("communications").send(importPath, packed(t, map[string][2]string{"handbook.yaml": second()})), 403, "andere functie")
	wants(t, w.as("communications").post(linksPath), 403)
	wants(t, w.as("administrator").get(peoplePath), 403, "andere functie")
	wants(t, w.as("administrator").post(newPath, "name", "A", "audience", "staff"), 403, "andere functie")
	wants(t, w.as("privacy_officer").get(trailPath), 403, "andere functie")
	w.must(w.people.Disable(t.Context(), "system", w.persons["administrator"].ID))
	wants(t, w.as("administrator").get(peoplePath), 403, "staat uit")
}
