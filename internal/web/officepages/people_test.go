package officepages

import (
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/people"
)

// aboutClients are the words that only the form of one person may hold.
var aboutClients = regexp.MustCompile(`(?i)cli[eë]nt|client|audience|doelgroep|groep|medewerker|vrijwilliger|begeleider`)

// secretFree fails when a page says in which audience somebody is.
func secretFree(t *testing.T, label string, rec *httptest.ResponseRecorder) {
	t.Helper()
	body := rec.Body.String()
	parts := map[string]string{"page": between(body, "<main", "</main>"), "title": between(body, "<title>", "</title>"), "address": rec.Header().Get("Location")}
	for where, text := range parts {
		// What the page offers for everybody alike says nothing about anybody.
		for _, same := range []string{"Naam, e-mail, groepen en functies.", "Wie helpt deze persoon?"} {
			text = strings.ReplaceAll(text, same, "")
		}
		if found := aboutClients.FindString(text); found != "" {
			t.Errorf("%s: the %s holds %q", label, where, found)
		}
	}
}

// That somebody is a client stands on their own form and nowhere else.
func TestNoListSaysWhoIsAClient(t *testing.T) {
	w := quick(t)
	admin, riet := w.as("administrator"), w.persons["client"].ID
	p := w.persons["client"]
	p.Relations = []people.Relation{{Kind: people.SupportWorker, To: w.persons["staff"].ID}}
	w.must(w.people.Update(t.Context(), "system", p))

	for _, path := range []string{peoplePath, peoplePath + "?q=riet", personPath(riet), personPath(riet) + "?klaar=mens",
		personPath(riet) + "/uitzetten", personPath(riet) + "/wissen", trailPath, trailPath + "?object=person%2F" + riet} {
		rec := admin.get(path)
		wants(t, rec, 200)
		secretFree(t, path, rec)
	}
	secretFree(t, "link", admin.post(personPath(riet)+"/link"))
	secretFree(t, "mail", admin.post(personPath(riet)+"/mail"))
	secretFree(t, "wrong name", admin.post(personPath(riet)+"/wissen", "name", "x"))
	for _, audience := range []string{"client", "staff", "volunteer"} {
		rec := admin.post(newPath, "name", "Nieuw Mens", "audience", audience)
		leads(t, rec, peoplePath)
		secretFree(t, "add "+audience, rec)
		id := idOf(strings.TrimSuffix(strings.Split(rec.Header().Get("Location"), "?")[0], "/relaties"))
		rec = admin.post(personPath(id)+"/wijzigen", "name", "Nieuw Mens", "audience", audience)
		secretFree(t, "edit "+audience, rec)
		rec = admin.post(personPath(id)+"/relaties", "support_worker", w.persons["staff"].ID)
		secretFree(t, "relations "+audience, rec)
	}
	// The list is the same for everybody, word for word but the name.
	rows := regexp.MustCompile(`(?s)<li class="t-plain">.*?</li>`).FindAllString(wants(t, admin.get(peoplePath+"?q=nieuw"), 200), -1)
	id := regexp.MustCompile(`/werk/mensen/[0-9a-f-]+`)
	for i := range rows {
		rows[i] = id.ReplaceAllString(rows[i], "")
	}
	slices.Sort(rows)
	if len(rows) != 3 || len(slices.Compact(rows)) != 1 {
		t.Errorf("the rows differ: %q", rows)
	}
	wants(t, admin.get(personPath(riet)+"/wijzigen"), 200, "Cliënt")
}

func TestAPersonIsAddedAndChanged(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		admin, staff := w.as("administrator"), w.persons["staff"]
		wants(t, admin.get(newPath), 200, "Voeg iemand toe", "Beheerder van dit programma")
		wants(t, admin.post(newPath, "name", "", "audience", "client"), 422, "Vul een naam in")
		wants(t, admin.post(newPath, "name", "Yara Frissen"), 422, "ten minste één doelgroep", `value="Yara Frissen"`)
		wants(t, admin.post(newPath, "name", "Yara Frissen", "audience", "boss"), 422)
		wants(t, admin.post(newPath, "name", "Yara Frissen", "audience", "staff", "email", "loes@example.org"), 422, "hoort al bij iemand anders", `value="loes@example.org"`)
		to := leads(t, admin.post(newPath, "name", "Yara Frissen", "audience", "staff", "functions", "communicatie", "functions", "made-up"), peoplePath)
		id := strings.Split(strings.TrimPrefix(to, peoplePath+"/"), "/")[0]
		yara := must(w.people.Get(t.Context(), id))
		if !slices.Equal(yara.Functions, []string{"communicatie"}) || yara.Email != "" || !yara.In(people.Staff) {
			t.Errorf("added: %+v", yara)
		}

		wants(t, admin.get(to), 200, "De persoon is toegevoegd", "Loes Wijnen")
		path := personPath(id) + "/relaties"
		wants(t, admin.post(path, "manager_deputy", staff.ID), 422, "Kies eerst wie het is")
		wants(t, admin.post(path, "manager", staff.ID, "manager_deputy", staff.ID), 422, "Kies als vervanger iemand anders")
		wants(t, admin.post(path, "manager", w.persons["client"].ID), 422, "Kies iemand uit de lijst")
		wants(t, admin.post(path, "manager", id), 422, "Kies iemand uit de lijst")
		wants(t, admin.post(path, "manager", "nobody"), 422, "Kies iemand uit de lijst")
		leads(t, admin.post(path, "manager", staff.ID, "manager_deputy", w.persons["director"].ID), personPath(id))
		yara = must(w.people.Get(t.Context(), id))
		if r, ok := yara.Relation(people.Manager); !ok || r.To != staff.ID || r.Deputy != w.persons["director"].ID {
			t.Errorf("relations: %+v", yara.Relations)
		}
		// Who stands there stays, also when they are no longer on the list.
		w.must(w.people.Disable(t.Context(), "system", staff.ID))
		wants(t, admin.get(path), 200, staff.Name)
		leads(t, admin.post(path, "manager", staff.ID), personPath(id))

		wants(t, admin.post(personPath(id)+"/wijzigen", "name", "Yara Frissen", "audience", "staff", "email", "geen adres"), 422, "klopt nog niet", `value="geen adres"`)
		leads(t, admin.post(personPath(id)+"/wijzigen", "name", "Yara F.", "audience", "volunteer"), personPath(id))
		yara = must(w.people.Get(t.Context(), id))
		if yara.Name != "Yara F." || len(yara.Functions) != 0 || len(yara.Relations) != 1 || yara.In(people.Staff) {
			t.Errorf("changed: %+v", yara)
		}
		wants(t, admin.get(peoplePath+"/nobody"), 404)
	})
}

func TestLinksOffAndErase(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		admin, staff, self := w.as("administrator"), w.persons["staff"], w.persons["administrator"]
		rec := admin.post(personPath(staff.ID) + "/link")
		wants(t, rec, 200, "http://localhost:8080/aanmelden/link/", "Je ziet de link alleen nu")
		if rec.Header().Get("Cache-Control") != "no-store" {
			t.Error("the link may be kept")
		}
		leads(t, admin.post(personPath(staff.ID)+"/mail"), personPath(staff.ID))
		wants(t, admin.get(trailPath+"?object=person%2F"+staff.ID), 200, "maakte een link om aan te melden", "stuurde een link om aan te melden", self.ID)

		none := must(w.people.Create(t.Context(), "system", people.Person{Name: "Zonder Mail", Audiences: []people.Audience{people.Client}}))
		wants(t, admin.post(personPath(none.ID)+"/mail"), 409, "geen e-mailadres")

		wants(t, admin.get(personPath(self.ID)+"/uitzetten"), 409, "niet bij jezelf")
		wants(t, admin.post(personPath(self.ID)+"/uitzetten"), 409)
		wants(t, admin.post(personPath(self.ID)+"/wissen", "name", self.Name), 409)
		wants(t, admin.post(personPath(self.ID)+"/wijzigen", "name", self.Name, "audience", "staff"), 422, "je eigen beheer niet uitzetten")

		wants(t, admin.get(personPath(staff.ID)+"/uitzetten"), 200, "Bram Smeets")
		leads(t, admin.post(personPath(staff.ID)+"/uitzetten"), personPath(staff.ID))
		wants(t, admin.get(personPath(staff.ID)), 200, "Het account staat uit")
		wants(t, admin.post(personPath(staff.ID)+"/link"), 409, "staat uit")

		wants(t, admin.post(personPath(staff.ID)+"/wissen", "name", "Bram"), 422, "Dit is een andere naam", `value="Bram"`)
		leads(t, admin.post(personPath(staff.ID)+"/wissen", "name", " bram  smeets"), peoplePath+"?klaar=mens-gewist")
		if _, err := w.people.Get(t.Context(), staff.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("erased person: %v", err)
		}
	})
}

func TestALongListAsksForAName(t *testing.T) {
	w := quick(t)
	for range maxListed {
		must(w.people.Create(t.Context(), "system", people.Person{Name: "Veel Mensen", Audiences: []people.Audience{people.Volunteer}}))
	}
	body := wants(t, w.as("administrator").get(peoplePath), 200, "Zoek op naam")
	if n := strings.Count(body, `<li class="t-plain">`); n != maxListed || !strings.Contains(body, "Er zijn nog 6 namen") {
		t.Errorf("%d rows", n)
	}
	wants(t, w.as("administrator").get(peoplePath+"?q=VAESSEN"), 200, "Riet Vaessen")
	wants(t, w.as("administrator").get(peoplePath+"?q=%3Cscript%3E"), 200, "We vonden niemand", "&lt;script&gt;")
}
