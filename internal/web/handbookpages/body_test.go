package handbookpages_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"ambassadeur/internal/i18n"
	"ambassadeur/internal/web/kit"
)

// Many readers at once, in two languages and for all audiences, get each their
// own page, also while the bodies are first made.
func TestReadersAtOnce(t *testing.T) {
	w := newWorld(t)
	// What each page says, and what it does not: nobody is offered what they see.
	said := map[i18n.Lang]map[string][2]string{
		i18n.NL: {"": {"Je ziet alles.", "een deel van het handboek"}, "client": {"Je ziet een deel van het handboek.", "Toon teksten voor cliënten"},
			"staff": {"Je ziet een deel van het handboek.", "Toon teksten voor medewerkers"}},
		i18n.EN: {"": {"You see everything.", "a part of the handbook"}, "client": {"You see a part of the handbook.", "Show texts for clients"},
			"staff": {"You see a part of the handbook.", "Show texts for staff"}},
	}
	var wg sync.WaitGroup
	for lang, audiences := range said {
		for audience, want := range audiences {
			for range 4 {
				wg.Go(func() {
					env := w.env
					env.Display = kit.Display{Lang: lang, Audience: audience}
					r := httptest.NewRequest("GET", "/handboek/tips", nil)
					rec := httptest.NewRecorder()
					w.router.ServeHTTP(rec, r.WithContext(kit.With(context.Background(), &env)))
					if body := rec.Body.String(); !strings.Contains(body, want[0]) || strings.Contains(body, want[1]) {
						t.Errorf("%s %q: the page does not say %q, or says %q", lang, audience, want[0], want[1])
					}
				})
			}
		}
	}
	wg.Wait()
}
