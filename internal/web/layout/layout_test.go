package layout

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"ambassadeur/internal/i18n"
	"ambassadeur/internal/web/kit"
)

func page(t *testing.T, env kit.Env, c templ.Component) string {
	t.Helper()
	if env.Asset == nil {
		env.Asset = func(name string) string { return "/bestanden/" + name }
	}
	var b strings.Builder
	if err := c.Render(kit.With(context.Background(), &env), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func sampleSite() kit.Site {
	return kit.Site{Name: "Ambassadeur", Organisation: "De Linde", Demo: true, Contact: kit.Contact{Department: "Communicatie", Phone: "088 000 00 00", Email: "hulp@example.org"}}
}

func TestChoicesOfTheReaderAreInTheFirstPaint(t *testing.T) {
	html := page(t, kit.Env{Site: sampleSite(), Display: kit.Display{Lang: i18n.EN, Size: "groter", Calm: true, Theme: "dark"}}, Page(Props{Title: "Follow us"}))
	start := html[:strings.Index(html, "<head>")]
	for _, want := range []string{`lang="en"`, `data-theme="dark"`, `data-size="groter"`, ` data-calm`} {
		if !strings.Contains(start, want) {
			t.Errorf("%s is missing in %s", want, start)
		}
	}
	if plain := page(t, kit.Env{}, Page(Props{Title: "Volg ons"})); strings.Contains(plain[:strings.Index(plain, "<head>")], "data-") {
		t.Error("without a choice nothing may be set")
	}
}

func TestTitleBeginsWithThePageAndTellsTheStep(t *testing.T) {
	html := page(t, kit.Env{Site: sampleSite()}, Page(Props{Title: "Ken je deze persoon?", Step: 2, Steps: 4}))
	if !strings.Contains(html, "<title>Ken je deze persoon? – Stap 2 van 4 – Ambassadeur</title>") {
		t.Error(html[:strings.Index(html, "</title>")])
	}
}

func TestHelpAndContactStandOnEveryPage(t *testing.T) {
	for name, c := range map[string]templ.Component{
		"page":  Page(Props{Title: "Iets"}),
		"fault": Fault(kit.FaultView{Key: "fault.not-found", Hint: "fault.not-found-hint"}),
	} {
		html := page(t, kit.Env{Site: sampleSite()}, c)
		for _, want := range []string{`aria-labelledby="help"`, "tel:0880000000", "mailto:hulp@example.org", `class="demo"`} {
			if !strings.Contains(html, want) {
				t.Errorf("%s: %s is missing", name, want)
			}
		}
	}
	if html := page(t, kit.Env{Site: sampleSite()}, Print(Props{Title: "Iets"})); !strings.Contains(html, "088 000 00 00") {
		t.Error("print: the contact block is missing")
	}
}

func TestFormsOfTheFrameLeadBackToThePage(t *testing.T) {
	html := page(t, kit.Env{Site: sampleSite(), Path: "/handboek/tips"}, Page(Props{Title: "Tips"}))
	if n := strings.Count(html, `name="back" value="/handboek/tips"`); n != 2 {
		t.Errorf("%d forms lead back, want 2 (Scherm and language)", n)
	}
}

func TestManifestNamesTheSite(t *testing.T) {
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", ManifestPath, nil)
	env := &kit.Env{Site: sampleSite(), Asset: func(name string) string { return "/bestanden/" + name }}
	if err := Manifest(w, r.WithContext(kit.With(r.Context(), env))); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Name  string `json:"name"`
		Icons []struct{ Src string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Name != "Ambassadeur" || len(got.Icons) != 4 {
		t.Errorf("got %s (%v)", w.Body, err)
	}
}
