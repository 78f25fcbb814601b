package homepages

import (
	"strconv"
	"strings"

	"ambassadeur/internal/handbook"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/web/kit"
	"ambassadeur/internal/web/layout"
	"ambassadeur/internal/web/ui"
)

// homeTitle greets a person by the first name.
func homeTitle(p i18n.Printer, who kit.Principal) string {
	if words := strings.Fields(who.Name); len(words) > 0 {
		return p.T("home.hello", "Name", words[0])
	}
	return p.T("home.title")
}

// homeChoices are the five things that an ambassador can do, in the order of
// the policy: follow and share, tell, check, pass on, ask.
func homeChoices(p i18n.Printer) []ui.Choice {
	choice := func(name, href, icon string, tint ui.Tint) ui.Choice {
		return ui.Choice{Title: p.T("home." + name + "-choice"), Text: p.T("home." + name + "-choice-text"), Href: href, Icon: icon, Tint: tint}
	}
	out := []ui.Choice{
		choice("check", "/controle", wayCheck.icon, wayCheck.tint),
		choice("follow", "/volg-ons", "thumbs-up", ui.Sky),
		choice("story", "/verhaal", wayStory.icon, wayStory.tint),
		choice("signal", "/doorgeven", waySignal.icon, waySignal.tint),
		choice("ask", "/vragen", wayAsk.icon, wayAsk.tint),
	}
	out[0].First = true
	return out
}

// homeLinks lead to what people look up.
func homeLinks(p i18n.Printer) []ui.Link {
	link := func(name, href string, s layout.Section) ui.Link {
		tint, icon := layout.Look(s)
		return ui.Link{Title: p.T("home." + name + "-link"), Text: p.T("home." + name + "-link-text"), Href: href, Icon: icon, Tint: tint}
	}
	return []ui.Link{
		link("book", "/handboek", layout.Handbook),
		link("cards", "/kaarten", layout.Cards),
		link("helpers", "/keuzehulp", layout.Helpers),
	}
}

func doorChoices(book *handbook.Index, door *handbook.FrontDoor, lang i18n.Lang) []ui.Choice {
	var out []ui.Choice
	for i, e := range door.Entries {
		out = append(out, ui.Choice{Title: e.Title.In(lang), Text: e.Text.In(lang), Href: book.URL(e.To), Icon: e.Picture, Tint: tintOf(e.To), First: i == 0})
	}
	return out
}

// tintOf is the tint of the page that a link leads to, so that a choice looks
// like its page. What has no tint of its own stands in the handbook.
func tintOf(to handbook.Link) ui.Tint {
	kind, id, _ := to.Split()
	name := string(kind)
	if kind == handbook.KindPage {
		name = id
	}
	switch name {
	case "check":
		return wayCheck.tint
	case "story":
		return wayStory.tint
	case "signal":
		return waySignal.tint
	case "ask":
		return wayAsk.tint
	case "home":
		return sectionTint(layout.Home)
	case "follow", "platform":
		return sectionTint(layout.Follow)
	case "cards", "card":
		return sectionTint(layout.Cards)
	case "guides", "guide", "checklist":
		return sectionTint(layout.Guides)
	case "helpers", "helper":
		return sectionTint(layout.Helpers)
	default:
		return sectionTint(layout.Handbook)
	}
}

func sectionTint(s layout.Section) ui.Tint {
	tint, _ := layout.Look(s)
	return tint
}

func doorIcon(a handbook.Audience) string {
	switch a {
	case handbook.Client:
		return "user-round"
	case handbook.Volunteer:
		return "hand-heart"
	default:
		return "briefcase"
	}
}

// block is a heading with a list on a page about the product.
type block struct {
	name  string
	lines int
}

func aboutBlocks(page string) []block {
	switch page {
	case "about":
		return []block{{"does", 4}, {"never", 8}}
	case "privacy":
		return []block{{"keeps", 5}, {"sees", 3}, {"rights", 3}}
	default:
		return []block{{"does", 6}, {"knows", 3}}
	}
}

func aboutLine(page, block string, i int) string {
	return "about." + page + "-" + block + "-" + strconv.Itoa(i+1)
}
