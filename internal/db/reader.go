package db

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// maxStatements bounds how many statements Reader keeps. Queries are constant
// texts of the program, so it is never reached unless one is put together.
const maxStatements = 256

// reader answers single queries, each on a statement that is parsed once: on
// SQLite parsing costs several times what running a small query does.
type reader struct{ d *DB }

func (r reader) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if stmt := r.d.single.get(ctx, r.d.read, query); stmt != nil {
		return stmt.QueryContext(ctx, args...)
	}
	return r.d.read.QueryContext(ctx, query, args...)
}

func (r reader) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if stmt := r.d.single.get(ctx, r.d.read, query); stmt != nil {
		return stmt.QueryRowContext(ctx, args...)
	}
	return r.d.read.QueryRowContext(ctx, query, args...)
}

func (r reader) ExecContext(context.Context, string, ...any) (sql.Result, error) {
	return nil, errors.New("db: a Reader cannot write; use Write")
}

// statements keeps prepared statements by their text.
type statements struct {
	mu     sync.RWMutex
	byText map[string]*sql.Stmt
	closed bool
}

// get returns the statement for a query, or nil when it cannot be kept; then
// the query runs unprepared, and says itself what is wrong with it.
func (s *statements) get(ctx context.Context, pool *sql.DB, query string) *sql.Stmt {
	s.mu.RLock()
	stmt := s.byText[query]
	s.mu.RUnlock()
	if stmt != nil {
		return stmt
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if stmt := s.byText[query]; stmt != nil || s.closed || len(s.byText) >= maxStatements {
		return stmt
	}
	// The statement outlives the request that needed it first.
	stmt, err := pool.PrepareContext(context.WithoutCancel(ctx), query)
	if err != nil {
		return nil
	}
	if s.byText == nil {
		s.byText = map[string]*sql.Stmt{}
	}
	s.byText[query] = stmt
	return stmt
}

func (s *statements) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, stmt := range s.byText {
		_ = stmt.Close() // the pool closes after it
	}
	s.byText, s.closed = nil, true
}
