package handbook

import (
	"reflect"
	"strings"

	"ambassadeur/internal/i18n"
)

// PieceKind is what a Link can point to.
type PieceKind string

// The kinds of piece, the first half of a Link.
const (
	KindChapter   PieceKind = "chapter"
	KindIdea      PieceKind = "idea"
	KindCard      PieceKind = "card"
	KindGuide     PieceKind = "guide"
	KindChecklist PieceKind = "checklist"
	KindHelper    PieceKind = "helper"
	KindReference PieceKind = "reference"
	KindPlatform  PieceKind = "platform"
	KindOpenEnd   PieceKind = "open-end"
	KindPage      PieceKind = "page"
)

// Split returns the two halves of a link; ok is false when there are not two.
func (l Link) Split() (kind PieceKind, id string, ok bool) {
	k, id, ok := strings.Cut(string(l), ":")
	return PieceKind(k), id, ok && k != "" && id != ""
}

// LinkTo makes a link. For an idea, id is "chapter/idea".
func LinkTo(kind PieceKind, id string) Link { return Link(string(kind) + ":" + id) }

// pages are the addresses of the pages of the product that a handbook may
// link to, by the id that an editor writes after "page:".
func pages() map[string]string {
	return map[string]string{
		"home":       "/",
		"follow":     "/volg-ons",
		"who":        "/wie-spreekt-namens-ons",
		"check":      "/controle",
		"story":      "/verhaal",
		"signal":     "/doorgeven",
		"ask":        "/vragen",
		"cards":      "/kaarten",
		"guides":     "/handleidingen",
		"helpers":    "/keuzehulp",
		"references": "/verwijzingen",
		"open-ends":  "/open-einden",
		"contact":    "/handboek/contact",
		"handbook":   "/handboek",
	}
}

// address returns where a piece stands. It knows the form of an address, not
// whether the piece exists.
func address(kind PieceKind, id string) string {
	switch kind {
	case KindChapter:
		return "/handboek/" + id
	case KindIdea:
		chapter, idea, _ := strings.Cut(id, "/")
		return "/handboek/" + chapter + "#" + idea
	case KindCard:
		return "/kaarten#" + id
	case KindGuide:
		return "/handleidingen/" + id
	case KindChecklist:
		return "/open-profiel/" + id
	case KindHelper:
		return "/keuzehulp/" + id
	case KindReference:
		return "/verwijzingen#" + id
	case KindOpenEnd:
		return "/open-einden#" + id
	case KindPlatform:
		return "/volg-ons#" + id
	case KindPage:
		return pages()[id]
	default:
		return ""
	}
}

// SectionPath is the address of a section that has a page of its own.
func SectionPath(chapter, section string) string { return "/handboek/" + chapter + "/" + section }

// In returns the text in a language, Dutch for any that is not English.
func (t Text) In(lang i18n.Lang) string {
	if lang == i18n.EN {
		return t.EN
	}
	return t.NL
}

// Empty says that the text is missing in both languages.
func (t Text) Empty() bool { return t.NL == "" && t.EN == "" }

// Has says whether the list names the audience.
func Has(list []Audience, a Audience) bool {
	for _, one := range list {
		if one == a {
			return true
		}
	}
	return false
}

// Audiences returns the three audiences, in the order of the policy.
func Audiences() []Audience { return []Audience{Staff, Client, Volunteer} }

// TextsIn collects every text in a value that ptr points to, in order; tests
// of plain language read them. Text taken over word for word is left out.
func TextsIn(ptr any) []Text {
	var out []Text
	visit(reflect.ValueOf(ptr).Elem(), rule{}, func(v reflect.Value, r rule) {
		if t, ok := v.Addr().Interface().(*Text); ok && !t.Empty() && !r.has("copy") {
			out = append(out, *t)
		}
	})
	return out
}
