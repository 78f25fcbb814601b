package officepages

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/handbook/linkcheck"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/people"
	"ambassadeur/internal/web/kit"
)

// table is one table of the handbook as a zip, with a text replaced.
func table(t *testing.T, name, was, is string) []byte {
	t.Helper()
	b := sgl()["projection/"+name]
	if !bytes.Contains(b, []byte(was)) {
		t.Fatalf("%s does not hold %q", name, was)
	}
	return must(pack(map[string][]byte{name: bytes.Replace(b, []byte(was), []byte(is), 1)}))
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([a-z.]+)" value="([^"]*)"`)

// fields are the hidden fields of a page's own form.
func fields(body string) []string {
	var out []string
	for _, m := range hidden.FindAllStringSubmatch(between(body, "<main", "</main>"), -1) {
		out = append(out, m[1], strings.ReplaceAll(m[2], "&#43;", "+"))
	}
	return out
}

func TestTablesAreShownBeforeTheyAreReplaced(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		comm := w.as("communications")
		wants(t, comm.get(tablesPath), 200, "Vervang tabellen", "Bijgewerkt op 24 november 2026", "Beheerder van dit programma")
		if strings.Contains(wants(t, w.as("director").get(tablesPath), 200), "Vervang tabellen") {
			t.Error("the director is offered to replace tables")
		}
		const path = tablesPath + "/nieuw"
		wants(t, comm.get(path), 200, "Bekijk wat er verandert")
		body := wants(t, comm.send(path, table(t, "functions.yaml", "nl: Bestuurder", "nl: Directeur")), 200, "Er is nog niets vervangen", "Veranderd: functie")
		before := must(w.editions.List(t.Context()))[0].Hash
		if version := w.tables(); version != 1 {
			t.Fatalf("tables %d: replaced before anybody agreed", version)
		}
		leads(t, comm.post(tablesPath+"/vervangen", fields(body)...), tablesPath)
		wants(t, comm.get(tablesPath), 200, "Directeur", "Wat het laatst veranderde", "Veranderd: functie")
		if after := must(w.editions.List(t.Context()))[0].Hash; after != before {
			t.Error("the edition changed with the tables")
		}
		// The page of changes is old now: it is shown anew.
		wants(t, comm.post(tablesPath+"/vervangen", fields(body)...), 409, "Iemand anders verving net een tabel")
		wants(t, comm.send(path, table(t, "functions.yaml", "nl: Bestuurder", "nl: Directeur")), 200, "Er is niets veranderd")
		// The whole folder of a handbook is fine as well: only its tables count.
		wants(t, comm.send(path, packed(t, nil)), 200, "Veranderd: functie")
	})
}

func (w *world) tables() int64 {
	w.t.Helper()
	_, meta, err := w.editions.Current(w.t.Context())
	w.must(err)
	return meta.Projection
}

func TestWrongTablesAreRefused(t *testing.T) {
	w := quick(t)
	comm := w.as("communications")
	const path = tablesPath + "/nieuw"
	for name, tt := range map[string]struct {
		file  []byte
		words string
	}{
		"no table":       {must(pack(map[string][]byte{"cards.yaml": []byte("x: 1")})), "geen tabel die we kennen"},
		"an unknown key": {table(t, "contacts.yaml", "as_of:", "asof:"), "unknown key"},
		"too large":      {must(pack(map[string][]byte{"contacts.yaml": bytes.Repeat([]byte("#"), maxTables+1)})), "128 kB"},
		"another office": {table(t, "functions.yaml", "office: communications", "office: administrator"), "Vraag dit aan een beheerder"},
		"an office more": {table(t, "functions.yaml", "office: director", "office: administrator"), "Vraag dit aan een beheerder"},
		"an office less": {table(t, "functions.yaml", "office: privacy_officer", "hidden: true"), ""},
	} {
		rec := comm.send(path, tt.file)
		wants(t, rec, 422, tt.words)
		if strings.Contains(rec.Body.String(), "/vervangen") {
			t.Errorf("%s: the page offers to go on", name)
		}
	}
	// The confirming form is not believed either.
	raw := bytes.Replace(sgl()["projection/functions.yaml"], []byte("office: communications"), []byte("office: administrator"), 1)
	wants(t, comm.post(tablesPath+"/vervangen", "base", "1", "functions.yaml", base64.StdEncoding.EncodeToString(raw)), 422, "Vraag dit aan een beheerder")
	wants(t, comm.post(tablesPath+"/vervangen", "base", "1", "functions.yaml", "%%%"), 422)
	wants(t, comm.post(tablesPath+"/vervangen"), 422, "geen tabel die we kennen")
	if w.tables() != 1 {
		t.Error("something was replaced")
	}
}

// Counts are shown for five or more, and never for a part of one to four.
func TestCountsHideFew(t *testing.T) {
	w := quick(t)
	e := must(w.editions.List(t.Context()))[0]
	add := func(a people.Audience, n, confirmed int) {
		for i := range n {
			p := must(w.people.Create(t.Context(), "system", people.Person{Name: "Iemand", Audiences: []people.Audience{a}}))
			w.must(w.acks.Invite(t.Context(), p.ID))
			if i < confirmed {
				w.must(w.acks.Confirm(t.Context(), p.ID, e.ID, e.Hash))
			}
		}
	}
	cells := func() string {
		return between(wants(t, w.as("privacy_officer").get(readsPath), 200), "<tbody", "</tbody>")
	}
	if got := cells(); strings.Contains(got, "0") || strings.Count(got, "niet te zien") != 6 {
		t.Errorf("nobody was asked: %s", got)
	}
	add(people.Staff, 12, 5)
	add(people.Client, 4, 4)
	add(people.Volunteer, 8, 6)
	got := cells()
	for _, want := range []string{"12", ">5<", "8"} {
		if !strings.Contains(strings.ReplaceAll(got, "</span>", "><"), want) && !strings.Contains(got, want) {
			t.Errorf("the table lacks %q: %s", want, got)
		}
	}
	if strings.Contains(got, "Iemand") || strings.Count(got, "niet te zien") != 3 { // clients twice, volunteers who confirmed
		t.Errorf("the table says too much: %s", got)
	}
}

func TestTheTrail(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		officer := w.as("privacy_officer")
		e := must(w.editions.List(t.Context()))[0]
		wants(t, officer.get(trailPath), 200, "nog nooit gecontroleerd", "voegde iemand toe", "keek in het spoor", "person/"+w.persons["client"].ID)
		body := wants(t, officer.get(trailPath+"?object=edition%2F"+e.ID), 200, "zette een editie van kracht")
		if strings.Contains(between(body, "<tbody", "</tbody>"), "voegde iemand toe") {
			t.Error("the filter lets other objects through")
		}
		wants(t, officer.get(trailPath+"?from=2026-11-24&to=2026-11-24"), 200, "<tbody")
		wants(t, officer.get(trailPath+"?from=2026-11-25"), 200, "staat niets over")
		wants(t, officer.get(trailPath+"?from=morgen"), 422, "Vul een datum in", `value="morgen"`)
		wants(t, officer.get(trailPath+"?from=2026-11-25&to=2026-11-24"), 422, "die na de eerste komt")
		wants(t, officer.get(trailPath+"?object="+strings.Repeat("a", 251)), 422, "te lang")
		wants(t, officer.get(trailPath+"?before=x&object=%27%3B--"), 200, "staat niets over")

		wants(t, officer.post(trailPath+"/controle"), 200, "Het spoor klopt. Gecontroleerd op dinsdag 24 november 2026", `role="status"`)
		wants(t, officer.get(trailPath), 200, "Het spoor klopt. Gecontroleerd op", "controleerde het spoor")
		w.must(w.db.Write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			_, err := db.Exec(ctx, tx, `update audit_head set hash = $1`, []byte("another"))
			return err
		}))
		wants(t, officer.post(trailPath+"/controle"), 200, "Het spoor klopt niet", "Vanaf regel")
		wants(t, officer.get(trailPath), 200, "Het spoor klopt niet")
		for range trailPerPage {
			wants(t, officer.get(trailPath+"?object=audit%2Flist"), 200)
		}
		older := between(wants(t, officer.get(trailPath+"?object=audit%2Flist"), 200, "Ga naar oudere regels"), `class="more" href="`, `"`)
		wants(t, officer.get(strings.ReplaceAll(older, "&amp;", "&")), 200, "<tbody")
	})
}

func TestReferencesAndTheirLinks(t *testing.T) {
	w := quick(t)
	comm := w.as("communications")
	wants(t, comm.get(linksPath), 200, "Gedragscode van SGL", "In de maak", "Zonder link", "nog niet naar de links gekeken")
	id := w.newEdition(map[string][2]string{"references.yaml": {"    status: available\n", "    status: available\n    url: https://example.org/gedragscode\n"}})
	w.inForce(id)
	wants(t, comm.get(linksPath), 200, "https://example.org/gedragscode", "Nog niet bekeken")
	l := linkcheck.Link{Reference: "gedragscode", URL: "https://example.org/gedragscode", Outcome: linkcheck.Status, Status: 404, Failures: 2, CheckedAt: w.now.Add(-2 * time.Hour), TaskAt: w.now}
	w.links = []linkcheck.Link{l}
	wants(t, comm.get(linksPath), 200, "Geeft een foutpagina (404)", "werkt niet meer", "2 uur geleden")
	if strings.Contains(wants(t, w.as("administrator").get(linksPath), 200, "(404)"), "Kijk nu naar alle links") {
		t.Error("the administrator is offered what only communications does")
	}
	for _, outcome := range []linkcheck.Outcome{linkcheck.OK, linkcheck.Locked, linkcheck.Busy, linkcheck.Network, linkcheck.Timeout, linkcheck.Redirects, linkcheck.Refused} {
		w.links[0].Outcome = outcome
		wants(t, comm.get(linksPath), 200)
	}
	w.links[0].URL = "https://example.org/oud"
	wants(t, comm.get(linksPath), 200, "Nog niet bekeken")
	leads(t, comm.post(linksPath), linksPath)
	if w.asked != 1 {
		t.Errorf("asked %d times", w.asked)
	}
}

// inForce takes an edition its whole way without much ado.
func (w *world) inForce(id string) {
	w.t.Helper()
	comm, dir, path := w.as("communications"), w.as("director"), editionPath(id)
	leads(w.t, comm.post(path+"/overleg", "bodies", "works_council"), path)
	leads(w.t, comm.post(path+"/advies", "body", "works_council", "outcome", "positive", "on", "2026-11-24"), path)
	leads(w.t, dir.post(path+"/vaststellen"), path)
	w.now = w.now.Add(time.Minute)
	leads(w.t, comm.post(path+"/van-kracht", "material", "nee"), path)
}

// Every state renders in both languages with every message there.
func TestStatesAreWhole(t *testing.T) {
	w := quick(t)
	index, _, err := w.editions.Current(t.Context())
	w.must(err)
	seen := map[string]bool{}
	for _, s := range States(index) {
		if seen[s.Name] {
			t.Errorf("two states are called %q", s.Name)
		}
		seen[s.Name] = true
		for _, lang := range i18n.Langs() {
			var buf bytes.Buffer
			env := &kit.Env{Asset: func(name string) string { return name }, Who: s.Who, Display: kit.Display{Lang: lang}}
			if err := s.Component.Render(kit.With(t.Context(), env), &buf); err != nil {
				t.Errorf("%s: %v", s.Name, err)
			}
			if body := buf.String(); strings.Contains(body, "⟦") || strings.Contains(body, "placeholder=") || strings.Contains(body, "style=") {
				t.Errorf("%s in %s: a message is missing, or a placeholder or style is there: %s", s.Name, lang, between(body, "⟦", "⟧"))
			}
		}
	}
}
