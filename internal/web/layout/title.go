package layout

import (
	"context"
	"strconv"
	"strings"

	"ambassadeur/internal/web/kit"
)

// browserTitle begins with the page's own name, then where it is in a row, then the site.
func browserTitle(ctx context.Context, p Props) string {
	parts := []string{p.Title}
	if p.Steps > 0 {
		parts = append(parts, kit.T(ctx, "ui.step", "Now", strconv.Itoa(p.Step), "Total", strconv.Itoa(p.Steps)))
	}
	if p.Note != "" {
		parts = append(parts, p.Note)
	}
	if name := kit.SiteOf(ctx).Name; name != "" {
		parts = append(parts, name)
	}
	return strings.Join(parts, " – ")
}

// currentKind says whether the entry of the menu is this page or its section.
func currentKind(ctx context.Context, href string) string {
	if kit.EnvOf(ctx).Path == href {
		return "page"
	}
	return "true"
}

// sentence makes a heading of a sentence: without its full stop.
func sentence(s string) string { return strings.TrimSuffix(s, ".") }
