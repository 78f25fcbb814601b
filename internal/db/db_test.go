package db_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/db/dbtest"
)

func put(ctx context.Context, d *db.DB, name, value string) error {
	return d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := db.Exec(ctx, tx, "insert into setting (name, value) values ($1, $2)", name, value)
		return err
	})
}

func TestMeaningOfErrors(t *testing.T) {
	ctx := context.Background()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := put(ctx, d, "a", "b"); err != nil {
			t.Fatal(err)
		}
		if err := put(ctx, d, "a", "c"); !errors.Is(err, db.ErrDuplicate) {
			t.Errorf("twice the same key: %v", err)
		}
		if err := put(ctx, d, "a", "c"); strings.Contains(err.Error(), "\n") {
			t.Errorf("an error of two lines: %q", err)
		}
		if _, err := db.Get(ctx, d.Reader(), db.Text, "select value from setting where name = $1", "z"); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("no row: %v", err)
		}
		if list, err := db.List(ctx, d.Reader(), db.Text, "select value from setting where name = $1", "z"); err != nil || len(list) != 0 {
			t.Errorf("no rows: %v, %v", list, err)
		}
		mine := errors.New("mine")
		if err := d.Write(ctx, func(context.Context, *sql.Tx) error { return mine }); err != mine {
			t.Errorf("changed on its way: %v", err)
		}
		err := d.Write(ctx, func(ctx context.Context, _ *sql.Tx) error { return put(ctx, d, "inner", "") })
		if err == nil || !strings.Contains(err.Error(), "inside") {
			t.Errorf("a Write inside a Write: %v", err)
		}
		cancelled, cancel := context.WithCancel(ctx)
		cancel()
		if err := put(cancelled, d, "x", "y"); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
		for _, text := range []string{"a\x00b", "\xff"} {
			if err := put(ctx, d, text, ""); !errors.Is(err, db.ErrText) {
				t.Errorf("%q: %v", text, err)
			}
			if _, err := db.Get(ctx, d.Reader(), db.Text, "select value from setting where name = $1", text); !errors.Is(err, db.ErrText) {
				t.Errorf("%q: %v", text, err)
			}
		}
		short, done := context.WithTimeout(ctx, 50*time.Millisecond)
		defer done()
		_, err = db.List(short, d.Reader(), db.Number, "with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000000000) select count(*) from n")
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a query that takes too long: %v", err)
		}
		if err := d.Ping(ctx); err != nil {
			t.Errorf("ping: %v", err)
		}
	})
}

// TestARollbackLeavesNothing: neither an error nor a panic leaves a trace, or
// takes away the only connection that writes.
func TestARollbackLeavesNothing(t *testing.T) {
	ctx := context.Background()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, end := range []func() error{
			func() error { return errors.New("no") },
			func() error { panic("no") },
		} {
			func() {
				defer func() { _ = recover() }()
				_ = d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
					if _, err := db.Exec(ctx, tx, "insert into setting (name, value) values ('a', 'b')"); err != nil {
						t.Error(err)
					}
					return end()
				})
			}()
		}
		if err := put(ctx, d, "a", "b"); err != nil {
			t.Fatal(err)
		}
	})
}

func TestReadCannotWrite(t *testing.T) {
	ctx := context.Background()
	const insert = "insert into setting (name, value) values ('a', 'b') returning name"
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Read(ctx, func(ctx context.Context, tx *sql.Tx) error {
			_, err := db.Exec(ctx, tx, insert)
			return err
		})
		if !errors.Is(err, db.ErrReadOnly) {
			t.Errorf("Read wrote: %v", err)
		}
		if _, err := db.Get(ctx, d.Reader(), db.Text, insert); !errors.Is(err, db.ErrReadOnly) {
			t.Errorf("Reader wrote: %v", err)
		}
		if _, err := db.Exec(ctx, d.Reader(), insert); err == nil {
			t.Error("Reader wrote")
		}
		if err := put(ctx, d, "a", "b"); err != nil {
			t.Error(err)
		}
	})
}

// TestReadSeesOneMoment: what is committed in between stays out of sight.
func TestReadSeesOneMoment(t *testing.T) {
	ctx := context.Background()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Read(ctx, func(ctx context.Context, tx *sql.Tx) error {
			for range 2 {
				n, err := db.Get(ctx, tx, db.Number, "select count(*) from setting")
				if err != nil || n != 0 {
					return fmt.Errorf("%d rows, %w", n, err)
				}
				if err := put(ctx, d, db.NewID(), "b"); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestValuesComeBack: each kind of value, through numbered placeholders that
// are used twice and out of order.
func TestValuesComeBack(t *testing.T) {
	ctx := context.Background()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		d := dbtest.Open(t, url)
		family(t, d, url)
		now := time.Now()
		for i, want := range []time.Time{
			{}, now, time.Date(1969, 12, 31, 23, 59, 59, 999_999_000, time.UTC),
			time.Date(2026, 3, 29, 2, 30, 0, 0, time.FixedZone("CET", 3600)), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC),
		} {
			id := fmt.Sprint(i)
			err := d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
				_, err := db.Exec(ctx, tx, `insert into zz_parent ("order", id, next) values ($2, $1, $1)`, id, db.Micros(want))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			us, err := db.Get(ctx, d.Reader(), db.Number, `select "order" from zz_parent where next = $1 and id = $1`, id)
			if got := db.Time(us); err != nil || !got.Equal(want.Truncate(time.Microsecond)) || got.Location() != time.UTC {
				t.Errorf("%v came back as %v, %v", want, got, err)
			}
		}
		text, raw := "é漢🙂 'quoted' \"twice\" $1 ? \\", []byte{0, 1, 255}
		err := d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
			if _, err := db.Exec(ctx, tx, `insert into zz_parent (id, "order") values ($1, $2)`, text, int64(math.MaxInt64)); err != nil {
				return err
			}
			n, err := db.Exec(ctx, tx, `insert into aa_child (parent, n, raw) values ($1, $2, $3)`, text, db.Int(true), raw)
			if n != 1 {
				t.Errorf("%d rows changed", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var gotText string
		var gotRaw []byte
		var yes bool
		var big int64
		_, err = db.Get(ctx, d.Reader(), func(r db.Row) (struct{}, error) {
			return struct{}{}, r.Scan(&gotText, &gotRaw, &yes, &big)
		}, `select c.parent, c.raw, c.n, p."order" from aa_child c join zz_parent p on p.id = c.parent where c.part is null`)
		if err != nil || gotText != text || !bytes.Equal(gotRaw, raw) || !yes || big != math.MaxInt64 {
			t.Errorf("%q %v %v %d, %v", gotText, gotRaw, yes, big, err)
		}
	})
}

// TestTextIsOrderedByCodePoint: both databases sort and compare alike.
func TestTextIsOrderedByCodePoint(t *testing.T) {
	ctx := context.Background()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, name := range []string{"b", "a", "B", "é", "z", "_", "a b", "ab"} {
			if err := put(ctx, d, name, ""); err != nil {
				t.Fatal(err)
			}
		}
		got, err := db.List(ctx, d.Reader(), db.Text, "select name from setting order by name")
		if err != nil || strings.Join(got, "|") != "B|_|a|a b|ab|b|z|é" {
			t.Errorf("%q, %v", got, err)
		}
	})
}

// TestOneManagerRemains: two leave at the same time, each seeing the other
// still there. Without SERIALIZABLE both would go.
func TestOneManagerRemains(t *testing.T) {
	ctx := context.Background()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		last := errors.New("you are the last")
		for round := range 20 {
			names := []string{fmt.Sprintf("manager-%d-a", round), fmt.Sprintf("manager-%d-b", round)}
			for _, n := range names {
				if err := put(ctx, d, n, fmt.Sprint(round)); err != nil {
					t.Fatal(err)
				}
			}
			var all sync.WaitGroup
			for _, n := range names {
				all.Go(func() {
					err := d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
						left, err := db.Get(ctx, tx, db.Number, "select count(*) from setting where value = $1", fmt.Sprint(round))
						if err == nil && left < 2 {
							return last
						}
						if err == nil {
							_, err = db.Exec(ctx, tx, "delete from setting where name = $1", n)
						}
						return err
					})
					if err != nil && !errors.Is(err, last) {
						t.Error(err)
					}
				})
			}
			all.Wait()
			n, err := db.Get(ctx, d.Reader(), db.Number, "select count(*) from setting where value = $1", fmt.Sprint(round))
			if err != nil || n != 1 {
				t.Fatalf("round %d: %d managers remain, %v", round, n, err)
			}
		}
	})
}

// TestManyWriters: none fails and no change is lost, also on one row.
func TestManyWriters(t *testing.T) {
	ctx := context.Background()
	const writers, each = 8, 25
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := put(ctx, d, "counter", "0"); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for range writers {
			all.Go(func() {
				for range each {
					err := d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
						v, err := db.Get(ctx, tx, db.Text, "select value from setting where name = 'counter'")
						if err != nil {
							return err
						}
						var n int
						if _, err := fmt.Sscan(v, &n); err != nil {
							return err
						}
						_, err = db.Exec(ctx, tx, "update setting set value = $1 where name = 'counter'", fmt.Sprint(n+1))
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		got, err := db.Get(ctx, d.Reader(), db.Text, "select value from setting where name = 'counter'")
		if err != nil || got != fmt.Sprint(writers*each) {
			t.Errorf("%s, want %d; %v", got, writers*each, err)
		}
	})
}

func TestAddressesThatCannotBe(t *testing.T) {
	for _, url := range []string{"", "mysql://x", "sqlite:", "sqlite::memory:", "postgres://user:hunter2@host:notaport/x"} {
		_, err := db.Open(context.Background(), db.Config{URL: url})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", url, err)
		}
	}
}

func TestExclusiveAndPresence(t *testing.T) {
	ctx := context.Background()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		d1, d2 := dbtest.Open(t, url), dbtest.Open(t, url)
		var inside, runs atomic.Int32 // a lock between processes orders nothing that the race detector sees
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				err := []*db.DB{d1, d2}[i%2].Exclusive(ctx, "test", func(ctx context.Context) error {
					runs.Add(1)
					if inside.Add(1) != 1 {
						t.Error("two at the same time")
					}
					time.Sleep(time.Millisecond)
					inside.Add(-1)
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if runs.Load() != 8 {
			t.Errorf("%d of 8 ran", runs.Load())
		}
		if strings.HasPrefix(url, "postgres") {
			return
		}
		first := 0
		join := func(d *db.DB) func() {
			leave, err := d.Presence(ctx, "jobs", func(context.Context) error { first++; return nil })
			if err != nil {
				t.Fatal(err)
			}
			return leave
		}
		leave1, leave2 := join(d1), join(d2)
		leave1()
		leave3 := join(d1)
		if first != 1 {
			t.Errorf("%d were first while somebody was there", first)
		}
		leave2()
		leave3()
		join(d1)()
		if first != 2 {
			t.Errorf("%d were first, want 2", first)
		}
	})
}
