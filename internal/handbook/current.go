package handbook

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"ambassadeur/internal/fault"
)

// refreshEvery is how old what a node shows may be when another node
// publishes.
const refreshEvery = time.Second

// currentCache holds the compiled edition in force. Readers take it without
// waiting; at most one of them at a time, at most once a second, looks whether
// the database has moved on.
type currentCache struct {
	shown atomic.Pointer[shown]
	next  atomic.Int64 // when to look again, nanoseconds
	load  sync.Mutex   // held while compiling
}

// shown is what one pointer row leads to. index is nil when no edition is in
// force.
type shown struct {
	at    pointer
	index *Index
	meta  EditionMeta
}

// expire makes the next reader look at once: this node has written.
func (c *currentCache) expire() { c.next.Store(0) }

// Current returns the edition in force, compiled, with the tables beside it.
// It is a memory read; a page may call it as often as it likes. Without an
// edition in force it is an Unavailable fault.
func (e *Editions) Current(ctx context.Context) (*Index, EditionMeta, error) {
	s := e.current.shown.Load()
	now := e.now().UnixNano()
	if s == nil || now >= e.current.next.Load() {
		var err error
		if s, err = e.refresh(ctx, s, now); err != nil {
			return nil, EditionMeta{}, err
		}
	}
	if s.index == nil {
		return nil, EditionMeta{}, fault.NewUnavailable("edition.fault.none")
	}
	return s.index, s.meta, nil
}

// refresh looks at the pointer row and compiles when it moved. When somebody
// else is at it, or the database does not answer, what is shown stays.
func (e *Editions) refresh(ctx context.Context, old *shown, now int64) (*shown, error) {
	c := &e.current
	if old == nil {
		c.load.Lock()
	} else if !c.load.TryLock() {
		return old, nil
	}
	defer c.load.Unlock()
	if s := c.shown.Load(); s != nil && now < c.next.Load() {
		return s, nil
	}
	c.next.Store(now + int64(refreshEvery))
	s, err := e.read(ctx, old)
	if err != nil {
		if old != nil {
			return old, nil
		}
		c.next.Store(0)
		return nil, fmt.Errorf("read the edition in force: %w", err)
	}
	c.shown.Store(s)
	return s, nil
}

// read follows the pointer row; old is returned when it did not move.
func (e *Editions) read(ctx context.Context, old *shown) (*shown, error) {
	at, err := readPointer(ctx, e.db.Reader())
	if err != nil {
		return nil, err
	}
	if old != nil && old.at == at {
		return old, nil
	}
	s := &shown{}
	err = e.db.Read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if s.at, err = readPointer(ctx, tx); err != nil || s.at.edition == "" {
			return err
		}
		ed, err := getEdition(ctx, tx, s.at.edition)
		if err != nil {
			return err
		}
		content, err := readContent(ctx, tx, s.at.edition, s.at.version)
		if err != nil {
			return err
		}
		projection, _, err := readProjection(ctx, tx, s.at.projection)
		if err != nil {
			return err
		}
		s.meta = EditionMeta{Edition: ed, Projection: s.at.projection}
		s.index, err = Compile(content, projection)
		return err
	})
	return s, err
}
