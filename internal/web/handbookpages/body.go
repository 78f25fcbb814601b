package handbookpages

import (
	"context"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"ambassadeur/internal/handbook"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/web/kit"
)

// bodies keeps the rendered bodies of the book's pages: the part of the page that is
// the same for everybody who reads the same edition, in the same language, for
// the same audience. It holds one Index, so it never has more than pages ×
// languages × (audiences + 1) bodies; another Index empties it.
//
// A body is rendered without the person in the context, so that nothing about
// one reader can reach another.
type bodies struct {
	mu    sync.RWMutex
	index *handbook.Index
	done  map[bodyKey]templ.Component
}

type bodyKey struct {
	page     string // its path
	lang     i18n.Lang
	audience handbook.Audience
}

// get returns the body of a page of book, rendering it the first time.
func (b *bodies) get(ctx context.Context, book reading, l leaf) (templ.Component, error) {
	key := bodyKey{l.path(), book.lang, book.audience}
	b.mu.RLock()
	if b.index == book.Index {
		if body, ok := b.done[key]; ok {
			b.mu.RUnlock()
			return body, nil
		}
	}
	b.mu.RUnlock()

	body, err := renderBody(ctx, book, l)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.index != book.Index {
		b.index, b.done = book.Index, map[bodyKey]templ.Component{}
	}
	b.done[key] = body
	return body, nil
}

// renderBody renders the body of a page as any reader of this language and
// audience sees it.
func renderBody(ctx context.Context, book reading, l leaf) (templ.Component, error) {
	anybody := kit.With(ctx, &kit.Env{
		Display: kit.Display{Lang: book.lang, Audience: string(book.audience)},
		Asset:   kit.EnvOf(ctx).Asset,
		Path:    l.path(),
	})
	var out strings.Builder
	if err := chapterBody(book, l).Render(anybody, &out); err != nil {
		return nil, err
	}
	return templ.Raw(out.String()), nil
}
