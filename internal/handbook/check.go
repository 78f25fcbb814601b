package handbook

import (
	"cmp"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Lengths in characters. They are far above what a calm page holds and keep
// one text from filling a page by mistake.
const (
	maxText   = 2_000
	maxBlocks = 40_000
	maxValue  = 500
)

var (
	textType = reflect.TypeFor[Text]()

	slugForm    = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	lineForm    = regexp.MustCompile(`^[0-9]+(-[0-9]+)?$`)
	itemForm    = regexp.MustCompile(`^[A-Z]+-[0-9]+[a-z]?$`)
	pictureForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

// checker applies the check tags and the rules of rules.go to decoded values.
type checker struct {
	*report
	targets map[Link]bool
	known   []string // the same links, to suggest one
	items   map[string]bool
	md      *renderer
}

func newChecker(r *report, c *Content) *checker {
	k := &checker{report: r, targets: map[Link]bool{}, items: map[string]bool{}}
	for _, p := range piecesOf(c) {
		k.targets[p.Link] = true
		k.known = append(k.known, string(p.Link))
	}
	for i := range c.PolicyItems {
		k.items[c.PolicyItems[i].ID] = true
	}
	k.md = newRenderer(func(l Link) (string, bool) { return "", false })
	return k
}

// walk checks a value and everything in it.
func (k *checker) walk(v reflect.Value, r rule) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			k.walk(v.Elem(), r)
		}
	case reflect.Slice:
		k.list(v, r)
	case reflect.Struct:
		k.structure(v, r)
	case reflect.String:
		k.value(v, r)
	case reflect.Int:
		k.number(v, r)
	}
}

func (k *checker) structure(v reflect.Value, r rule) {
	ptr := v.Addr().Interface()
	if t, ok := ptr.(*Text); ok {
		k.text(t, r)
		return
	}
	for i, fr := range rulesOf(v.Type()) {
		k.walk(v.Field(i), fr)
	}
	k.rules(ptr)
}

func (k *checker) list(v reflect.Value, r rule) {
	ptr := v.Addr().Interface()
	switch n := v.Len(); {
	case r.hasMin && n < r.min:
		k.on(ptr, "%s has %d, it needs at least %d", r.label(), n, r.min)
	case r.max > 0 && n > r.max:
		k.on(ptr, "%s has %d, at most %d fit; split or shorten", r.label(), n, r.max)
	}
	seen := map[string]bool{}
	for i := range v.Len() {
		el := v.Index(i)
		id, at := identity(el)
		if id != "" && seen[id] {
			k.on(at, "%q stands here twice; choose another id or remove one", id)
		}
		seen[id] = true
		k.walk(el, r)
	}
}

// identity returns what must be unique in a list: the id of a struct, or the
// value itself.
func identity(el reflect.Value) (id string, at any) {
	switch el.Kind() {
	case reflect.String:
		return el.String(), el.Addr().Interface()
	case reflect.Struct:
		if f := el.FieldByName("ID"); f.IsValid() {
			return f.String(), f.Addr().Interface()
		}
	}
	return "", nil
}

func (k *checker) text(t *Text, r rule) {
	if t.Empty() {
		if !r.has("optional") {
			k.on(t, "%s is missing; write it in Dutch (nl) and in English (en)", r.label())
		}
		return
	}
	if t.NL == "" {
		k.on(t, "%s has no Dutch; add nl", r.label())
	}
	if t.EN == "" {
		k.on(t, "%s has no English; add en", r.label())
	}
	k.words(&t.NL, r)
	k.words(&t.EN, r)
}

// words checks one language of a text: its length, its Markdown, its links.
func (k *checker) words(s *string, r rule) {
	limit := maxText
	if r.has("blocks") || r.has("copy") {
		limit = maxBlocks
	}
	if utf8.RuneCountInString(*s) > limit {
		k.on(s, "%s is longer than %d characters; split it", r.label(), limit)
		return
	}
	if !strings.ContainsAny(*s, markup) || r.has("copy") {
		return
	}
	switch {
	case r.has("plain"):
		if Plain(*s) != *s {
			k.on(s, "%s holds Markdown, and this place shows it as it stands; write plain words", r.label())
		}
		return
	case !r.has("blocks"):
		if what := k.md.complaint(*s); what != "" {
			k.on(s, "%s holds %s; only **bold** and [words](kind:id) work here", r.label(), what)
		}
	}
	for _, to := range k.md.linksIn(*s) {
		if r.has("blocks") && strings.HasPrefix(to, "https://") {
			continue
		}
		k.link(s, Link(to))
	}
}

func (k *checker) link(at any, l Link) {
	if k.targets[l] {
		return
	}
	if _, _, ok := l.Split(); !ok {
		k.on(at, "link %q has no kind; write kind:id, for example idea:tips/twijfel", short(string(l)))
		return
	}
	k.on(at, "link %q leads nowhere; %s", short(string(l)), k.suggest(string(l)))
}

// suggest names the links of the same kind, and for an idea of the same
// chapter, that look most like l.
func (k *checker) suggest(l string) string {
	kind, id, _ := strings.Cut(l, ":")
	prefix := kind + ":"
	if chapter, _, ok := strings.Cut(id, "/"); ok && k.targets[LinkTo(KindChapter, chapter)] {
		prefix += chapter + "/"
	}
	var same []string
	for _, one := range k.known {
		if strings.HasPrefix(one, prefix) {
			same = append(same, one)
		}
	}
	if len(same) == 0 {
		return "kinds are chapter, idea, card, guide, checklist, helper, reference, platform, open-end, page"
	}
	slices.SortStableFunc(same, func(a, b string) int { return cmp.Compare(distance(l, a), distance(l, b)) })
	same = slices.Compact(same)
	return "nearest: " + strings.Join(same[:min(4, len(same))], ", ")
}

func (k *checker) value(v reflect.Value, r rule) {
	ptr := v.Addr().Interface()
	s := v.String()
	switch p := ptr.(type) {
	case *Audience:
		k.oneOf(ptr, s, "audience", []string{string(Client), string(Staff), string(Volunteer)})
		return
	case *Strength:
		if s != "" || !r.has("optional") {
			k.oneOf(ptr, s, "strength", []string{string(NotAllowed), string(Discouraged), string(Tip)})
		}
		return
	case *CardKind:
		k.oneOf(ptr, s, "kind", []string{string(Do), string(Dont)})
		return
	case *Link:
		if s == "" {
			k.on(ptr, "%s is missing; write kind:id", r.label())
		} else {
			k.link(ptr, *p)
		}
		return
	}
	if utf8.RuneCountInString(s) > maxValue {
		k.on(ptr, "%s is longer than %d characters; shorten it", r.label(), maxValue)
		return
	}
	k.form(ptr, s, r)
}

// form checks a plain string against the form that its tag asks for.
func (k *checker) form(ptr any, s string, r rule) {
	switch {
	case r.has("items"):
		if !k.items[s] {
			k.on(ptr, "unknown policy item %q; items.yaml lists those that exist", short(s))
		}
	case r.oneof != nil:
		k.oneOf(ptr, s, r.name, r.oneof)
	case r.has("id"):
		if len(s) > 60 || !slugForm.MatchString(s) {
			k.on(ptr, "%s is %q; an id is small letters, digits and single dashes", r.label(), short(s))
		}
	case r.has("picture"):
		if !pictureForm.MatchString(s) {
			k.on(ptr, "a piece needs a picture; give the name of an icon, such as message-circle")
		}
	case r.has("date"):
		if _, err := time.Parse(time.DateOnly, s); err != nil {
			k.on(ptr, "%s is %q; write a date as 2026-11-24", r.label(), short(s))
		}
	case r.has("line"):
		if !lineForm.MatchString(s) {
			k.on(ptr, "%s is %q; write a line of the source as \"85\" or \"87-91\"", r.label(), short(s))
		}
	case r.has("url"):
		if u, err := url.Parse(s); s != "" && (err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil) {
			k.on(ptr, "%s is %q; write a whole address that starts with https://", r.label(), short(s))
		}
	case r.has("required") && s == "":
		k.on(ptr, "%s is missing; fill it in", r.label())
	}
}

func (k *checker) oneOf(ptr any, s, name string, allowed []string) {
	for _, a := range allowed {
		if a == s {
			return
		}
	}
	var words []string
	for _, a := range allowed {
		if a == "" {
			a = "nothing"
		}
		words = append(words, a)
	}
	k.on(ptr, "%s is %q; choose %s", name, short(s), strings.Join(words, ", "))
}

func (k *checker) number(v reflect.Value, r rule) {
	n := int(v.Int())
	if (r.hasMin && n < r.min) || (r.max > 0 && n > r.max) {
		k.on(v.Addr().Interface(), "%s is %d; it must be from %d to %d", r.label(), n, r.min, r.max)
	}
}
