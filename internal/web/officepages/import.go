package officepages

import (
	"net/http"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/web/kit"
)

func (p *pages) showImport(w http.ResponseWriter, r *http.Request) error {
	return kit.Render(w, r, http.StatusOK, importPage(actForm{}))
}

// load unpacks and reads a handbook folder. What is wrong inside the folder
// is a *handbook.Problems; what is wrong with the file is a fault on it.
func load(packed []byte) (*handbook.Content, error) {
	files, err := unpack(packed)
	if err != nil {
		return nil, err
	}
	folder, err := folderOf(files)
	if err != nil {
		return nil, err
	}
	content, _, err := handbook.Load(folder)
	return content, folderFault(err)
}

// folderFault leaves what the loader says about lines as it is, and makes
// anything else a fault on the file.
func folderFault(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := problemsIn(err); ok {
		return err
	}
	return fault.NewInvalid("office.file-path").On("file").Because(err)
}

// importDraft puts the text of an uploaded folder ready as a draft.
func (p *pages) importDraft(w http.ResponseWriter, r *http.Request) error {
	actor, err := p.actor(r.Context(), communications())
	if err != nil {
		return err
	}
	s, err := readSent(w, r)
	var content *handbook.Content
	if err == nil {
		content, err = load(s.file)
	}
	var e handbook.Edition
	if err == nil {
		e, err = p.Editions.Import(r.Context(), actor, content, "upload")
	}
	if err != nil {
		return wrongFile(w, r, err, actForm{}, func(f actForm) error {
			return kit.Render(w, r, http.StatusUnprocessableEntity, importPage(f))
		})
	}
	return done(w, r, editionPath(e.ID), "nieuw")
}

// wrongFile shows the form again with what is wrong with the file, or in it.
func wrongFile(w http.ResponseWriter, r *http.Request, err error, f actForm, show func(actForm) error) error {
	if problems, ok := problemsIn(err); ok {
		f.Problems, f.Errors = problems, kit.Errors{"file": kit.T(r.Context(), "office.file-problems")}
		return show(f)
	}
	if one, ok := fault.As(err); ok && one.Kind == fault.Conflict && one.Key == "edition.fault.number_taken" {
		err = fault.NewInvalid(one.Key, "Number", one.Args["Number"]).On("file")
	}
	return refused(w, r, err, func(errs kit.Errors) error {
		f.Errors = errs
		return show(f)
	})
}

func (p *pages) showCorrect(w http.ResponseWriter, r *http.Request) error {
	f, _, err := p.form(r, handbook.InForce)
	if err != nil {
		return err
	}
	return kit.Render(w, r, http.StatusOK, correctPage(f))
}

// correct puts a better-spelt text in place of the one in force.
func (p *pages) correct(w http.ResponseWriter, r *http.Request) error {
	actor, err := p.actor(r.Context(), communications())
	if err != nil {
		return err
	}
	f, _, err := p.form(r, handbook.InForce)
	if err != nil {
		return err
	}
	s, err := readSent(w, r)
	f.Text = s.values["reason"]
	var content *handbook.Content
	if err == nil {
		content, err = load(s.file)
	}
	if err == nil {
		err = p.Editions.Correct(r.Context(), actor, f.ID, content, f.Text)
	}
	if one, ok := fault.As(err); ok && one.Key == "edition.fault.material" {
		err = one.On("file")
	}
	if err != nil {
		return wrongFile(w, r, err, f, func(f actForm) error {
			return kit.Render(w, r, http.StatusUnprocessableEntity, correctPage(f))
		})
	}
	return done(w, r, editionPath(f.ID), "verbeteren")
}
