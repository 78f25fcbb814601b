package handbookpages_test

import (
	"net/http/httptest"
	"testing"

	"ambassadeur/internal/web/kit"
)

// BenchmarkChapter is one signed-in chapter through the router, without the
// network and the middleware.
func BenchmarkChapter(b *testing.B) {
	for _, id := range []string{"ambassadeur", "tips"} {
		b.Run(id, func(b *testing.B) {
			w := newWorld(b)
			env := w.env
			env.Who, env.Path = kit.Principal{PersonID: "p1", Name: "Marieke"}, "/handboek/"+id
			r := httptest.NewRequest("GET", env.Path, nil)
			r = r.WithContext(kit.With(r.Context(), &env))
			b.ReportAllocs()
			for b.Loop() {
				rec := httptest.NewRecorder()
				w.router.ServeHTTP(rec, r)
				b.SetBytes(int64(rec.Body.Len()))
			}
		})
	}
}
