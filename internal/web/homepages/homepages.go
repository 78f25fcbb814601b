// Package homepages has the pages on which people arrive: the start page, the
// question of the first visit, the three front doors that an intranet can link
// to, and the pages about the product itself.
package homepages

import (
	"context"
	"net/http"
	"time"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/web/kit"
)

// Deps is what the pages need.
type Deps struct {
	// Book returns the edition that readers see now.
	Book func(ctx context.Context) (*handbook.Index, error)
	// Unfinished lists what a person was busy with, newest first.
	Unfinished func(ctx context.Context, personID string) ([]Unfinished, error)
	// Notices lists what there is to tell a person on the screen.
	Notices func(ctx context.Context, who kit.Principal) ([]Notice, error)
	// Dismiss takes a notice away for a person.
	Dismiss func(ctx context.Context, personID, notice string) error
	Now     func() time.Time
}

// Unfinished is a draft that waits on the server.
type Unfinished struct {
	Title string // in the page's language
	Href  string
	Saved time.Time
}

// Notice is something to tell a person on the start page. Its words are keys
// of the catalog: a notice never carries content.
type Notice struct {
	ID    string
	Title string // catalog key
	Text  string // catalog key
	Label string // catalog key of its button
	Href  string
	Icon  string
}

// Routes registers the pages.
func Routes(rt *kit.Router, d Deps) {
	rt.Handle("GET /{$}", d.showHome)
	rt.Handle("GET /beginnen", showBegin)
	rt.Handle("POST /bericht/gezien", d.dismiss)
	rt.Handle("GET /medewerkers", d.door(handbook.Staff))
	rt.Handle("GET /clienten", d.door(handbook.Client))
	rt.Handle("GET /vrijwilligers", d.door(handbook.Volunteer))
	rt.Handle("GET /controle", d.way(wayCheck))
	rt.Handle("GET /verhaal", d.way(wayStory))
	rt.Handle("GET /doorgeven", d.way(waySignal))
	rt.Handle("GET /vragen", d.way(wayAsk))
	rt.Handle("GET /over", about("about"))
	rt.Handle("GET /privacy", about("privacy"))
	rt.Handle("GET /toegankelijkheid", about("access"))
}

func (d Deps) showHome(w http.ResponseWriter, r *http.Request) error {
	who, display := kit.Who(r.Context()), kit.DisplayOf(r.Context())
	if !display.Asked && !who.SignedIn() {
		return kit.Render(w, r, http.StatusOK, welcomePage())
	}
	v := home{now: d.Now()}
	if who.SignedIn() {
		var err error
		if v.unfinished, err = d.Unfinished(r.Context(), who.PersonID); err != nil {
			return err
		}
		if v.notices, err = d.Notices(r.Context(), who); err != nil {
			return err
		}
	}
	return kit.Render(w, r, http.StatusOK, homePage(v))
}

// home is what the start page shows beside its choices.
type home struct {
	now        time.Time
	unfinished []Unfinished
	notices    []Notice
}

func showBegin(w http.ResponseWriter, r *http.Request) error {
	return kit.Render(w, r, http.StatusOK, beginPage())
}

func (d Deps) dismiss(w http.ResponseWriter, r *http.Request) error {
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	who := kit.Who(r.Context())
	if !who.SignedIn() {
		return fault.NewForbidden("fault.sign-in")
	}
	if err := d.Dismiss(r.Context(), who.PersonID, r.PostForm.Get("notice")); err != nil {
		return err
	}
	return kit.Back(w, r, "/")
}

func (d Deps) door(a handbook.Audience) kit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		book, err := d.Book(r.Context())
		if err != nil {
			return err
		}
		door, ok := book.FrontDoor(a)
		if !ok {
			return fault.NewNotFound("fault.not-found").WithHint("fault.not-found-hint")
		}
		return kit.Render(w, r, http.StatusOK, doorPage(book, door))
	}
}

func about(page string) kit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return kit.Render(w, r, http.StatusOK, aboutPage(page))
	}
}
