package handbookpages

import (
	"context"
	"io"
	"time"

	"github.com/a-h/templ"

	"ambassadeur/internal/handbook"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/web/kit"
)

// States lists the states of these pages with a handbook, for the gallery and
// the accessibility tests: every page, and every answer that a page can give.
func States(x *handbook.Index) []kit.State {
	g := samples{x: x, since: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	g.readingPages()
	g.cardPages()
	g.guidePages()
	g.helperPages()
	g.searchPages()
	g.readPages()
	g.changePages()
	return g.states
}

// samples collects states.
type samples struct {
	x      *handbook.Index
	since  time.Time
	states []kit.State
}

// reading is the handbook as somebody of an audience reads it in the language
// of the page.
func (g *samples) reading(lang i18n.Lang, state handbook.State, a handbook.Audience) reading {
	return reading{
		Index:    g.x,
		Edition:  handbook.EditionMeta{Edition: handbook.Edition{ID: "edition", Number: 1, State: state, Hash: g.x.Hash(), ValidFrom: g.since}},
		lang:     lang,
		audience: a,
	}
}

// add adds a state of a page of the edition in force that shows everything.
func (g *samples) add(name string, page func(reading) templ.Component) {
	g.addFor(name, handbook.InForce, "", page)
}

func (g *samples) addFor(name string, state handbook.State, a handbook.Audience, page func(reading) templ.Component) {
	g.states = append(g.states, kit.State{
		Name: name,
		Component: inLanguage(func(lang i18n.Lang) templ.Component {
			return page(g.reading(lang, state, a))
		}),
		Who:     kit.Principal{PersonID: "sample", Name: "Marieke"},
		Display: kit.Display{Lang: i18n.NL, Audience: string(a)},
	})
}

// leafOf is a page of the book without the memory of bodies.
func leafOf(l leaf) func(reading) templ.Component {
	return func(r reading) templ.Component { return chapterPage(r, l, chapterBody(r, l)) }
}

func (g *samples) readingPages() {
	g.add("chapters", chaptersPage)
	g.addFor("chapters-proposal", handbook.Consultation, "", chaptersPage)
	all := leaves(g.x.Content())
	longest := all[0]
	for _, l := range all {
		name := "chapter-" + l.chapter.ID
		if l.section != nil {
			name += "-" + l.section.ID
		}
		g.add(name, leafOf(l))
		if size(l) > size(longest) {
			longest = l
		}
	}
	g.addFor("chapter-for-clients", handbook.InForce, handbook.Client, leafOf(longest))
	g.addFor("chapter-for-volunteers", handbook.InForce, handbook.Volunteer, leafOf(longest))
	g.addFor("chapter-proposal", handbook.Draft, "", leafOf(all[len(all)-1]))
	g.add("officers", officersPage)
	g.add("follow", followPage)
	g.add("references", referencesPage)
	g.add("open-ends", openEndsPage)
	g.add("print", printPage)
	g.add("notice", noticePage)
}

func size(l leaf) int {
	n := 0
	for _, s := range l.sections() {
		n += len(s.Ideas)
	}
	return n
}

func (g *samples) cardPages() {
	g.add("cards", cardsPage)
	g.addFor("cards-for-staff", handbook.InForce, handbook.Staff, cardsPage)
}

func (g *samples) guidePages() {
	g.add("guides", guidesPage)
	guides := g.x.Content().Guides
	for i := range guides {
		g.add("guide-"+guides[i].ID, func(r reading) templ.Component { return guidePage(r, &guides[i]) })
	}
	lists := g.x.Content().Checklists
	for i := range lists {
		g.add("checklist-"+lists[i].ID, func(r reading) templ.Component { return checklistPage(r, &lists[i]) })
	}
}

// helperPages shows of each helper the first question and of each strength one
// outcome; of the first helper also the second question and a form without an
// answer.
func (g *samples) helperPages() {
	g.add("helpers", helpersPage)
	shown := map[handbook.Strength]bool{}
	helpers := g.x.Content().Helpers
	for i := range helpers {
		h := &helpers[i]
		g.add("question-"+h.ID, func(r reading) templ.Component { return questionPage(r, walk(r.Index, h, nil), nil) })
		for _, j := range journeys(g.x, h) {
			if s := j.outcome.Strength; !shown[s] {
				shown[s] = true
				g.add("outcome-"+strengthName(s), func(r reading) templ.Component { return outcomePage(r, j) })
			}
			if i == 0 && len(j.steps) > 1 && !g.has("question-second") {
				second := walk(g.x, h, j.given()[:1])
				g.add("question-second", func(r reading) templ.Component { return questionPage(r, second, nil) })
				g.add("question-back", func(r reading) templ.Component { return questionPage(r, second.back(), nil) })
				g.add("question-without-answer", func(r reading) templ.Component {
					wrong := kit.Errors{answerField: i18n.For(r.lang).T("book.choose-one")}
					return questionPage(r, second, wrong)
				})
			}
		}
	}
}

func (g *samples) has(name string) bool {
	for _, s := range g.states {
		if s.Name == name {
			return true
		}
	}
	return false
}

func strengthName(s handbook.Strength) string {
	if s == "" {
		return "explained"
	}
	return string(s)
}

// journeys are all ways through a helper, each to its outcome. A question that
// was asked before ends a way, so a helper with a circle ends too.
func journeys(x *handbook.Index, h *handbook.Helper) []journey {
	var out []journey
	var follow func(given []string, seen map[string]bool)
	follow = func(given []string, seen map[string]bool) {
		j := walk(x, h, given)
		if j.outcome != nil {
			out = append(out, j)
			return
		}
		if j.question == nil || seen[j.question.ID] {
			return
		}
		seen[j.question.ID] = true
		for _, a := range j.question.Answers {
			follow(append(j.given(), j.question.ID+":"+a.ID), seen)
		}
		delete(seen, j.question.ID)
	}
	follow(nil, map[string]bool{})
	return out
}

func (g *samples) searchPages() {
	find := func(query string) func(reading) templ.Component {
		return func(r reading) templ.Component {
			return searchPage(r, query, r.Index.Search(query, r.lang, r.audience))
		}
	}
	g.add("search", func(r reading) templ.Component { return searchPage(r, "", nil) })
	g.add("search-found", find("foto"))
	g.add("search-nothing", find("zzqx"))
	g.addFor("search-nothing-for-clients", handbook.InForce, handbook.Client, find("zzqx"))
}

func (g *samples) readPages() {
	g.add("read-not-yet", func(r reading) templ.Component { return readPage(r, readState{signedIn: true}) })
	g.add("read-confirmed", func(r reading) templ.Component { return readPage(r, readState{signedIn: true, confirmed: g.since}) })
	g.add("read-before", func(r reading) templ.Component { return readPage(r, readState{signedIn: true, before: g.since}) })
	g.addFor("read-proposal", handbook.Draft, "", func(r reading) templ.Component { return readPage(r, readState{signedIn: true}) })
	g.add("read-visitor", func(r reading) templ.Component { return readPage(r, readState{}) })
	g.states[len(g.states)-1].Who = kit.Principal{}
}

// inLanguage makes a component in the language of the page that shows it.
func inLanguage(page func(i18n.Lang) templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return page(kit.Lang(ctx)).Render(ctx, w)
	})
}
