package handbook

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"
)

// The files of a handbook folder. Those with one value each; chapters, guides
// and helpers are one file a piece in a folder of their own.
const (
	bookFile       = "handbook.yaml"
	itemsFile      = "items.yaml"
	cardsFile      = "cards.yaml"
	checklistsFile = "checklists.yaml"
	platformsFile  = "platforms.yaml"
	referencesFile = "references.yaml"
	openEndsFile   = "open-ends.yaml"

	chaptersDir   = "chapters"
	guidesDir     = "guides"
	helpersDir    = "helpers"
	projectionDir = "projection"

	contactsFile  = projectionDir + "/contacts.yaml"
	locationsFile = projectionDir + "/locations.yaml"
	channelsFile  = projectionDir + "/channels.yaml"
	officersFile  = projectionDir + "/functions.yaml"
)

// The files that hold a list under one key.
type (
	itemsDoc struct {
		Items []PolicyItem `yaml:"items" check:"min=1"`
	}
	checklistsDoc struct {
		Checklists []Checklist `yaml:"checklists"`
	}
	platformsDoc struct {
		Platforms []Platform `yaml:"platforms" check:"min=1"`
	}
	referencesDoc struct {
		References []Reference `yaml:"references"`
	}
	openEndsDoc struct {
		OpenEnds []OpenEnd `yaml:"open_ends"`
	}
)

// Load reads a handbook folder, strictly. When anything is wrong the error is
// a *Problems with file, line and what to do for each thing, and the other
// results are nil.
func Load(fsys fs.FS) (*Content, *Projection, error) {
	l, err := openFolder(fsys)
	if err != nil {
		return nil, nil, err
	}
	c, p := &Content{}, &Projection{}
	l.content(c)
	l.projection(p, nil)
	l.strangers()
	if err := l.err(); err != nil && l.broken {
		return nil, nil, err // what cannot be read cannot be checked
	}
	k := newChecker(l.report, c)
	k.walk(reflect.ValueOf(c).Elem(), rule{})
	k.walk(reflect.ValueOf(p).Elem(), rule{})
	k.content(c)
	k.projection(p, c)
	if err := l.err(); err != nil {
		return nil, nil, err
	}
	return c, p, nil
}

// Overlay returns the projection with those of contacts, locations, channels
// and functions replaced that the folder holds: whole files, from projection/
// or from the folder itself. base stays as it is. The content is what the
// folder's ids are checked against.
func Overlay(base *Projection, content *Content, fsys fs.FS) (*Projection, error) {
	if sub, err := fs.Stat(fsys, projectionDir); err != nil || !sub.IsDir() {
		fsys = shifted{fsys}
	}
	l, err := openFolder(fsys)
	if err != nil {
		return nil, err
	}
	p := *base
	l.projection(&p, base)
	if err := l.err(); err != nil {
		return nil, err
	}
	k := newChecker(l.report, content)
	k.walk(reflect.ValueOf(&p).Elem(), rule{})
	k.projection(&p, content)
	if err := l.err(); err != nil {
		return nil, err
	}
	return &p, nil
}

// shifted shows a folder as if it stood in projection/.
type shifted struct{ fs fs.FS }

func (s shifted) Open(name string) (fs.File, error) {
	if name == "." {
		return s.fs.Open(name)
	}
	rest, ok := strings.CutPrefix(name, projectionDir+"/")
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return s.fs.Open(rest)
}

// folder reads the files of one handbook.
type folder struct {
	*report
	fs     fs.FS
	files  []string // every YAML file, sorted
	read   map[string]bool
	broken bool // a file could not be parsed
}

func openFolder(fsys fs.FS) (*folder, error) {
	f := &folder{report: newReport(), fs: fsys, read: map[string]bool{}}
	count := 0
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return nil
		}
		if count++; count > maxFiles {
			return fmt.Errorf("more than %d files", maxFiles)
		}
		if _, ok := fsys.(shifted); ok {
			name = path.Join(projectionDir, name)
		}
		if ext := path.Ext(name); ext == ".yaml" || ext == ".yml" {
			f.files = append(f.files, name)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the handbook folder: %w", err)
	}
	return f, nil
}

func (f *folder) content(c *Content) {
	f.one(bookFile, &c.Book)
	items, checklists, platforms := itemsDoc{}, checklistsDoc{}, platformsDoc{}
	references, openEnds := referencesDoc{}, openEndsDoc{}
	f.one(itemsFile, &items)
	f.one(cardsFile, &c.Cards)
	f.one(checklistsFile, &checklists)
	f.one(platformsFile, &platforms)
	f.one(referencesFile, &references)
	f.one(openEndsFile, &openEnds)
	c.PolicyItems, c.Checklists, c.Platforms = items.Items, checklists.Checklists, platforms.Platforms
	c.References, c.OpenEnds = references.References, openEnds.OpenEnds
	c.Chapters = many[Chapter](f, chaptersDir)
	c.Guides = many[Guide](f, guidesDir)
	c.Helpers = many[Helper](f, helpersDir)
	f.moved(c)
}

// moved keeps the places of lists that were read in one value and stand in
// another.
func (f *folder) moved(c *Content) {
	f.places[&c.PolicyItems] = place{file: itemsFile}
	f.places[&c.Checklists] = place{file: checklistsFile}
	f.places[&c.Platforms] = place{file: platformsFile}
	f.places[&c.References] = place{file: referencesFile}
	f.places[&c.OpenEnds] = place{file: openEndsFile}
	f.places[&c.Chapters] = place{file: chaptersDir}
	f.places[&c.Guides] = place{file: guidesDir}
	f.places[&c.Helpers] = place{file: helpersDir}
}

// projection reads the four projection files. With a base, a missing file
// leaves what the base says.
func (f *folder) projection(p, base *Projection) {
	for _, one := range []struct {
		name string
		into any
	}{
		{contactsFile, &p.Contacts}, {locationsFile, &p.Locations},
		{channelsFile, &p.Channels}, {officersFile, &p.Officers},
	} {
		if base != nil && !slices.Contains(f.files, one.name) {
			f.placeAll(reflect.ValueOf(one.into).Elem(), place{file: one.name})
			continue
		}
		reflect.ValueOf(one.into).Elem().SetZero()
		f.one(one.name, one.into)
	}
}

// placeAll gives one place to a value that was read elsewhere, so that a
// problem with it names the file at least.
func (f *folder) placeAll(v reflect.Value, at place) {
	f.places[v.Addr().Interface()] = at
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f.placeAll(v.Field(i), at)
		}
	case reflect.Slice:
		for i := range v.Len() {
			f.placeAll(v.Index(i), at)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			f.placeAll(v.Elem(), at)
		}
	}
}

// many reads the files of a folder, one piece each, in order of file name.
// Chapters are ordered by their number afterwards.
func many[T any](f *folder, dir string) []T {
	var names []string
	for _, name := range f.files {
		if path.Dir(name) == dir {
			names = append(names, name)
		}
	}
	out := make([]T, len(names))
	for i, name := range names {
		f.one(name, &out[i])
	}
	return out
}

// one reads one file into a value.
func (f *folder) one(name string, into any) {
	f.read[name] = true
	v := reflect.ValueOf(into).Elem()
	f.places[into] = place{file: name}
	data, err := readBounded(f.fs, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.at(place{file: name}, "the file is missing; every handbook has one")
		f.broken = true
		return
	case err != nil:
		f.at(place{file: name}, "cannot be read: %v", err)
		f.broken = true
		return
	}
	root, err := parseYAML(data)
	if err != nil {
		var y *yamlError
		if errors.As(err, &y) {
			f.at(place{name, y.line}, "%s", y.text)
		}
		f.broken = true
		return
	}
	d := &decoder{report: f.report, file: name}
	before := len(f.all)
	d.decode(root, v, rule{}, 1)
	if root.kind != mapNode && len(f.all) > before {
		f.broken = true
	}
}

func readBounded(fsys fs.FS, name string) ([]byte, error) {
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(file, maxFileBytes+1))
	return bytes.TrimPrefix(data, []byte("\ufeff")), errors.Join(err, file.Close())
}

// strangers reports YAML files that nobody reads: a misspelt name would
// otherwise lose its content in silence.
func (f *folder) strangers() {
	for _, name := range f.files {
		if !f.read[name] {
			f.at(place{file: name}, "nobody reads this file; known are %s and the folders %s/, %s/, %s/ and %s/",
				strings.Join([]string{bookFile, itemsFile, cardsFile, checklistsFile, platformsFile, referencesFile, openEndsFile}, ", "),
				chaptersDir, guidesDir, helpersDir, projectionDir)
		}
	}
}

// content checks what goes across files.
func (k *checker) content(c *Content) {
	numbers := map[int]string{}
	for i := range c.Chapters {
		ch := &c.Chapters[i]
		if other, ok := numbers[ch.Number]; ok {
			k.on(&ch.Number, "chapter %q has number %d already; give this one another", other, ch.Number)
		}
		numbers[ch.Number] = ch.ID
	}
	if len(c.Chapters) == 0 {
		k.on(&c.Chapters, "there is no chapter; add one file a chapter")
	}
	doors := map[Audience]bool{}
	for i := range c.Book.FrontDoors {
		d := &c.Book.FrontDoors[i]
		if doors[d.Audience] {
			k.on(&d.Audience, "audience %q has a front door already; keep one", d.Audience)
		}
		doors[d.Audience] = true
	}
	for _, a := range Audiences() {
		if !doors[a] {
			k.on(&c.Book.FrontDoors, "audience %q has no front door; add one to front_doors", a)
		}
	}
	for i := range c.Guides {
		k.platform(&c.Guides[i].Platform, c)
	}
	for i := range c.Checklists {
		k.platform(&c.Checklists[i].Platform, c)
	}
	// Last, because it moves what the places point at.
	slices.SortStableFunc(c.Chapters, func(a, b Chapter) int { return cmp.Compare(a.Number, b.Number) })
}

// platform checks that a platform is one of platforms.yaml.
func (k *checker) platform(id *string, c *Content) {
	var known []string
	for i := range c.Platforms {
		if c.Platforms[i].ID == *id {
			return
		}
		known = append(known, c.Platforms[i].ID)
	}
	if *id != "" {
		k.on(id, "unknown platform %q; %s", short(*id), nearest(*id, known))
	}
}

// projection checks the ids that the projections share with each other and
// with the content.
func (k *checker) projection(p *Projection, c *Content) {
	regions, locations, marks := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i := range p.Locations.Regions {
		regions[p.Locations.Regions[i].ID] = true
	}
	for i := range p.Locations.Locations {
		l := &p.Locations.Locations[i]
		locations[l.ID] = true
		if !regions[l.Region] {
			k.on(&l.Region, "unknown region %q; add it to regions", short(l.Region))
		}
	}
	for i := range p.Channels.Channels {
		ch := &p.Channels.Channels[i]
		k.platform(&ch.Platform, c)
		if ch.Location != "" && !locations[ch.Location] {
			k.on(&ch.Location, "unknown location %q; locations.yaml lists those that exist", short(ch.Location))
		}
		if ch.Kind == "location_page" && ch.Location == "" {
			k.on(ch, "a location page needs its location; add location")
		}
	}
	for i := range p.Officers.Footnotes {
		marks[p.Officers.Footnotes[i].Mark] = true
	}
	for i := range p.Officers.Functions {
		f := &p.Officers.Functions[i]
		for _, cells := range [][]MandateCell{f.Personal, f.Corporate, f.LocationPage} {
			for j := range cells {
				k.platform(&cells[j].Platform, c)
				if m := cells[j].Footnote; m != "" && !marks[m] {
					k.on(&cells[j].Footnote, "footnote %q is not in footnotes; add it", short(m))
				}
			}
		}
		if f.AllCorporate && f.AllLabel == nil {
			k.on(f, "all_corporate needs all_label: the words in the cell")
		}
	}
}
