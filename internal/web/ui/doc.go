// Package ui is the design system: the parts that pages are built of, in
// templ. It knows no capability: it takes words and values, and says nothing
// of its own but the few words of area "ui" in the catalog.
//
// The style of a part lives in internal/web/assets/css under the same name.
// The gallery at /galerij shows every part.
package ui

import (
	"strings"

	"github.com/a-h/templ"
)

// Tone says how a message is meant. It is shown by an icon and a word, and by
// colour last.
type Tone string

// The tones. Plain has no colour.
const (
	Plain Tone = ""
	OK    Tone = "ok"
	Warn  Tone = "warn"
	Stop  Tone = "stop"
	Info  Tone = "info"
)

// icon is the drawing that belongs to a tone.
func (t Tone) icon() string {
	switch t {
	case OK:
		return "circle-check"
	case Warn:
		return "triangle-alert"
	case Stop:
		return "hand"
	default:
		return "info"
	}
}

// Tint is the colour of a section, the same from the choice on the start page
// to the head of its pages: a memory cue.
type Tint string

// The tints and the sections that they belong to.
const (
	Lilac   Tint = "lilac"   // a post and its check; the start page
	Apricot Tint = "apricot" // a story
	Sky     Tint = "sky"     // a signal; following us
	Sage    Tint = "sage"    // the handbook
	Sand    Tint = "sand"    // help and questions
	Sunk    Tint = "plain"   // management and settings
)

func (t Tint) class() string {
	if t == "" {
		return "t-" + string(Lilac)
	}
	return "t-" + string(t)
}

// TintOf returns the tint with that name, or lilac: handbooks name tints.
func TintOf(name string) Tint {
	switch t := Tint(name); t {
	case Lilac, Apricot, Sky, Sage, Sand, Sunk:
		return t
	}
	return Lilac
}

// HasIcon reports whether there is an icon of that name.
func HasIcon(name string) bool { return drawing(name) != "" }

// IconNames lists all icons, in alphabetical order.
func IconNames() []string { return iconNames() }

// iconBody is the inside of the svg element; an unknown name gives a circle,
// so that a handbook with a new picture still shows.
func iconBody(name string) templ.Component {
	body := drawing(name)
	if body == "" {
		body = `<circle cx="12" cy="12" r="9"/>`
	}
	return templ.Raw(body)
}

// describedBy joins the ids of the texts that explain a field.
func describedBy(id string, hint, problem bool) string {
	var ids []string
	if hint {
		ids = append(ids, id+"-hint")
	}
	if problem {
		ids = append(ids, id+"-error")
	}
	return strings.Join(ids, " ")
}
