package handbook

import (
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// A check tag on a field of content.go or projection.go is a list of:
//
//	id            a slug of [a-z0-9-], unique in its list
//	required      not empty
//	optional      may be left out (a Text or an enum that otherwise is required)
//	plain         a Text without Markdown
//	copy          a Text taken over word for word: plain, line ends kept
//	blocks        a Text with Markdown blocks
//	items         a list of policy item ids that exist
//	picture       the name of a picture
//	date          YYYY-MM-DD
//	line          "85" or "87-91"
//	url           empty, or an https address
//	oneof=a|b     one of these words
//	min=1,max=5   bounds of a number or of the length of a list
//
// A field of type Text without plain, copy or blocks holds inline Markdown.
// Fields of the types Audience, Strength, CardKind and Link are checked by
// their type and need no tag.
type rule struct {
	name     string // key in the file
	flags    map[string]bool
	oneof    []string
	min, max int // max 0: no bound
	hasMin   bool
}

func (r rule) has(flag string) bool { return r.flags[flag] }

// ruleCache holds the parsed tags of a struct type; it is filled once a type.
var ruleCache sync.Map // reflect.Type → []rule

// rulesOf returns the rules of the fields of a struct, in order of fields.
func rulesOf(t reflect.Type) []rule {
	if r, ok := ruleCache.Load(t); ok {
		return r.([]rule)
	}
	rules := make([]rule, t.NumField())
	for i := range rules {
		rules[i] = parseRule(t.Field(i))
	}
	ruleCache.Store(t, rules)
	return rules
}

func parseRule(f reflect.StructField) rule {
	name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	if name == "" {
		name, _, _ = strings.Cut(f.Tag.Get("json"), ",")
	}
	r := rule{name: name, flags: map[string]bool{}}
	for _, part := range strings.Split(f.Tag.Get("check"), ",") {
		word, value, has := strings.Cut(part, "=")
		switch {
		case word == "oneof":
			r.oneof = strings.Split(value, "|")
		case word == "min":
			r.min, _ = strconv.Atoi(value)
			r.hasMin = true
		case word == "max":
			r.max, _ = strconv.Atoi(value)
		case word != "" && !has:
			r.flags[word] = true
		}
	}
	return r
}
