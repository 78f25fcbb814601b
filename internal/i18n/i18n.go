// Package i18n gives every sentence of the product in Dutch and English. A
// sentence has a key ("area.name") and lives in catalog/LANG/AREA.json; code
// and templates hold keys only. Messages may have arguments ({{.Name}}) and
// plural forms.
//
// Start reading at Printer.
package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Lang is a language of the interface.
type Lang string

// The languages. Dutch is the first and the one to fall back to.
const (
	NL Lang = "nl"
	EN Lang = "en"
)

// Langs lists the languages in the order in which people choose from them.
func Langs() []Lang { return []Lang{NL, EN} }

// Parse returns the language named by s; ok is false when there is none.
func Parse(s string) (Lang, bool) {
	for _, l := range Langs() {
		if string(l) == s {
			return l, true
		}
	}
	return NL, false
}

// Prefer chooses a language from an Accept-Language header.
func Prefer(header string) Lang {
	if len(header) > 200 {
		return NL
	}
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return NL
	}
	for _, t := range tags {
		base, _ := t.Base()
		if l, ok := Parse(base.String()); ok {
			return l
		}
	}
	return NL
}

// Printer says things in one language. The zero Printer speaks Dutch.
type Printer struct{ lang Lang }

// For returns the printer of a language.
func For(lang Lang) Printer { return Printer{lang: lang} }

// Lang returns the printer's language.
func (p Printer) Lang() Lang {
	if p.lang == "" {
		return NL
	}
	return p.lang
}

// T returns the message of a key. kv holds its arguments as pairs of a name
// and a value. A key that is in no catalog comes back between brackets, which
// a test over all pages looks for.
func (p Printer) T(key string, kv ...any) string {
	c := catalogs()[p.Lang()]
	if s, ok := c.plain[key]; ok {
		return s
	}
	return c.localize(key, nil, pairs(kv))
}

// M is T with the arguments in a map, as a fault carries them.
func (p Printer) M(key string, args map[string]any) string {
	c := catalogs()[p.Lang()]
	if s, ok := c.plain[key]; ok {
		return s
	}
	return c.localize(key, nil, args)
}

// N returns the plural form of a key for count, which is also its argument Count.
func (p Printer) N(key string, count int, kv ...any) string {
	args := pairs(kv)
	if args == nil {
		args = map[string]any{}
	}
	args["Count"] = count
	return catalogs()[p.Lang()].localize(key, count, args)
}

// Has reports whether the key is in the catalog of the printer's language.
func (p Printer) Has(key string) bool { _, ok := catalogs()[p.Lang()].all[key]; return ok }

// Keys returns all keys of a language in order; for tests and tools.
func Keys(lang Lang) []string {
	c := catalogs()[lang]
	keys := make([]string, 0, len(c.all))
	for k := range c.all {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// Raw returns the texts of a key as the catalog holds them, one for each
// plural form; for tests and tools.
func Raw(lang Lang, key string) []string { return catalogs()[lang].all[key] }

func pairs(kv []any) map[string]any {
	if len(kv) == 0 {
		return nil
	}
	m := make(map[string]any, len(kv)/2)
	for i := 0; i+1 < len(kv); i += 2 {
		m[fmt.Sprint(kv[i])] = kv[i+1]
	}
	return m
}

//go:embed catalog
var files embed.FS

// catalog is one language: all keys, and apart the messages that need no
// template, which are most and cost one map look-up.
type catalog struct {
	all       map[string][]string
	plain     map[string]string
	localizer *i18n.Localizer
}

func (c *catalog) localize(key string, plural any, args map[string]any) string {
	s, err := c.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: plural, TemplateData: args})
	if err != nil || s == "" {
		return "⟦" + key + "⟧"
	}
	return s
}

// catalogs are read once, at first use. They are embedded and covered by a
// test, so an error here cannot happen outside development.
var catalogs = sync.OnceValue(func() map[Lang]*catalog {
	out := map[Lang]*catalog{}
	for _, l := range Langs() {
		c, err := load(files, l)
		if err != nil {
			panic(err)
		}
		out[l] = c
	}
	return out
})

func load(fsys fs.FS, lang Lang) (*catalog, error) {
	bundle := i18n.NewBundle(language.Make(string(lang)))
	c := &catalog{all: map[string][]string{}, plain: map[string]string{}}
	names, err := fs.Glob(fsys, path.Join("catalog", string(lang), "*.json"))
	if err != nil {
		return nil, fmt.Errorf("list catalog: %w", err)
	}
	for _, name := range names {
		if err := c.read(fsys, name, bundle, language.Make(string(lang))); err != nil {
			return nil, err
		}
	}
	c.localizer = i18n.NewLocalizer(bundle, string(lang))
	return c, nil
}

func (c *catalog) read(fsys fs.FS, name string, bundle *i18n.Bundle, tag language.Tag) error {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("read catalog: %w", err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		return fmt.Errorf("read catalog %s: %w", name, err)
	}
	area := strings.TrimSuffix(path.Base(name), ".json") + "."
	for key, value := range raw {
		if !strings.HasPrefix(key, area) {
			return fmt.Errorf("catalog %s: key %q must begin with %q", name, key, area)
		}
		m, texts, err := message(key, value)
		if err != nil {
			return fmt.Errorf("catalog %s: %w", name, err)
		}
		if err := bundle.AddMessages(tag, m); err != nil {
			return fmt.Errorf("catalog %s, key %q: %w", name, key, err)
		}
		c.all[key] = texts
		if len(texts) == 1 && !strings.Contains(texts[0], "{{") {
			c.plain[key] = texts[0]
		}
	}
	return nil
}

// message reads one value: a text, or an object of plural forms.
func message(key string, value json.RawMessage) (*i18n.Message, []string, error) {
	var text string
	if err := json.Unmarshal(value, &text); err == nil {
		return &i18n.Message{ID: key, Other: text}, []string{text}, nil
	}
	var plural struct{ One, Other string }
	if err := json.Unmarshal(value, &plural); err != nil || plural.One == "" || plural.Other == "" {
		return nil, nil, fmt.Errorf(`key %q must be a text or {"one": …, "other": …}`, key)
	}
	return &i18n.Message{ID: key, One: plural.One, Other: plural.Other}, []string{plural.One, plural.Other}, nil
}
