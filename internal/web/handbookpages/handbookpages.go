// Package handbookpages has the pages on which people read the handbook: its
// chapters, who speaks for us, follow us, the do and don't cards, the guides,
// the decision helpers, the references, the open ends, search, the sheets for
// paper, what changed, and "I have read it".
//
// Every page is made from the edition that is read now (Deps.Book). One file holds
// one page or one action, its template beside it. What a reader chose about
// themselves, the audience, comes from kit.Display and never from an address.
//
// Start reading at Routes, then chapter.go.
package handbookpages

import (
	"context"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/web/kit"
)

// Deps is what the pages need.
type Deps struct {
	// Book returns the edition that people read now, with the tables beside
	// it. It is asked on every request and must be cheap; the Index stays the
	// same value for as long as nothing in it changes. An edition that is not
	// in force is shown as a proposal.
	Book     func(ctx context.Context) (*handbook.Index, handbook.EditionMeta, error)
	Readings Readings
	// Changes lists what an edition changes against the one before it; a
	// first edition changes nothing.
	Changes func(ctx context.Context, editionID string) ([]handbook.Change, error)
}

// Readings remembers who said "I have read it", each time about one edition.
type Readings interface {
	// Invite opens the possibility for a person; a second time changes nothing.
	Invite(ctx context.Context, person string) error
	// Of returns how far the person is with an edition.
	Of(ctx context.Context, person, edition string) (handbook.Acknowledgement, error)
	// Confirm records it for the text with this hash. A second time changes
	// nothing.
	Confirm(ctx context.Context, person, edition, hash string) error
}

// Addresses of the pages.
const (
	handbookPath   = "/handboek"
	printPath      = "/handboek/afdrukken"
	readPath       = "/handboek/gelezen"
	changesPath    = "/handboek/veranderd"
	officersPath   = "/wie-spreekt-namens-ons"
	followPath     = "/volg-ons"
	cardsPath      = "/kaarten"
	guidesPath     = "/handleidingen"
	checklistsPath = "/open-profiel"
	helpersPath    = "/keuzehulp"
	referencesPath = "/verwijzingen"
	openEndsPath   = "/open-einden"
	searchPath     = "/zoeken"
	noticePath     = "/prikbord"

	whoAreYouPath = "/wie-ben-je" // of the pages of settings: POST audience, back
	askPath       = "/vragen"     // of the pages of help
	signInPath    = "/aanmelden"
)

// Routes registers the pages.
func Routes(rt *kit.Router, d Deps) {
	p := &pages{Deps: d}
	rt.Handle("GET "+handbookPath, p.chapters)
	rt.Handle("GET "+handbookPath+"/{chapter}", p.chapter)
	rt.Handle("GET "+handbookPath+"/{chapter}/{section}", p.chapter)
	rt.Handle("GET "+printPath, p.print)
	rt.Handle("GET "+changesPath, p.changes)
	rt.Handle("GET "+readPath, p.showRead)
	rt.Handle("POST "+readPath, p.confirmRead)
	rt.Handle("GET "+officersPath, p.officers)
	rt.Handle("GET "+followPath, p.follow)
	rt.Handle("GET "+cardsPath, p.cards)
	rt.Handle("GET "+guidesPath, p.guides)
	rt.Handle("GET "+guidesPath+"/{guide}", p.guide)
	rt.Handle("GET "+checklistsPath+"/{checklist}", p.checklist)
	rt.Handle("GET "+helpersPath, p.helpers)
	rt.Handle("GET "+helpersPath+"/{helper}", p.helperStart)
	rt.Handle("POST "+helpersPath+"/{helper}", p.helperAnswer)
	rt.Handle("GET "+referencesPath, p.references)
	rt.Handle("GET "+openEndsPath, p.openEnds)
	rt.Handle("GET "+searchPath, p.search)
	rt.Handle("GET "+noticePath, p.notice)
}

// pages holds the handlers.
type pages struct {
	Deps
	bodies bodies
	news   news
}

// reading is an edition as one reader sees it: in a language, for an audience.
type reading struct {
	Index    *handbook.Index
	Edition  handbook.EditionMeta
	lang     i18n.Lang
	audience handbook.Audience // empty: everything
}

// inForce says whether the edition holds; every page says so when it does not.
func (r reading) inForce() bool { return r.Edition.State == handbook.InForce }

// audienceOf turns the choice that is kept with the display into an audience;
// anything unknown shows everything.
func audienceOf(choice string) handbook.Audience {
	for _, a := range handbook.Audiences() {
		if choice == string(a) {
			return a
		}
	}
	return ""
}

// say is a text without markup, in the reader's language.
func (r reading) say(t handbook.Text) string { return t.In(r.lang) }

// html is a text with its bold words and links.
func (r reading) html(t handbook.Text) templ.Component { return templ.Raw(r.Index.HTML(t, r.lang)) }

// shows says whether something for these audiences is for the reader.
func (r reading) shows(list []handbook.Audience) bool {
	return r.audience == "" || len(list) == 0 || handbook.Has(list, r.audience)
}

// date says a day of the handbook, "2026-11-24", in words.
func (r reading) date(day string) string {
	t, err := time.ParseInLocation(time.DateOnly, day, i18n.Zone())
	if err != nil {
		return day // the loader checks days; a text is better than none
	}
	return i18n.For(r.lang).ShortDate(t)
}

// read returns the edition for the reader of a request.
func (p *pages) read(r *http.Request) (reading, error) {
	ctx := r.Context()
	index, edition, err := p.Book(ctx)
	if err != nil {
		return reading{}, err
	}
	return reading{index, edition, kit.Lang(ctx), audienceOf(kit.DisplayOf(ctx).Audience)}, nil
}

// show renders a page made from the book.
func (p *pages) show(w http.ResponseWriter, r *http.Request, page func(reading) templ.Component) error {
	book, err := p.read(r)
	if err != nil {
		return err
	}
	return kit.Render(w, r, http.StatusOK, page(book))
}

// missing is the answer for a piece that this edition does not have.
func missing() error {
	return fault.NewNotFound("book.not-found").WithHint("book.not-found-hint")
}
