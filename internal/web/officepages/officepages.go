// Package officepages holds the pages on which officers do their work: the
// editions of the handbook, the tables beside it, who read it (counts only),
// the people, the audit trail and the links of references.
//
// Every page but the first needs an office and a strong session. The guard of
// a route asks that of the session; every act asks it once more of the
// database, and the services behind it have rules of their own.
//
// That somebody is a client stands on the form of that one person, for the
// administrator who sets it, and nowhere else: in no list, title, address or
// message.
//
// Start reading at Deps, then routes.
package officepages

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"ambassadeur/internal/audit"
	"ambassadeur/internal/fault"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/handbook/linkcheck"
	"ambassadeur/internal/people"
	"ambassadeur/internal/web/kit"
)

// People is what the pages need of persons; *people.Service has it. Disable
// and Erase must reach what other parts keep of the person as well.
type People interface {
	Get(ctx context.Context, id string) (people.Person, error)
	Name(ctx context.Context, id string) (string, error)
	List(ctx context.Context) ([]people.Summary, error)
	InAudience(ctx context.Context, a people.Audience) ([]string, error)
	Create(ctx context.Context, actor string, p people.Person) (people.Person, error)
	Update(ctx context.Context, actor string, p people.Person) error
	Disable(ctx context.Context, actor, personID string) error
	Erase(ctx context.Context, actor, personID string) error
	SignInLink(ctx context.Context, personID string) (string, error)
	AskLink(ctx context.Context, email, network, device string) (string, error)
}

// Trail is the audit; *audit.Log has it.
type Trail interface {
	List(ctx context.Context, reader string, f audit.Filter) ([]audit.Entry, error)
	Verify(ctx context.Context) (audit.Report, error)
}

// Deps is what the pages need, wired in internal/app.
type Deps struct {
	Editions *handbook.Editions
	// Counts says how a group stands with reading an edition.
	Counts func(ctx context.Context, edition string, people []string) (handbook.Counts, error)
	People People
	Trail  Trail
	// Record adds a line to the audit trail for an act that no service records.
	Record func(ctx context.Context, actor, action, object string) error
	// Links lists what the link check found.
	Links func(ctx context.Context) ([]linkcheck.Link, error)
	// CheckLinks asks for a check of all links now.
	CheckLinks func(ctx context.Context) error
	// Now may be nil: the clock of the machine.
	Now func() time.Time
}

// Addresses of the pages.
const (
	workPath     = "/werk"
	editionsPath = "/werk/edities"
	importPath   = "/werk/edities/nieuw"
	tablesPath   = "/werk/tabellen"
	readsPath    = "/werk/gelezen"
	peoplePath   = "/werk/mensen"
	newPath      = "/werk/mensen/nieuw"
	trailPath    = "/werk/spoor"
	linksPath    = "/werk/verwijzingen"
	ownPath      = "/mijn"
	signInPath   = "/aanmelden"
)

// Short names for the offices, as lists of who may.
func anyOffice() []string {
	return []string{people.Communications, people.Director, people.Administrator, people.PrivacyOfficer}
}
func communications() []string { return []string{people.Communications} }
func director() []string       { return []string{people.Director} }
func administrator() []string  { return []string{people.Administrator} }
func trailReaders() []string   { return []string{people.PrivacyOfficer, people.Administrator} }
func countReaders() []string {
	return []string{people.Communications, people.Director, people.PrivacyOfficer}
}
func linkReaders() []string { return []string{people.Communications, people.Administrator} }

// route is a page or a form, and who may have it.
type route struct {
	pattern string
	offices []string
	handle  kit.Handler
}

type pages struct{ Deps }

// Routes registers the pages.
func Routes(rt *kit.Router, d Deps) {
	if d.Now == nil {
		d.Now = time.Now
	}
	p := &pages{d}
	for _, one := range p.routes() {
		rt.Handle(one.pattern, guard(one.offices, one.handle))
	}
	rt.Handle("GET "+workPath, signedIn(p.showWork))
}

// routes lists every page of an office with who may have it. An act is open
// to the office that the life of an edition gives it to.
func (p *pages) routes() []route {
	const edition = editionsPath + "/{id}"
	const person = peoplePath + "/{id}"
	return []route{
		{"GET " + editionsPath, anyOffice(), p.showEditions},
		{"GET " + importPath, communications(), p.showImport},
		{"POST " + importPath, communications(), p.importDraft},
		{"GET " + edition, anyOffice(), p.showEdition},
		{"GET " + edition + "/bestanden", anyOffice(), p.downloadEdition},
		{"GET " + edition + "/overleg", communications(), p.showPropose},
		{"POST " + edition + "/overleg", communications(), p.propose},
		{"GET " + edition + "/advies", communications(), p.showAdvise},
		{"POST " + edition + "/advies", communications(), p.advise},
		{"GET " + edition + "/terug", communications(), p.showReason(actBack)},
		{"POST " + edition + "/terug", communications(), p.giveReason(actBack)},
		{"GET " + edition + "/vaststellen", director(), p.showAdopt},
		{"POST " + edition + "/vaststellen", director(), p.adopt},
		{"GET " + edition + "/van-kracht", communications(), p.showPublish},
		{"POST " + edition + "/van-kracht", communications(), p.publish},
		{"GET " + edition + "/verbeteren", communications(), p.showCorrect},
		{"POST " + edition + "/verbeteren", communications(), p.correct},
		{"GET " + edition + "/intrekken", director(), p.showReason(actRevoke)},
		{"POST " + edition + "/intrekken", director(), p.giveReason(actRevoke)},

		{"GET " + tablesPath, anyOffice(), p.showTables},
		{"GET " + tablesPath + "/nieuw", communications(), p.showUploadTables},
		{"POST " + tablesPath + "/nieuw", communications(), p.uploadTables},
		{"POST " + tablesPath + "/vervangen", communications(), p.replaceTables},

		{"GET " + readsPath, countReaders(), p.showReads},

		{"GET " + peoplePath, administrator(), p.showPeople},
		{"GET " + newPath, administrator(), p.showNewPerson},
		{"POST " + newPath, administrator(), p.addPerson},
		{"GET " + person, administrator(), p.showPerson},
		{"GET " + person + "/wijzigen", administrator(), p.showEditPerson},
		{"POST " + person + "/wijzigen", administrator(), p.editPerson},
		{"GET " + person + "/relaties", administrator(), p.showRelations},
		{"POST " + person + "/relaties", administrator(), p.saveRelations},
		{"POST " + person + "/link", administrator(), p.makeLink},
		{"POST " + person + "/mail", administrator(), p.mailLink},
		{"GET " + person + "/uitzetten", administrator(), p.showDisable},
		{"POST " + person + "/uitzetten", administrator(), p.disable},
		{"GET " + person + "/wissen", administrator(), p.showErase},
		{"POST " + person + "/wissen", administrator(), p.erase},

		{"GET " + trailPath, trailReaders(), p.showTrail},
		{"POST " + trailPath + "/controle", trailReaders(), p.verifyTrail},

		{"GET " + linksPath, linkReaders(), p.showLinks},
		{"POST " + linksPath, communications(), p.askLinks},
	}
}

// signedIn brings visitors to the sign-in page and back.
func signedIn(h kit.Handler) kit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Cache-Control", "no-store")
		if kit.Who(r.Context()).SignedIn() {
			return h(w, r)
		}
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			return kit.Back(w, r, signInPath+"?naar="+url.QueryEscape(r.URL.Path))
		}
		return fault.NewForbidden("fault.sign-in")
	}
}

// guard lets through who holds one of the offices in a strong session.
func guard(offices []string, h kit.Handler) kit.Handler {
	return signedIn(func(w http.ResponseWriter, r *http.Request) error {
		who := kit.Who(r.Context())
		if err := people.NeedOffice(people.Holder{Offices: who.Offices, Strong: who.Strong}, offices...); err != nil {
			return err
		}
		return h(w, r)
	})
}

// actor is who acts, with the offices that they hold at this moment, after
// the question whether one of them is among those given.
func (p *pages) actor(ctx context.Context, offices []string) (handbook.Actor, error) {
	who := kit.Who(ctx)
	person, err := p.People.Get(ctx, who.PersonID)
	if err != nil {
		return handbook.Actor{}, err
	}
	if !person.Disabled.IsZero() {
		return handbook.Actor{}, fault.NewForbidden("people.disabled")
	}
	if err := people.NeedOffice(people.Holder{Offices: person.Offices(), Strong: who.Strong}, offices...); err != nil {
		return handbook.Actor{}, err
	}
	return handbook.Actor{ID: person.ID, Offices: person.Offices()}, nil
}

// doneParam names, in an address, the word of what was just done.
const doneParam = "klaar"

// done leads to a page that says that something was done. word is one of the
// few of this package; it never says anything about a person.
func done(w http.ResponseWriter, r *http.Request, to, word string) error {
	return kit.Back(w, r, to+"?"+doneParam+"="+word)
}

// doneKey is the key of the sentence for the word in the address; "" when
// there is none or when it is not one of ours.
func doneKey(r *http.Request) string {
	key := "office.done-" + r.URL.Query().Get(doneParam)
	if r.URL.Query().Get(doneParam) == "" || !kit.Printer(r.Context()).Has(key) {
		return ""
	}
	return key
}

// refused shows a form again with what is wrong with it. Anything else than a
// mistake in a field goes its way as it is.
func refused(w http.ResponseWriter, r *http.Request, err error, form func(kit.Errors) error) error {
	errs, ok := kit.FormErrors(r, err)
	if !ok {
		return err
	}
	return form(errs)
}

// nameOf is the name of who did something; what has no name, such as somebody
// who was erased, is said in words.
func (p *pages) nameOf(ctx context.Context, id string) string {
	if id == handbook.BySystem || id == audit.System {
		return kit.T(ctx, "office.by-program")
	}
	name, err := p.People.Name(ctx, id)
	if err != nil {
		return kit.T(ctx, "office.by-gone")
	}
	return name
}
