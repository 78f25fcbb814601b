package handbookpages

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"ambassadeur/internal/web/ui"
)

// A chapter shows the same few icons on nearly every card. They stand once in
// the page, as symbols, and each card points at them: that saves about a third
// of the page.

// repeated are the icons that cards share: of the strengths, and of "Waarom?".
func repeated() []string {
	return []string{"hand", "triangle-alert", "lightbulb", "chevron-down"}
}

// symbolID is the id of an icon's symbol in the page.
func symbolID(icon string) string { return "i-" + icon }

// drawing returns the inside of an icon's svg element.
func drawing(icon string) templ.Component {
	var out strings.Builder
	if err := ui.Icon(icon).Render(context.Background(), &out); err != nil {
		return templ.NopComponent // an icon is decoration: the words say the same
	}
	_, inside, _ := strings.Cut(out.String(), ">")
	return templ.Raw(strings.TrimSuffix(strings.TrimSpace(inside), "</svg>"))
}

// strengthLook is how a strength is shown: tone of the tag, icon, key of the word.
func strengthLook(strength string) (tone, icon, key string) {
	switch strength {
	case "not_allowed":
		return "stop", "hand", "ui.not-allowed"
	case "discouraged":
		return "warn", "triangle-alert", "ui.discouraged"
	case "tip":
		return "ok", "lightbulb", "ui.tip"
	default:
		return "", "", ""
	}
}
