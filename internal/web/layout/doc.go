// Package layout is the frame around every page: band, menu, page head, help
// and footer; the Scherm panel; the print layout; the page for faults. A page
// is layout.Page(Props) around its own content and nothing else, so that help
// and contact stand in the same place everywhere.
package layout

import (
	"strings"

	"github.com/a-h/templ"

	"ambassadeur/internal/web/ui"
)

// Section is the part of the product that a page belongs to. It gives the page
// its tint and icon and marks its entry in the menu.
type Section string

// The sections.
const (
	Home     Section = "home"
	Handbook Section = "handbook"
	Cards    Section = "cards"
	Helpers  Section = "helpers"
	Guides   Section = "guides"
	Follow   Section = "follow"
	Person   Section = "person"  // signing in, own page, settings
	Office   Section = "office"  // work of officers and administrators
	General  Section = "general" // anything else: faults, search, about
)

type look struct {
	tint ui.Tint
	icon string
}

// look is the tint and the icon that a section has everywhere.
func (s Section) look() look {
	switch s {
	case Home:
		return look{ui.Lilac, "house"}
	case Handbook:
		return look{ui.Sage, "book-open"}
	case Cards:
		return look{ui.Apricot, "list-checks"}
	case Helpers:
		return look{ui.Sand, "signpost"}
	case Guides:
		return look{ui.Lilac, "footprints"}
	case Follow:
		return look{ui.Sky, "megaphone"}
	case Person:
		return look{ui.Lilac, "circle-user-round"}
	case Office:
		return look{ui.Sunk, "clipboard-list"}
	default:
		return look{ui.Sunk, ""}
	}
}

// Look returns the tint and icon of a section, so that a choice that leads
// there looks like its page.
func Look(s Section) (ui.Tint, string) { return s.look().tint, s.look().icon }

// Addresses of pages that the frame leads to, and of the forms in it.
const (
	StartPath    = "/"
	SignInPath   = "/aanmelden"
	PasskeyPath  = "/aanmelden/sleutel"
	SignOutPath  = "/afmelden" // POST
	PersonPath   = "/mijn"
	ScreenPath   = "/scherm" // POST size, theme, calm ("1" or absent), lang, back; GET shows the same form as a page
	LangPath     = "/taal"   // POST lang, back
	ManifestPath = "/manifest.webmanifest"
)

// entry is one line of the menu.
type entry struct {
	section Section
	key     string
	href    string
}

// menu is what stands in the menu on a wide screen. On a phone the start page
// is the menu.
func menu() []entry {
	return []entry{
		{Home, "layout.start", StartPath},
		{Handbook, "layout.handbook", "/handboek"},
		{Cards, "layout.cards", "/kaarten"},
		{Helpers, "layout.helpers", "/keuzehulp"},
		{Guides, "layout.guides", "/handleidingen"},
		{Follow, "layout.follow", "/volg-ons"},
	}
}

// footer is what stands at the foot of every page.
func footer() []entry {
	return []entry{
		{"", "layout.contact", "/handboek/contact"},
		{"", "layout.references", "/verwijzingen"},
		{"", "layout.open-ends", "/open-einden"},
		{"", "layout.about", "/over"},
		{"", "layout.privacy", "/privacy"},
		{"", "layout.access", "/toegankelijkheid"},
	}
}

// BackLink leads to the page before this one.
type BackLink struct {
	Href  string
	Label string // where it leads: "Terug naar stap 1"
}

// Props describes a page.
type Props struct {
	Title   string // the h1, and the beginning of the title in the browser
	Note    string // optional: where the page is in a row, "vraag 2"; in the browser's title only
	Lead    string // optional: one or two sentences below the h1
	Section Section
	Icon    string    // optional: another icon than the section's
	Tint    ui.Tint   // optional: another tint than the section's
	Back    *BackLink // optional: "Start" when nil, nothing on the start page
	Step    int       // optional, with Steps: "Stap 2 van 4"
	Steps   int
	Narrow  bool            // one column of reading width: questions and forms
	Hero    bool            // the start page: a larger head with a drawing
	Tools   templ.Component // optional: read aloud, print, in the head
	Scripts []string        // optional: further built scripts, "passkey.js"
}

func (p Props) icon() string {
	if p.Icon != "" {
		return p.Icon
	}
	return p.Section.look().icon
}

func (p Props) tint() string {
	if p.Tint != "" {
		return "t-" + string(p.Tint)
	}
	return "t-" + string(p.Section.look().tint)
}

// firstName is the part of a name that fits in the band.
func firstName(name string) string {
	if words := strings.Fields(name); len(words) > 0 {
		return words[0]
	}
	return name
}
