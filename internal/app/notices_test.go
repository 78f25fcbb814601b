package app

import (
	"net/http"
	"strings"
	"testing"
)

// The page on which somebody says how they want to be told, and the notice on
// the start page, through the whole product and without JavaScript.
func TestAPersonChoosesHowToBeToldAndSeesANotice(t *testing.T) {
	a := open(t, nil)
	b := browse(t, a)
	const path = "/mijn/berichten"
	if status, _ := b.get(path); status != http.StatusForbidden {
		t.Errorf("a visitor: status %d", status)
	}
	links, err := a.Demonstrate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	person := links[0].Description
	b.get(strings.TrimPrefix(links[0].URL, a.Config.BaseURL))
	if status, _ := b.post("/aanmelden/link", nil); status != http.StatusOK {
		t.Fatalf("sign in: status %d", status)
	}
	if _, body := b.get("/mijn"); !strings.Contains(body, `href="`+path+`"`) {
		t.Error("the own page does not lead there")
	}
	if status, body := b.get(path); status != http.StatusOK || strings.Contains(body, "⟦") {
		t.Errorf("status %d", status)
	}
	form := map[string]string{"channel": "mail", "pace": "daily", "quiet": "1", "quiet_from": "20:00", "quiet_to": "acht", "about": "answer"}
	if status, body := b.post(path, form); status != http.StatusUnprocessableEntity || !strings.Contains(body, `value="acht"`) || !strings.Contains(body, "Kies een tijd") {
		t.Errorf("a time that is none: status %d", status)
	}
	form["quiet_to"] = "20:00"
	if status, body := b.post(path, form); status != http.StatusUnprocessableEntity || !strings.Contains(body, "Kies een andere tijd") {
		t.Errorf("the same hours: status %d", status)
	}
	form["quiet_to"] = "09:30"
	if status, body := b.post(path, form); status != http.StatusOK || !strings.Contains(body, "Je keuze is bewaard") {
		t.Errorf("saving: status %d", status)
	}
	p, err := a.Notify.Preferences(t.Context(), person)
	if err != nil || !p.Daily || p.QuietFrom != 20*60 || p.QuietTo != 9*60+30 || len(p.Silent) != 3 || p.YearlyCard {
		t.Errorf("%+v, %v", p, err)
	}

	tell(t, a, person)
	_, body := b.get("/")
	if !strings.Contains(body, "Er is een antwoord voor je.") {
		t.Error("the start page does not tell")
	}
	notices, err := a.Notify.List(t.Context(), person, 1)
	if err != nil || len(notices) != 1 {
		t.Fatalf("%+v, %v", notices, err)
	}
	if status, body := b.post("/bericht/gezien", map[string]string{"notice": notices[0].ID}); status != http.StatusOK || strings.Contains(body, "Er is een antwoord voor je.") {
		t.Errorf("seen: status %d", status)
	}
}
