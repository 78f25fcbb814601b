package signinpages_test

import (
	"context"
	"strings"
	"testing"

	"ambassadeur/internal/i18n"
	"ambassadeur/internal/web/kit"
	"ambassadeur/internal/web/signinpages"
)

// Every state renders in both languages, with all its texts, one h1 and at
// most one button of the first rank, and says nowhere who somebody is to us.
func TestEveryStateRenders(t *testing.T) {
	seen := map[string]bool{}
	for _, state := range signinpages.States() {
		if seen[state.Name] {
			t.Errorf("two states are called %q", state.Name)
		}
		seen[state.Name] = true
		for _, lang := range i18n.Langs() {
			ctx := kit.With(context.Background(), &kit.Env{Who: state.Who, Display: kit.Display{Lang: lang}, Asset: func(n string) string { return "/bestanden/" + n }})
			var out strings.Builder
			if err := state.Component.Render(ctx, &out); err != nil {
				t.Fatalf("%s: %v", state.Name, err)
			}
			page := out.String()
			if strings.Contains(page, "⟦") || strings.Count(page, "<h1") != 1 || strings.Contains(page, "placeholder=") || strings.Contains(page, "style=") {
				t.Errorf("%s in %s: a text is missing, or not one h1, or a placeholder or style", state.Name, lang)
			}
			if n := strings.Count(main(page), "btn-1"); n > 1 {
				t.Errorf("%s: %d first buttons", state.Name, n)
			}
			if strings.Contains(strings.ToLower(page), "cliënt") || strings.Contains(strings.ToLower(page), ">client") {
				t.Errorf("%s says who is a client", state.Name)
			}
		}
	}
}
