package handbookpages

import (
	"net/http"
	"strings"

	"ambassadeur/internal/handbook"
	"ambassadeur/internal/web/kit"
	"ambassadeur/internal/web/ui"
)

// guides shows, platform by platform, which step by step help there is.
func (p *pages) guides(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, guidesPage)
}

// guide shows one guide, step by step.
func (p *pages) guide(w http.ResponseWriter, r *http.Request) error {
	book, err := p.read(r)
	if err != nil {
		return err
	}
	g, ok := book.Index.Guide(r.PathValue("guide"))
	if !ok {
		return missing()
	}
	return kit.Render(w, r, http.StatusOK, guidePage(book, g))
}

// help is what there is for one platform. Any of the three may be nil.
type help struct {
	platform   handbook.Platform
	start, use *handbook.Guide
	checklist  *handbook.Checklist
}

// helpByPlatform lists the platforms that have help, in the handbook's order.
func (r reading) helpByPlatform() []help {
	c := r.Index.Content()
	var out []help
	for _, p := range c.Platforms {
		h := help{platform: p}
		for i := range c.Guides {
			switch g := &c.Guides[i]; {
			case g.Platform != p.ID:
			case g.For == "start":
				h.start = g
			default:
				h.use = g
			}
		}
		for i := range c.Checklists {
			if c.Checklists[i].Platform == p.ID {
				h.checklist = &c.Checklists[i]
			}
		}
		if h.start != nil || h.use != nil || h.checklist != nil {
			out = append(out, h)
		}
	}
	return out
}

// withoutHelp lists the platforms that have none yet.
func (r reading) withoutHelp() []handbook.Platform {
	has := map[string]bool{}
	for _, h := range r.helpByPlatform() {
		has[h.platform.ID] = true
	}
	var out []handbook.Platform
	for _, p := range r.Index.Content().Platforms {
		if !has[p.ID] {
			out = append(out, p)
		}
	}
	return out
}

// other is the guide of the same platform for the other question.
func (r reading) other(g *handbook.Guide) *handbook.Guide {
	c := r.Index.Content()
	for i := range c.Guides {
		if o := &c.Guides[i]; o.Platform == g.Platform && o.ID != g.ID {
			return o
		}
	}
	return nil
}

// guideSteps are the steps of a guide or the points of a checklist.
func guideSteps(r reading, steps []handbook.Step) []ui.GuideStep {
	var out []ui.GuideStep
	for _, s := range steps {
		out = append(out, ui.GuideStep{Title: plain(r, s.Text), Picture: s.Picture, Body: stepHint(r, s)})
	}
	return out
}

// names lists platforms in one line.
func names(r reading, list []handbook.Platform) string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = r.say(p.Name)
	}
	return strings.Join(out, ", ")
}
