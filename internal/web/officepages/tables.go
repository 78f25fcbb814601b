package officepages

import (
	"context"
	"encoding/base64"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"

	"ambassadeur/internal/fault"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/people"
	"ambassadeur/internal/web/kit"
)

// tablesView is the tables beside the handbook as they stand.
type tablesView struct {
	Projection *handbook.Projection
	Version    int64
	Changes    []string // since the state before this one
	May        bool     // may replace them
	Done       string
}

func (p *pages) showTables(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	_, meta, err := p.current(ctx)
	if err != nil {
		return err
	}
	projection, changes, err := p.Editions.ProjectionAt(ctx, meta.Projection)
	if err != nil {
		return err
	}
	return kit.Render(w, r, http.StatusOK, tablesPage(tablesView{
		Projection: projection, Version: meta.Projection, Changes: words(ctx, changes),
		May: kit.Who(ctx).Is(handbook.ByCommunications), Done: doneKey(r),
	}))
}

// tableFiles are the files that tables come in, and the fields that carry
// them from the page of changes to the act.
func tableFiles() []string {
	return []string{"contacts.yaml", "locations.yaml", "channels.yaml", "functions.yaml"}
}

// maxTables bounds the files of tables, in bytes: they travel in a form.
const maxTables = 128 << 10

// replacement is an upload that would replace tables: what it changes, and
// the files themselves, for the form that confirms it.
type replacement struct {
	Files   map[string]string // by field, base64
	Base    int64             // the state that the changes were counted from
	Changes []string
	Moved   bool // that state was replaced meanwhile

	projection *handbook.Projection
}

func (p *pages) showUploadTables(w http.ResponseWriter, r *http.Request) error {
	return kit.Render(w, r, http.StatusOK, uploadTablesPage(actForm{}))
}

// uploadTables shows what an upload would change. Nothing is kept yet: the
// page of changes holds the files itself.
func (p *pages) uploadTables(w http.ResponseWriter, r *http.Request) error {
	actor, err := p.actor(r.Context(), communications())
	if err != nil {
		return err
	}
	s, err := readSent(w, r)
	var files map[string][]byte
	if err == nil {
		files, err = unpack(s.file)
	}
	var v replacement
	if err == nil {
		v, err = p.replacement(r.Context(), actor, tablesIn(files))
	}
	if err != nil {
		return wrongFile(w, r, err, actForm{}, func(f actForm) error {
			return kit.Render(w, r, http.StatusUnprocessableEntity, uploadTablesPage(f))
		})
	}
	return kit.Render(w, r, http.StatusOK, changesPage(v))
}

// tablesIn picks the tables out of a folder: those of projection/, or those
// that stand by themselves.
func tablesIn(files map[string][]byte) map[string][]byte {
	out := map[string][]byte{}
	for _, name := range tableFiles() {
		if b, ok := files[path.Join("projection", name)]; ok {
			out[name] = b
		} else if b, ok := files[name]; ok {
			out[name] = b
		}
	}
	return out
}

// replacement lays tables over those that stand, and says what changes.
func (p *pages) replacement(ctx context.Context, actor handbook.Actor, tables map[string][]byte) (replacement, error) {
	v := replacement{Files: map[string]string{}}
	size := 0
	for name, b := range tables {
		size += len(b)
		v.Files[name] = base64.StdEncoding.EncodeToString(b)
	}
	switch {
	case size == 0:
		return v, fault.NewInvalid("office.tables-missing").On("file")
	case size > maxTables:
		return v, fault.NewInvalid("office.tables-large").On("file")
	}
	index, meta, err := p.current(ctx)
	if err != nil {
		return v, err
	}
	folder, err := folderOf(tables)
	if err != nil {
		return v, err
	}
	v.Base = meta.Projection
	if v.projection, err = handbook.Overlay(index.Projection(), index.Content(), folder); err != nil {
		return v, folderFault(err)
	}
	mayMove := slices.Contains(actor.Offices, people.Administrator)
	if !mayMove && !maps.Equal(officesIn(index.Projection()), officesIn(v.projection)) {
		return v, fault.NewInvalid("office.tables-offices").On("file")
	}
	v.Changes = words(ctx, handbook.DiffProjection(index.Projection(), v.projection))
	return v, nil
}

// officesIn says which function gives which office. Who may upload tables
// may not give themselves another office with them.
func officesIn(p *handbook.Projection) map[string]string {
	out := map[string]string{}
	for _, f := range p.Officers.Functions {
		if f.Office != "" {
			out[f.ID] = f.Office
		}
	}
	return out
}

// replaceTables does what the page of changes showed. When the tables were
// replaced meanwhile, it shows the changes anew.
func (p *pages) replaceTables(w http.ResponseWriter, r *http.Request) error {
	if err := kit.ParseForm(w, r); err != nil {
		return err
	}
	ctx := r.Context()
	actor, err := p.actor(ctx, communications())
	if err != nil {
		return err
	}
	tables := map[string][]byte{}
	for _, name := range tableFiles() {
		if !r.PostForm.Has(name) {
			continue
		}
		if tables[name], err = base64.StdEncoding.DecodeString(r.PostForm.Get(name)); err != nil {
			return fault.NewInvalid("fault.form").Because(err)
		}
	}
	v, err := p.replacement(ctx, actor, tables)
	if err != nil {
		return wrongFile(w, r, err, actForm{}, func(f actForm) error {
			return kit.Render(w, r, http.StatusUnprocessableEntity, uploadTablesPage(f))
		})
	}
	if r.PostForm.Get("base") != strconv.FormatInt(v.Base, 10) {
		v.Moved = true
		return kit.Render(w, r, http.StatusConflict, changesPage(v))
	}
	if err := p.Editions.SetProjection(ctx, actor, v.projection); err != nil {
		return err
	}
	return done(w, r, tablesPath, "tabellen")
}
