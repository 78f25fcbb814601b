package handbookpages_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"ambassadeur/internal/i18n"
	"ambassadeur/internal/web/handbookpages"
	"ambassadeur/internal/web/kit"
)

func TestStatesRender(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range handbookpages.States(indexOf(t, "demo")) {
		if seen[s.Name] {
			t.Errorf("state %q is listed twice", s.Name)
		}
		seen[s.Name] = true
		for _, lang := range i18n.Langs() {
			env := kit.Env{Who: s.Who, Display: s.Display, Asset: func(n string) string { return n }}
			env.Display.Lang = lang
			var out bytes.Buffer
			if err := s.Component.Render(kit.With(context.Background(), &env), &out); err != nil {
				t.Errorf("%s: %v", s.Name, err)
			}
			if strings.Contains(out.String(), "⟦") || !strings.Contains(out.String(), `lang="`+string(lang)+`"`) {
				t.Errorf("%s in %s is not complete", s.Name, lang)
			}
		}
	}
	for _, want := range []string{"outcome-not_allowed", "outcome-discouraged", "outcome-tip", "outcome-explained", "question-second", "search-nothing", "read-confirmed", "read-visitor", "chapters-proposal"} {
		if !seen[want] {
			t.Errorf("state %q is missing", want)
		}
	}
}
