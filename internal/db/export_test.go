package db_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"ambassadeur/internal/db"
	"ambassadeur/internal/db/dbtest"
)

// family makes tables that are hard to move: a table that points to itself
// and forwards, a circle, every type, a key of two columns, a word of SQL as name.
func family(t *testing.T, d *db.DB, url string) {
	t.Helper()
	bytesType := "blob"
	if strings.HasPrefix(url, "postgres") {
		bytesType = "bytea"
	}
	dbtest.Exec(t, d,
		`create table zz_parent (id text primary key, next text references zz_parent (id), "order" bigint)`,
		`create table aa_child (parent text not null references zz_parent (id), n bigint not null, raw `+bytesType+`, part double precision, primary key (parent, n))`,
	)
}

func fill(t *testing.T, d *db.DB, rows int) {
	t.Helper()
	err := d.Write(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		_, err := db.Exec(ctx, tx, `insert into zz_parent (id, next, "order") values ($1, null, $2)`, "b", int64(-1)<<63)
		for i := range rows {
			if err == nil {
				_, err = db.Exec(ctx, tx, `insert into zz_parent (id, next, "order") values ($1, $2, $3)`, fmt.Sprintf("a<&>%05d \n\"é漢🙂", i), "b", i)
			}
		}
		if err == nil {
			_, err = db.Exec(ctx, tx, `update zz_parent set next = (select max(id) from zz_parent) where id = (select min(id) from zz_parent)`)
		}
		for i, raw := range [][]byte{nil, {}, {0, 255, 10}, bytes.Repeat([]byte("x"), 300_000)} {
			if err == nil {
				_, err = db.Exec(ctx, tx, `insert into aa_child (parent, n, raw, part) values ($1, $2, $3, $4)`, "b", i, raw, float64(i)/3)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestExportAndImport moves content in all four directions. What comes out of
// the copy is, byte for byte, what went in.
func TestExportAndImport(t *testing.T) {
	ctx := context.Background()
	dbtest.EachURL(t, func(t *testing.T, from string) {
		source := dbtest.Open(t, from)
		family(t, source, from)
		fill(t, source, 800)
		var first bytes.Buffer
		if err := source.Export(ctx, &first); err != nil {
			t.Fatal(err)
		}
		dbtest.EachURL(t, func(t *testing.T, to string) {
			target := dbtest.Open(t, to)
			family(t, target, to)
			if err := target.Import(ctx, bytes.NewReader(first.Bytes())); err != nil {
				t.Fatal(err)
			}
			var second bytes.Buffer
			if err := target.Export(ctx, &second); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(first.Bytes(), second.Bytes()) {
				t.Error("the copy differs from the original")
			}
			if err := target.Check(ctx); err != nil {
				t.Error(err)
			}
			err := target.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
				_, err := db.Exec(ctx, tx, `insert into aa_child (parent, n) values ('nobody', 1)`)
				return err
			})
			if !errors.Is(err, db.ErrReference) {
				t.Errorf("references are not held any more: %v", err)
			}
			if err := target.Import(ctx, bytes.NewReader(first.Bytes())); !errors.Is(err, db.ErrNotEmpty) {
				t.Errorf("imported twice: %v", err)
			}
		})
	})
}

// TestBulkMovingHoldsLittle: 40 MB go from one database to another through a pipe,
// while the program holds a few rows of it.
func TestBulkMovingHoldsLittle(t *testing.T) {
	ctx := context.Background()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		source, target := dbtest.Open(t, dbtest.SQLite(t)), dbtest.Open(t, url)
		err := source.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
			for range 200 {
				if _, err := db.Exec(ctx, tx, `insert into setting (name, value) values ($1, $2)`, db.NewID(), strings.Repeat("x", 200_000)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		r, w := io.Pipe()
		heap := &heapWatch{w: w}
		defer debug.SetGCPercent(debug.SetGCPercent(10)) // so that the heap is what is held, not what was
		runtime.GC()
		heap.look()
		before := heap.most
		go func() { _ = w.CloseWithError(source.Export(ctx, heap)) }()
		if err := target.Import(ctx, r); err != nil {
			t.Fatal(err)
		}
		if grown := (heap.most - before) >> 20; grown > 20 {
			t.Errorf("the heap grew by %d MB", grown)
		}
	})
}

// heapWatch passes on what is written and remembers the largest heap.
type heapWatch struct {
	w    io.Writer
	most uint64
}

func (h *heapWatch) look() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	h.most = max(h.most, m.HeapAlloc)
}

func (h *heapWatch) Write(p []byte) (int, error) {
	h.look()
	return h.w.Write(p)
}

func TestImportRefusesWhatIsDamaged(t *testing.T) {
	ctx := context.Background()
	source := dbtest.Open(t, dbtest.SQLite(t))
	dbtest.Exec(t, source, `insert into setting (name, value) values ('a', 'first'), ('b', 'second')`)
	var whole bytes.Buffer
	if err := source.Export(ctx, &whole); err != nil {
		t.Fatal(err)
	}
	good := whole.String()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for name, c := range map[string]struct {
			export string
			want   error
		}{
			"nothing":           {"", db.ErrDamaged},
			"something else":    {"hello\n", db.ErrDamaged},
			"empty line":        {strings.Replace(good, "\n", "\n\n", 1), db.ErrDamaged},
			"cut off":           {good[:len(good)/2], db.ErrDamaged},
			"without its end":   {good[:strings.LastIndex(strings.TrimSpace(good), "\n")+1], db.ErrDamaged},
			"changed":           {strings.Replace(good, "second", "fourth", 1), db.ErrDamaged},
			"a row less":        {strings.Replace(good, "[\"b\",\"second\"]\n", "", 1), db.ErrDamaged},
			"more after it":     {good + good, db.ErrDamaged},
			"an unknown table":  {strings.Replace(good, `"setting"`, `"setting; drop table setting"`, 1), db.ErrDamaged},
			"of another schema": {strings.Replace(good, `"schema":`, `"schema":9`, 1), db.ErrSchema},
		} {
			if err := d.Import(ctx, strings.NewReader(c.export)); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
		}
		if err := d.Import(ctx, strings.NewReader(good)); err != nil {
			t.Errorf("after all that, a good one: %v", err)
		}
	})
}

func TestTextThatPostgresCannotHold(t *testing.T) {
	ctx := context.Background()
	source := dbtest.Open(t, dbtest.SQLite(t))
	err := source.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := db.Exec(ctx, tx, `insert into setting (name, value) values ('a', $1)`, "broken \xff text"); !errors.Is(err, db.ErrText) {
			t.Errorf("let in: %v", err)
		}
		// as an older version or another program may have done
		_, err := tx.ExecContext(ctx, `insert into setting (name, value) values ('a', $1)`, "broken \xff text")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var export bytes.Buffer
	if err := source.Export(ctx, &export); err != nil {
		t.Fatal(err)
	}
	dbtest.EachURL(t, func(t *testing.T, url string) {
		err := dbtest.Open(t, url).Import(ctx, bytes.NewReader(export.Bytes()))
		if strings.HasPrefix(url, "sqlite") {
			if err != nil {
				t.Fatal(err)
			}
			return
		}
		if err == nil || !strings.Contains(err.Error(), "table setting, row ") {
			t.Fatalf("the error does not say where: %v", err)
		}
	})
}

func TestSnapshot(t *testing.T) {
	ctx := context.Background()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		d := dbtest.Open(t, url)
		dbtest.Exec(t, d, `insert into setting (name, value) values ('a', 'first')`)
		path := filepath.Join(t.TempDir(), "copy.db")
		err := d.SnapshotTo(ctx, path)
		if strings.HasPrefix(url, "postgres") {
			if !errors.Is(err, db.ErrNoSnapshot) {
				t.Fatal(err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info, err)
		}
		left, err := os.ReadDir(filepath.Dir(path))
		if err != nil || len(left) != 1 {
			t.Errorf("left beside the snapshot: %v, %v", left, err)
		}
		if err := d.SnapshotTo(ctx, path); !errors.Is(err, os.ErrExist) {
			t.Errorf("overwritten: %v", err)
		}
		got, err := db.Get(ctx, dbtest.Open(t, "sqlite:"+path).Reader(), db.Text, `select value from setting where name = 'a'`)
		if err != nil || got != "first" {
			t.Errorf("%q, %v", got, err)
		}
	})
}

func TestStats(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, err := d.Stats(context.Background())
		if err != nil || s.Bytes == 0 || s.Schema == 0 || !strings.HasSuffix(t.Name(), s.Engine) {
			t.Fatalf("%+v, %v", s, err)
		}
	})
}
