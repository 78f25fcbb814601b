package officepages

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/fault"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/web/kit"
)

// editionRow is one edition in the list.
type editionRow struct {
	ID     string
	Number int
	State  handbook.State
	Since  time.Time // when it came into that state
}

// since is when an edition came where it stands.
func since(e handbook.Edition) time.Time {
	switch e.State {
	case handbook.Draft:
		return e.ImportedAt
	case handbook.Consultation:
		return e.ProposedAt
	case handbook.AdoptedState:
		return e.AdoptedAt
	case handbook.InForce:
		return e.ValidFrom
	default:
		return e.ValidUntil
	}
}

func (p *pages) showEditions(w http.ResponseWriter, r *http.Request) error {
	all, err := p.Editions.List(r.Context())
	if err != nil {
		return err
	}
	var rows []editionRow
	for _, e := range all {
		rows = append(rows, editionRow{e.ID, e.Number, e.State, since(e)})
	}
	may := kit.Who(r.Context()).Is(communications()[0])
	return kit.Render(w, r, http.StatusOK, editionsPage(rows, may, doneKey(r)))
}

// editionView is all that the page of an edition shows.
type editionView struct {
	handbook.Edition
	First    bool // there is nothing to compare it with
	Changes  []string
	Advice   []adviceRow
	Missing  []handbook.Body // asked, and not yet answered about this text
	Comments []commentRow
	Versions []versionRow
	Acts     []act
	Done     string
}

type adviceRow struct {
	Body    handbook.Body
	Outcome string
	On      time.Time
	Note    string
	Old     bool // about an earlier text
}

type commentRow struct {
	By   string
	At   time.Time
	Text string
}

type versionRow struct {
	Number int
	At     time.Time
	By     string
	Reason string
}

// act is something that somebody may do with an edition now. Its name is the
// last part of its address, and of its keys in the catalog.
type act struct {
	name  string
	icon  string
	first bool
}

// The acts that have a reason.
const (
	actBack   = "terug"
	actRevoke = "intrekken"
)

// actsOf lists what the person may do with an edition in its state. The
// service decides; this only leaves out what it would refuse.
func actsOf(who kit.Principal, v editionView) []act {
	communications, director := who.Is(handbook.ByCommunications), who.Is(handbook.ByDirector)
	var out []act
	add := func(may bool, a act) {
		if may {
			out = append(out, a)
		}
	}
	switch v.State {
	case handbook.Draft:
		add(communications, act{"overleg", "messages-square", true})
	case handbook.Consultation:
		add(communications, act{"advies", "pen-line", len(v.Missing) > 0})
		add(director && len(v.Missing) == 0, act{"vaststellen", "badge-check", true})
		add(communications, act{actBack, "undo-2", false})
	case handbook.AdoptedState:
		add(communications, act{"van-kracht", "rocket", true})
	case handbook.InForce:
		add(communications, act{"verbeteren", "pencil", false})
		add(director, act{actRevoke, "ban", false})
	}
	return out
}

func (p *pages) showEdition(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := p.edition(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	v.Acts, v.Done = actsOf(kit.Who(ctx), v), doneKey(r)
	return kit.Render(w, r, http.StatusOK, editionPage(v))
}

func (p *pages) edition(ctx context.Context, id string) (editionView, error) {
	e, err := p.Editions.Get(ctx, id)
	if err != nil {
		return editionView{}, err
	}
	v := editionView{Edition: e}
	changes, err := p.Editions.Changes(ctx, id)
	if err != nil {
		return v, err
	}
	v.Changes = words(ctx, changes)
	v.First = len(changes) == 0 && e.Supersedes == "" && !e.ValidFrom.IsZero()
	given, err := p.Editions.Advice(ctx, id)
	if err != nil {
		return v, err
	}
	for _, a := range given {
		v.Advice = append(v.Advice, adviceRow{a.Body, a.Outcome, day(a.On), a.Note, a.Hash != e.Hash})
	}
	v.Missing = missing(e, given)
	comments, err := p.Editions.Comments(ctx, id)
	if err != nil {
		return v, err
	}
	for _, c := range comments {
		v.Comments = append(v.Comments, commentRow{p.nameOf(ctx, c.By), db.Time(c.At), c.Text})
	}
	versions, err := p.Editions.Versions(ctx, id)
	for _, one := range versions {
		v.Versions = append(v.Versions, versionRow{one.Version, db.Time(one.CreatedAt), p.nameOf(ctx, one.CreatedBy), one.Reason})
	}
	return v, err
}

// missing lists whose advice was asked and is not there about this text.
func missing(e handbook.Edition, given []handbook.Advice) []handbook.Body {
	var out []handbook.Body
	for _, b := range e.Required {
		if !slices.ContainsFunc(given, func(a handbook.Advice) bool { return a.Body == b && a.Hash == e.Hash }) {
			out = append(out, b)
		}
	}
	return out
}

func words(ctx context.Context, changes []handbook.Change) []string {
	out := make([]string, 0, len(changes))
	for _, c := range changes {
		out = append(out, c.Words(kit.Printer(ctx)))
	}
	return out
}

// day reads a day as the register keeps it; the zero time when it is none.
func day(s string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, s, i18n.Zone())
	if err != nil {
		return time.Time{}
	}
	return t
}

// downloadEdition sends an edition as a packed handbook folder, with the
// tables as they stand.
func (p *pages) downloadEdition(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	e, err := p.Editions.Get(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	content, err := p.Editions.Content(ctx, e.ID, e.Version)
	if err != nil {
		return err
	}
	projection := &handbook.Projection{} // without an edition in force there are no tables to show
	if index, _, err := p.Editions.Current(ctx); err == nil {
		projection = index.Projection()
	}
	files := map[string][]byte{}
	err = handbook.Export(content, projection, func(name string, b []byte) error {
		files[name] = b
		return nil
	})
	if err != nil {
		return fmt.Errorf("edition %d: %w", e.Number, err)
	}
	return sendZip(w, files, fmt.Sprintf("handboek-editie-%d.zip", e.Number))
}

func sendZip(w http.ResponseWriter, files map[string][]byte, name string) error {
	b, err := pack(files)
	if err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, _ = w.Write(b) // an error means that the browser went away
	return nil
}

// current returns the text in force with the tables beside it. That there is
// none is not a failure: it is said with what to do.
func (p *pages) current(ctx context.Context) (*handbook.Index, handbook.EditionMeta, error) {
	index, meta, err := p.Editions.Current(ctx)
	if fault.KindOf(err) == fault.Unavailable {
		err = fault.NewConflict("edition.fault.none").WithHint("office.none-hint")
	}
	return index, meta, err
}
