package db

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

var (
	// ErrNotEmpty: an import goes into a new database only.
	ErrNotEmpty = errors.New("the database is not empty")
	// ErrDamaged: the export is cut off, changed or not an export.
	ErrDamaged = errors.New("the export is damaged")
	// ErrSchema: the export was made by another version of the program.
	ErrSchema = errors.New("the export has another schema version")
)

const maxLine = 256 << 20 // one row; what is longer is not ours

// Import reads what Export wrote, of either database, into this one, which
// must be new (it may hold what the migrations put in) and of the same schema
// version. It is all or nothing: after an
// error the database is as empty as before.
func (d *DB) Import(ctx context.Context, r io.Reader) error {
	version, err := d.version(ctx)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	seeds, err := seeds(ctx)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	// Not Write: what was read from r cannot be read again for a second try.
	err = d.once(ctx, d.write, d.dialect.writeOptions(), func(ctx context.Context, tx *sql.Tx) error {
		tables, err := d.tables(ctx, tx)
		if err != nil {
			return err
		}
		restore, err := d.dialect.deferReferences(ctx, tx)
		if err != nil {
			return fmt.Errorf("defer references: %w", Normalise(err))
		}
		if err := makeEmpty(ctx, tx, tables, seeds); err != nil {
			return err
		}
		in := &importer{tx: tx, lines: bufio.NewReaderSize(r, 64<<10), sum: sha256.New(), tables: tables, version: version}
		if err := in.run(ctx); err != nil {
			return err
		}
		return Normalise(restore(ctx))
	})
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	return nil
}

// makeEmpty removes the rows that the migrations put in, and refuses when
// there are others.
func makeEmpty(ctx context.Context, tx *sql.Tx, tables []Table, seeds map[string]string) error {
	for _, t := range slices.Backward(tables) {
		n, err := Get(ctx, tx, Number, "select count(*) from "+quote(t.Name))
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		rows := ""
		if n == int64(strings.Count(seeds[t.Name], "\n")) {
			if rows, err = rowsOf(ctx, tx, t); err != nil {
				return err
			}
		}
		if rows != seeds[t.Name] || rows == "" {
			return fmt.Errorf("%w: table %s has rows", ErrNotEmpty, t.Name)
		}
		if _, err := Exec(ctx, tx, "delete from "+quote(t.Name)); err != nil {
			return fmt.Errorf("empty table %s: %w", t.Name, err)
		}
	}
	return nil
}

// seeds returns the rows, as exported, that a new database has.
func seeds(ctx context.Context) (map[string]string, error) {
	dir, err := os.MkdirTemp("", "ambassadeur-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	d, err := Open(ctx, Config{URL: "sqlite:" + filepath.Join(dir, "new.db")})
	if err != nil {
		return nil, err
	}
	defer func() { _ = d.Close() }()
	found := map[string]string{}
	return found, d.Read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		tables, err := d.tables(ctx, tx)
		for _, t := range tables {
			if found[t.Name], err = rowsOf(ctx, tx, t); err != nil {
				return err
			}
		}
		return err
	})
}

func rowsOf(ctx context.Context, tx *sql.Tx, t Table) (string, error) {
	var b strings.Builder
	_, err := exportRows(ctx, tx, t, newEncoder(&b))
	return b.String(), err
}

type importer struct {
	tx      *sql.Tx
	lines   *bufio.Reader
	sum     hash.Hash
	tables  []Table
	version int64

	buffer []byte
	table  string // where rows go now
	width  int
	insert *sql.Stmt
	rows   int64
	seen   []string
}

func (in *importer) run(ctx context.Context) error {
	defer func() {
		if in.insert != nil {
			_ = in.insert.Close()
		}
	}()
	for first := true; ; first = false {
		line, err := in.line()
		if err != nil {
			return err
		}
		switch {
		case first:
			err = in.head(line)
		case line[0] == '[':
			err = in.row(ctx, line)
		case bytes.HasPrefix(line, []byte(`{"sha256":`)):
			return in.end(line)
		default:
			err = in.begin(ctx, line)
		}
		if err != nil {
			return err
		}
		_, _ = in.sum.Write(line) // never fails
	}
}

// line returns the next line with its end, valid until the next call.
func (in *importer) line() ([]byte, error) {
	in.buffer = in.buffer[:0]
	for {
		part, err := in.lines.ReadSlice('\n')
		in.buffer = append(in.buffer, part...)
		switch {
		case err == nil:
			return in.buffer, nil
		case errors.Is(err, io.EOF):
			return nil, fmt.Errorf("%w: it is cut off after %d rows", ErrDamaged, in.rows)
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, fmt.Errorf("read the export: %w", err)
		case len(in.buffer) > maxLine:
			return nil, fmt.Errorf("%w: a line is too long", ErrDamaged)
		}
	}
}

func (in *importer) head(line []byte) error {
	var h exportHead
	if err := json.Unmarshal(line, &h); err != nil || h.Format != exportFormat {
		return fmt.Errorf("%w: it does not begin like one", ErrDamaged)
	}
	if h.Version != exportVersion || h.Schema != in.version {
		return fmt.Errorf("%w: %d, and the database %d; use the program that made it", ErrSchema, h.Schema, in.version)
	}
	return nil
}

func (in *importer) begin(ctx context.Context, line []byte) error {
	var e exportTable
	if err := json.Unmarshal(line, &e); err != nil {
		return fmt.Errorf("%w: after row %d: %w", ErrDamaged, in.rows, err)
	}
	// Names come from the file: only those that the database knows go into SQL.
	i := slices.IndexFunc(in.tables, func(t Table) bool { return t.Name == e.Table })
	if i < 0 || slices.Contains(in.seen, e.Table) || !sameSet(in.tables[i].Columns, e.Columns) {
		return fmt.Errorf("%w: table %q does not fit", ErrDamaged, e.Table)
	}
	if in.insert != nil {
		_ = in.insert.Close()
	}
	marks := make([]string, len(e.Columns))
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	stmt, err := in.tx.PrepareContext(ctx, "insert into "+quote(e.Table)+" ("+quoted(e.Columns)+") values ("+strings.Join(marks, ", ")+")")
	if err != nil {
		return fmt.Errorf("table %s: %w", e.Table, Normalise(err))
	}
	in.table, in.width, in.insert = e.Table, len(e.Columns), stmt
	in.seen = append(in.seen, e.Table)
	return nil
}

func (in *importer) row(ctx context.Context, line []byte) error {
	var raw []json.RawMessage
	if err := json.Unmarshal(line, &raw); err != nil || in.insert == nil || len(raw) != in.width {
		return fmt.Errorf("%w: table %s, row %d", ErrDamaged, in.table, in.rows+1)
	}
	values := make([]any, len(raw))
	for i := range raw {
		var err error
		if values[i], err = decode(raw[i]); err != nil {
			return fmt.Errorf("%w: table %s, row %d, value %d", ErrDamaged, in.table, in.rows+1, i+1)
		}
	}
	if _, err := in.insert.ExecContext(ctx, values...); err != nil {
		return fmt.Errorf("table %s, row %d: %w", in.table, in.rows+1, Normalise(err))
	}
	in.rows++
	return nil
}

func (in *importer) end(line []byte) error {
	var e exportEnd
	if err := json.Unmarshal(line, &e); err != nil {
		return fmt.Errorf("%w: its last line: %w", ErrDamaged, err)
	}
	if e.Sum != hex.EncodeToString(in.sum.Sum(nil)) || e.Rows != in.rows {
		return fmt.Errorf("%w: its checksum is wrong", ErrDamaged)
	}
	if len(in.seen) != len(in.tables) {
		return fmt.Errorf("%w: it has %d of %d tables", ErrDamaged, len(in.seen), len(in.tables))
	}
	if _, err := in.lines.ReadByte(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: something follows its end", ErrDamaged)
	}
	return nil
}

func sameSet(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// deferReferences lets rows of this transaction point to rows that come
// later; what it returns checks them.
func (sqliteDialect) deferReferences(ctx context.Context, tx *sql.Tx) (func(context.Context) error, error) {
	_, err := tx.ExecContext(ctx, "pragma defer_foreign_keys = 1")
	return func(context.Context) error { return nil }, err // the commit checks, and ends the deferral
}

func (postgresDialect) deferReferences(ctx context.Context, tx *sql.Tx) (func(context.Context) error, error) {
	type constraint struct{ table, name string }
	strict, err := List(ctx, tx, func(r Row) (c constraint, err error) {
		return c, r.Scan(&c.table, &c.name)
	}, `select c.relname::text, f.conname::text from pg_constraint f join pg_class c on c.oid = f.conrelid
		where f.contype = 'f' and not f.condeferrable and f.conparentid = 0 and c.relnamespace = current_schema()::regnamespace`)
	if err != nil {
		return nil, err
	}
	alter := func(ctx context.Context, how string) error {
		for _, c := range strict {
			if _, err := tx.ExecContext(ctx, "alter table "+quote(c.table)+" alter constraint "+quote(c.name)+" "+how); err != nil {
				return err
			}
		}
		return nil
	}
	restore := func(ctx context.Context) error {
		if _, err := tx.ExecContext(ctx, "set constraints all immediate"); err != nil {
			return err
		}
		return alter(ctx, "not deferrable")
	}
	return restore, alter(ctx, "deferrable initially deferred")
}
