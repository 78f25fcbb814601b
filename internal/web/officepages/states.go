package officepages

import (
	"time"

	"github.com/a-h/templ"

	"ambassadeur/internal/audit"
	"ambassadeur/internal/fault"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/handbook/linkcheck"
	"ambassadeur/internal/people"
	"ambassadeur/internal/web/kit"
	"ambassadeur/internal/web/layout"
)

// sample is an invented world for the gallery.
type sample struct {
	book *handbook.Index
	now  time.Time
	loes kit.Principal // communications
	mens kit.Principal // without an office
}

// States lists every state of these pages. book gives the tables.
func States(book *handbook.Index) []kit.State {
	s := sample{book: book, now: time.Date(2026, 11, 24, 14, 32, 0, 0, time.UTC),
		loes: kit.Principal{PersonID: "sample", Name: "Loes Wijnen", Audiences: []string{"staff"}, Offices: anyOffice(), Strong: true},
		mens: kit.Principal{PersonID: "sample-2", Name: "Ilse Coenen", Audiences: []string{"volunteer"}},
	}
	var out []kit.State
	for _, group := range [][]kit.State{s.work(), s.editions(), s.acts(), s.uploads(), s.tables(), s.persons(), s.trail(), s.links()} {
		out = append(out, group...)
	}
	return out
}

// one is a state as the officer sees it.
func (s sample) one(name string, c templ.Component) kit.State {
	return kit.State{Name: name, Component: c, Who: s.loes}
}

func (s sample) work() []kit.State {
	return []kit.State{
		s.one("work", workPage(tasksFor(anyOffice()), true)),
		s.one("work-weak", workPage(tasksFor(director()), false)),
		{Name: "refused-office", Who: s.mens, Component: layout.Fault(kit.FaultView{Status: 403, Key: "people.not-your-office", Hint: "fault.forbidden-hint"})},
		s.one("refused-weak", layout.Fault(kit.ViewOf(fault.NewForbidden("fault.strong").WithHint("fault.strong-hint")))),
		s.one("refused-none", layout.Fault(kit.ViewOf(fault.NewConflict("edition.fault.none").WithHint("office.none-hint")))),
		s.one("refused-state", layout.Fault(kit.ViewOf(fault.NewConflict("edition.fault.state").WithHint("edition.hint.in_force")))),
	}
}

// edition is one in a state, with the days that come with it.
func (s sample) edition(state handbook.State) handbook.Edition {
	e := handbook.Edition{ID: "sample", Number: 2, State: state, Version: 1, ReviewMonths: 12, ImportedAt: s.now.AddDate(0, -2, 0)}
	if state == handbook.Draft {
		return e
	}
	e.Required, e.ProposedAt = handbook.Bodies(), s.now.AddDate(0, -1, 0)
	if state == handbook.Consultation {
		return e
	}
	e.AdoptedAt = s.now.AddDate(0, 0, -7)
	if state == handbook.AdoptedState {
		return e
	}
	e.PublishedAt, e.ValidFrom = s.now.AddDate(0, 0, -5), s.now.AddDate(0, 0, -5)
	if state != handbook.InForce {
		e.ValidUntil = s.now
	}
	return e
}

func (s sample) advice() []adviceRow {
	return []adviceRow{
		{Body: handbook.WorksCouncil, Outcome: "negative", On: s.now.AddDate(0, 0, -20), Note: "De tekst over foto's is te streng.", Old: true},
		{Body: handbook.WorksCouncil, Outcome: "positive", On: s.now.AddDate(0, 0, -10), Note: "Duidelijk."},
		{Body: handbook.ClientCouncil, Outcome: "none", On: s.now.AddDate(0, 0, -10)},
	}
}

func (s sample) editions() []kit.State {
	view := func(state handbook.State) editionView {
		v := editionView{Edition: s.edition(state), Changes: []string{
			"Nieuw: onderwerp ‘Vraag eerst of iemand op de foto wil’.", "Veranderd: kaart ‘Deel wat je mooi vindt’. Dit is anders: de tekst, het voorbeeld.", "‘Reageer rustig’ was: raden we af. Nu is het: tip."}}
		if len(v.Required) > 0 {
			v.Advice = s.advice()
		}
		v.Acts = actsOf(s.loes, v)
		return v
	}
	waiting := view(handbook.Consultation)
	waiting.Missing = []handbook.Body{handbook.PrivacyOfficer}
	waiting.Acts = actsOf(s.loes, waiting)
	back := view(handbook.Draft)
	back.Comments = []commentRow{{By: "Loes Wijnen", At: s.now, Text: "De tekst over foto's kan korter."}}
	back.Done = "office.done-terug"
	corrected := view(handbook.InForce)
	corrected.Versions = []versionRow{{1, s.now.AddDate(0, 0, -7), "Loes Wijnen", "upload"}, {2, s.now, "Loes Wijnen", "Een tikfout"}}
	corrected.Done = "office.done-verbeteren"
	first := editionView{Edition: s.edition(handbook.InForce), First: true}
	return []kit.State{
		s.one("editions", editionsPage([]editionRow{{"3", 3, handbook.Draft, s.now}, {"2", 2, handbook.InForce, s.now.AddDate(0, 0, -5)}, {"1", 1, handbook.Superseded, s.now.AddDate(-1, 0, 0)}}, true, "")),
		s.one("editions-none", editionsPage(nil, false, "")),
		s.one("edition-draft", editionPage(view(handbook.Draft))),
		s.one("edition-back", editionPage(back)),
		s.one("edition-waiting", editionPage(waiting)),
		s.one("edition-advised", editionPage(view(handbook.Consultation))),
		s.one("edition-adopted", editionPage(view(handbook.AdoptedState))),
		s.one("edition-in-force", editionPage(corrected)),
		s.one("edition-first", editionPage(first)),
		s.one("edition-superseded", editionPage(view(handbook.Superseded))),
		s.one("edition-revoked", editionPage(view(handbook.Revoked))),
	}
}

func (s sample) acts() []kit.State {
	f := actForm{ID: "sample", Number: 2, Bodies: handbook.Bodies(), Advice: handbook.Advice{Body: handbook.WorksCouncil, On: "2026-11-24"}}
	wrong := func(change func(f *actForm), kv ...string) actForm {
		c := f
		c.Errors = kit.Errors{}
		for i := 0; i < len(kv); i += 2 {
			c.Errors[kv[i]] = kv[i+1]
		}
		change(&c)
		return c
	}
	ready := f
	ready.Given = s.advice()[1:]
	missing := f
	missing.Missing = []handbook.Body{handbook.ClientCouncil}
	return []kit.State{
		s.one("propose", proposePage(f)),
		s.one("propose-mistake", proposePage(wrong(func(f *actForm) { f.Bodies = nil }, "bodies", "Kies wie advies geeft."))),
		s.one("advise", advisePage(f)),
		s.one("advise-mistake", advisePage(wrong(func(f *actForm) { f.Advice = handbook.Advice{Note: "Goede tekst.", On: "2027-01-01"} },
			"body", "Kies wie advies gaf.", "outcome", "Kies wat het advies was.", "on", "Kies een dag die al geweest is."))),
		s.one("send-back", reasonPage(actBack, f)),
		s.one("send-back-mistake", reasonPage(actBack, wrong(func(*actForm) {}, "comment", "Schrijf kort waarom."))),
		s.one("adopt", adoptPage(ready)),
		s.one("adopt-early", adoptPage(missing)),
		s.one("publish", publishPage(f)),
		s.one("publish-mistake", publishPage(wrong(func(f *actForm) { f.From, f.FromTime, f.Material = "2027-01-01", "10:00", true }, "valid_from", "Kies een moment tussen het vaststellen en nu."))),
		s.one("revoke", reasonPage(actRevoke, f)),
		s.one("revoke-mistake", reasonPage(actRevoke, wrong(func(*actForm) {}, "reason", "Schrijf kort waarom."))),
	}
}

func (s sample) uploads() []kit.State {
	problems := actForm{ID: "sample", Number: 2, Errors: kit.Errors{"file": "In de map klopt nog iets niet. Kijk in de lijst en pas de bestanden aan."}, Problems: &handbook.Problems{List: []handbook.Problem{
		{File: "cards.yaml", Line: 41, Text: `unknown key "sentense"; did you mean "sentence"?`},
		{File: "chapters/6-tips.yaml", Text: "the file is missing; every handbook has one"},
	}, More: 3}}
	large := actForm{ID: "sample", Number: 2, Text: "Een tikfout", Errors: kit.Errors{"file": "Dit bestand is groter dan 5 MB. Kies een kleiner bestand."}}
	return []kit.State{
		s.one("import", importPage(actForm{})),
		s.one("import-problems", importPage(problems)),
		s.one("import-large", importPage(large)),
		s.one("correct", correctPage(actForm{ID: "sample", Number: 2})),
		s.one("correct-mistake", correctPage(large)),
		s.one("correct-problems", correctPage(problems)),
		s.one("tables-new", uploadTablesPage(actForm{})),
		s.one("tables-new-problems", uploadTablesPage(problems)),
	}
}

func (s sample) tables() []kit.State {
	changes := []string{"Veranderd: functie ‘Bestuurder’. Dit is anders: wie wat mag.", "Nieuw: account ‘Voorbeeld op Facebook’."}
	ready := replacement{Base: 1, Files: map[string]string{"functions.yaml": "eA=="}, Changes: changes}
	moved := ready
	moved.Moved = true
	return []kit.State{
		s.one("tables", tablesPage(tablesView{Projection: s.book.Projection(), Version: 2, Changes: changes, May: true, Done: "office.done-tabellen"})),
		s.one("tables-empty", tablesPage(tablesView{Projection: &handbook.Projection{}})),
		s.one("tables-changes", changesPage(ready)),
		s.one("tables-moved", changesPage(moved)),
		s.one("tables-same", changesPage(replacement{})),
		s.one("reads", readsPage(2, []readsRow{
			{people.Staff, handbook.Counts{Total: 212, Confirmed: 140, Shown: true}},
			{people.Volunteer, handbook.Counts{Total: 9}}, {people.Client, handbook.Counts{}},
		})),
		s.one("reads-none", readsPage(0, nil)),
	}
}

func (s sample) persons() []kit.State {
	functions := []choice{{"communicatie", "Communicatie"}, {"bestuurder", "Bestuurder"}, {"beheerder", "Beheerder van dit programma"}}
	bram := people.Person{ID: "sample", Name: "Bram Smeets", Email: "bram@example.org", Audiences: []people.Audience{people.Staff}, Functions: []string{"communicatie"}}
	rows := []personRow{{"1", "Bram Smeets", "", false}, {"2", "Fem Odekerken", "", true}, {"3", "Karin Claessens", "Bestuurder", false}, {"4", "Loes Wijnen", "Communicatie", false}}
	relations := relationsForm{ID: "sample", Name: "Bram Smeets", Staff: []choice{{"1", "Karin Claessens"}, {"2", "Loes Wijnen"}}}
	for _, kind := range relationKinds() {
		relations.Rows = append(relations.Rows, relationRow{Kind: kind})
	}
	added, wrong := relations, relations
	added.Done = "office.done-mens-nieuw"
	wrong.Errors = kit.Errors{"manager": "Kies eerst wie het is. Kies daarna de vervanger."}
	view := personView{ID: "sample", Name: "Bram Smeets", Email: "bram@example.org", Functions: "Communicatie"}
	off, self, mailed := personView{ID: "sample", Name: "Bram Smeets", Disabled: true, Done: "office.done-mens-uit"}, view, view
	self.Self, mailed.Done = true, "office.done-mens-mail"
	return []kit.State{
		s.one("people", peoplePage(peopleView{Rows: rows})),
		s.one("people-many", peoplePage(peopleView{Rows: rows, More: 240, Done: "office.done-mens-gewist"})),
		s.one("people-none", peoplePage(peopleView{Query: "Niemand"})),
		s.one("person", personPage(view)),
		s.one("person-off", personPage(off)),
		s.one("person-self", personPage(self)),
		s.one("person-mailed", personPage(mailed)),
		s.one("person-new", personFormPage(personForm{Functions: functions})),
		s.one("person-mistake", personFormPage(personForm{Functions: functions, Person: people.Person{Email: "geen adres"}, Errors: kit.Errors{
			"name": "Vul een naam in, van ten hoogste 200 tekens.", "email": "Dit e-mailadres klopt nog niet.", "audience": "Kies ten minste één doelgroep."}})),
		s.one("person-edit", personFormPage(personForm{ID: "sample", Person: bram, Functions: functions})),
		s.one("person-edit-own", personFormPage(personForm{ID: "sample", Person: bram, Functions: functions, Errors: kit.Errors{"functions": "Je kunt je eigen beheer niet uitzetten."}})),
		s.one("relations", relationsPage(added)),
		s.one("relations-mistake", relationsPage(wrong)),
		s.one("person-link", linkPage("sample", "Bram Smeets", "https://ambassadeur.example.org/aanmelden/link/voorbeeld-voorbeeld-voorbeeld-voorbeeld")),
		s.one("person-disable", disablePage(confirmForm{ID: "sample", Name: "Bram Smeets"})),
		s.one("person-erase", erasePage(confirmForm{ID: "sample", Name: "Bram Smeets"})),
		s.one("person-erase-mistake", erasePage(confirmForm{ID: "sample", Name: "Bram Smeets", Typed: "Bram", Errors: kit.Errors{"name": "Dit is een andere naam."}})),
		s.one("person-erase-self", layout.Fault(kit.ViewOf(fault.NewConflict("office.self").WithHint("office.self-hint")))),
	}
}

func (s sample) trail() []kit.State {
	const id = "01934c1f-7a52-7c1e-9f1e-3a0d5c8b7e21"
	entries := []audit.Entry{
		{Seq: 3, At: s.now, Actor: id, Action: "edition.publish", Object: "edition/" + id},
		{Seq: 2, At: s.now.Add(-time.Hour), Actor: id, Action: "session.begin", Object: "person/" + id},
		{Seq: 1, At: s.now.Add(-time.Hour), Actor: audit.System, Action: "some.code_without_words", Object: "audit/list"},
	}
	return []kit.State{
		s.one("trail", trailPage(trailView{Entries: entries, Older: trailPath + "?before=1"})),
		s.one("trail-none", trailPage(trailView{Object: "person/1", Check: &checkView{At: s.now, Whole: true}})),
		s.one("trail-mistake", trailPage(trailView{From: "morgen", Errors: kit.Errors{"from": "Vul een datum in, zoals 24-11-2026."}})),
		s.one("trail-whole", trailPage(trailView{Entries: entries, Check: &checkView{At: s.now, Whole: true, Now: true}})),
		s.one("trail-broken", trailPage(trailView{Entries: entries, Check: &checkView{At: s.now, Seq: 2, Now: true}})),
	}
}

func (s sample) links() []kit.State {
	v := linksView{May: true, Now: s.now, Last: s.now.Add(-2 * time.Hour), Rows: []linkRow{
		{Title: "Beleid voor WhatsApp op het werk", Making: true}, {Title: "Huisregels"}, {Title: "Klachtenregeling", URL: "https://example.org/klachten"},
	}}
	for i, o := range []linkcheck.Outcome{linkcheck.OK, linkcheck.Locked, linkcheck.Busy, linkcheck.Status, linkcheck.Network, linkcheck.Timeout, linkcheck.Redirects, linkcheck.Refused} {
		l := linkcheck.Link{Outcome: o, Status: 404, CheckedAt: s.now.Add(-time.Duration(i+2) * time.Hour)}
		if o == linkcheck.Status {
			l.Failures, l.TaskAt = 2, s.now.AddDate(0, 0, -1)
		}
		v.Rows = append(v.Rows, linkRow{Title: "Gedragscode", URL: "https://example.org/documenten/" + string(o), Known: true, Checked: l})
	}
	asked := linksView{May: true, Now: s.now, Done: "office.done-verwijzingen", Rows: v.Rows[:3]}
	return []kit.State{
		s.one("links", linksPage(v)),
		s.one("links-asked", linksPage(asked)),
		s.one("links-none", linksPage(linksView{Now: s.now})),
	}
}
