package audit

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ambassadeur/internal/db"
	"ambassadeur/internal/db/dbtest"
	"ambassadeur/internal/fault"
	"ambassadeur/internal/secret"
)

var ctx = context.Background()

// clock goes on a minute at each look, as a trail of some days would.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) tick() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Minute)
	return c.now
}

var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func newLog(t interface{ Fatal(...any) }, d *db.DB) *Log {
	box, err := secret.New(map[byte][]byte{1: bytes.Repeat([]byte{7}, secret.KeySize)})
	if err != nil {
		t.Fatal(err)
	}
	c := &clock{now: start}
	return New(d, box, c.tick, func(_ context.Context, reader string) error {
		if reader != "auditor" {
			return fault.NewForbidden("fault.forbidden")
		}
		return nil
	})
}

func record(t interface{ Fatal(...any) }, l *Log, actor, action, object string) {
	err := l.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error { return l.Record(ctx, tx, actor, action, object) })
	if err != nil {
		t.Fatal(err)
	}
}

// unlock takes the triggers away, as somebody who tampers would.
func unlock(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `drop trigger audit_entry_no_update`)
		return err
	})
	if err == nil {
		dbtest.Exec(t, d, `drop trigger audit_entry_no_delete`)
		return
	}
	dbtest.Exec(t, d, `drop trigger audit_entry_keep on audit_entry`)
}

func tamper(t interface{ Fatal(...any) }, d *db.DB, query string, args ...any) {
	err := d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func brokenAt(t interface{ Fatalf(string, ...any) }, l *Log) int64 {
	_, err := l.Verify(ctx)
	var b *Broken
	if !errors.As(err, &b) {
		t.Fatalf("the chain holds although it was tampered with: %v", err)
	}
	return b.Seq
}

func TestAnEntryStandsWhenItsChangeStands(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLog(t, d)
		if r, err := l.Verify(ctx); err != nil || r.Last != 0 {
			t.Fatalf("an empty trail: %+v, %v", r, err)
		}
		record(t, l, "p1", "edition.publish", "edition/e1")
		failed := errors.New("no")
		err := d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
			if err := l.Record(ctx, tx, "p1", "edition.revoke", "edition/e1"); err != nil {
				return err
			}
			return failed
		})
		if !errors.Is(err, failed) {
			t.Fatal(err)
		}
		err = d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
			return errors.Join(l.Record(ctx, tx, System, "a.b", "c/1"), l.Record(ctx, tx, System, "a.b", "c/2"))
		})
		if err != nil {
			t.Fatal(err)
		}
		r, err := l.Verify(ctx)
		if err != nil || r.Entries != 3 || r.First != 1 || r.Last != 3 {
			t.Errorf("%+v, %v", r, err)
		}
		if seq, hash, err := l.Head(ctx); seq != 3 || !bytes.Equal(hash, r.Hash) || err != nil {
			t.Errorf("head %d, %v", seq, err)
		}
	})
}

func TestOnlyIdsAreTaken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLog(t, d)
		for _, c := range [][3]string{
			{"Sanne de Vries", "a.b", "c/1"}, {"sanne@example.org", "a.b", "c/1"}, {"", "a.b", "c/1"},
			{"p1", "published something", "c/1"}, {"p1", "a", "c/1"}, {"p1", "A.b", "c/1"},
			{"p1", "a.b", "c"}, {"p1", "a.b", "c/een verhaal"}, {"p1", "a.b", "c/" + strings.Repeat("x", 65)}, {"p1", "a.b", "c/x\n"},
		} {
			err := d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error { return l.Record(ctx, tx, c[0], c[1], c[2]) })
			if err == nil {
				t.Errorf("taken: %q", c)
			}
			if err != nil && c[0] != "" && strings.Contains(err.Error(), c[0]+" ") {
				t.Errorf("the error repeats the actor: %v", err)
			}
		}
	})
}

func TestTheDatabaseItselfRefusesChanges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLog(t, d)
		record(t, l, "p1", "a.b", "c/1")
		for _, q := range []string{`update audit_entry set actor = 'p2'`, `delete from audit_entry`} {
			err := d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error { _, err := tx.ExecContext(ctx, q); return err })
			if err == nil || !strings.Contains(err.Error(), "audit entries") {
				t.Errorf("%s: %v", q, err)
			}
		}
	})
}

func TestWhoeverTampersIsFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		unlock(t, d)
		l := newLog(t, d)
		rapid.Check(t, func(t *rapid.T) {
			tamper(t, d, `delete from audit_entry`)
			tamper(t, d, `delete from audit_head`)
			n := int64(rapid.IntRange(2, 9).Draw(t, "entries"))
			for i := range n {
				record(t, l, fmt.Sprintf("p%d", i%3), "a.b", fmt.Sprintf("c/%d", i))
			}
			at := int64(rapid.IntRange(1, int(n)).Draw(t, "at"))
			want := at
			switch rapid.SampledFrom([]string{"actor", "action", "object", "at", "hash", "delete", "tail", "reorder", "insert", "renumber", "head", "forged head"}).Draw(t, "tamper") {
			case "actor":
				tamper(t, d, `update audit_entry set actor = 'px' where seq = $1`, at)
			case "action":
				tamper(t, d, `update audit_entry set action = 'x.y' where seq = $1`, at)
			case "object":
				tamper(t, d, `update audit_entry set object = 'x/y' where seq = $1`, at)
			case "at":
				tamper(t, d, `update audit_entry set at = at + 1 where seq = $1`, at)
			case "hash":
				tamper(t, d, `update audit_entry set hash = $2 where seq = $1`, at, bytes.Repeat([]byte{1}, 32))
			case "delete":
				tamper(t, d, `delete from audit_entry where seq = $1`, at)
			case "tail":
				tamper(t, d, `delete from audit_entry where seq >= $1`, at)
			case "reorder":
				other := at%n + 1
				want = min(at, other)
				tamper(t, d, `update audit_entry set seq = -1 where seq = $1`, at)
				tamper(t, d, `update audit_entry set seq = $1 where seq = $2`, at, other)
				tamper(t, d, `update audit_entry set seq = $1 where seq = -1`, other)
			case "insert":
				want = n + 1
				e := Entry{Seq: n + 1, At: start, Actor: "p1", Action: "a.b", Object: "c/x"}
				_, hash, err := l.Head(ctx)
				if err != nil {
					t.Fatal(err)
				}
				tamper(t, d, `insert into audit_entry (seq, at, actor, action, object, hash) values ($1, $2, $3, $4, $5, $6)`,
					e.Seq, db.Micros(e.At), e.Actor, e.Action, e.Object, e.sum(hash))
			case "renumber":
				tamper(t, d, `update audit_entry set seq = seq + 100 where seq >= $1`, at)
			case "head":
				want = 1
				tamper(t, d, `delete from audit_head`)
			case "forged head": // all after at cut off, and the end moved there without the key
				tamper(t, d, `delete from audit_entry where seq > $1`, at)
				tamper(t, d, `update audit_head set seq = $1, hash = (select hash from audit_entry where seq = $1)`, at)
				if at == n {
					tamper(t, d, `update audit_head set seq = seq + 1`)
					want = n + 1
				}
			}
			if got := brokenAt(t, l); got != want {
				t.Fatalf("broken at %d, want %d", got, want)
			}
		})
	})
}

func TestPruningLeavesASignedCheckpoint(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLog(t, d)
		for i := range 10 {
			record(t, l, "p1", "a.b", fmt.Sprintf("c/%d", i))
		}
		n, err := l.Prune(ctx, System, start.Add(5*time.Minute)) // entries 1 to 4
		if err != nil || n != 4 {
			t.Fatalf("pruned %d, %v", n, err)
		}
		if n, err := l.Prune(ctx, System, start.Add(5*time.Minute)); err != nil || n != 0 {
			t.Fatalf("pruned again %d, %v", n, err)
		}
		r, err := l.Verify(ctx)
		if err != nil || r.Pruned != 4 || r.First != 5 || r.Last != 11 || r.Entries != 7 {
			t.Fatalf("%+v, %v", r, err)
		}
		if n, err := l.Prune(ctx, "p1", start.Add(time.Hour)); err != nil || n != 7 {
			t.Fatalf("pruned the rest: %d, %v", n, err)
		}
		if r, err = l.Verify(ctx); err != nil || r.Pruned != 11 || r.First != 12 || r.Last != 12 {
			t.Fatalf("%+v, %v", r, err)
		}
		if r, err = l.VerifyLast(ctx, 5); err != nil || r.Last != 12 {
			t.Fatalf("%+v, %v", r, err)
		}
		for name, q := range map[string]string{
			"count":     `update audit_checkpoint set removed = removed - 1 where seq = 11`,
			"hash":      `update audit_checkpoint set hash = (select hash from audit_entry) where seq = 11`,
			"first one": `delete from audit_checkpoint where seq = 4`,
			"last one":  `delete from audit_checkpoint where seq = 11`,
			"moved":     `update audit_checkpoint set seq = 12 where seq = 11`,
		} {
			err := d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
				if _, err := tx.ExecContext(ctx, q); err != nil {
					return err
				}
				_, err := l.base(ctx, tx)
				if err == nil {
					base, _ := l.base(ctx, tx)
					err = l.follow(ctx, tx, &Report{Last: base.seq, Hash: base.hash}, 12)
				}
				return errors.Join(errors.New("undo"), err)
			})
			var b *Broken
			if !errors.As(err, &b) {
				t.Errorf("%s: not found: %v", name, err)
			}
		}
	})
}

func TestABrokenChainIsNotSignedAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLog(t, d)
		for i := range 5 {
			record(t, l, "p1", "a.b", fmt.Sprintf("c/%d", i))
		}
		unlock(t, d)
		tamper(t, d, `update audit_entry set actor = 'p2' where seq = 2`)
		var b *Broken
		if n, err := l.Prune(ctx, System, start.Add(time.Hour)); n != 0 || !errors.As(err, &b) || b.Seq != 2 {
			t.Errorf("pruned %d, %v", n, err)
		}
		if _, err := l.VerifyLast(ctx, 2); err != nil {
			t.Errorf("the end holds: %v", err)
		}
		if _, err := l.VerifyLast(ctx, 4); !errors.As(err, &b) || b.Seq != 2 {
			t.Errorf("the end of four: %v", err)
		}
	})
}

func TestTwoNodesNeverForkTheChain(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, url string) {
		var wg sync.WaitGroup
		const nodes, each = 2, 15
		for range nodes {
			l := newLog(t, dbtest.Open(t, url))
			for range 2 {
				wg.Go(func() {
					for range each {
						err := l.db.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
							return l.Record(ctx, tx, "p1", "a.b", "c/1")
						})
						if err != nil {
							t.Error(err)
						}
					}
				})
			}
		}
		wg.Wait()
		l := newLog(t, dbtest.Open(t, url))
		if r, err := l.Verify(ctx); err != nil || r.Entries != nodes*2*each {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

func TestReadingIsForThoseWhoMayAndLeavesAnEntry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := newLog(t, d)
		for i := range 6 {
			record(t, l, fmt.Sprintf("p%d", i%2), "a.b", fmt.Sprintf("c/%d", i%3))
		}
		if _, err := l.List(ctx, "p1", Filter{}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("somebody else: %v", err)
		}
		for name, c := range map[string]struct {
			f    Filter
			want string
		}{
			"actor":  {Filter{Actor: "p1"}, "6 4 2"},
			"object": {Filter{Object: "c/0"}, "4 1"},
			"both":   {Filter{Actor: "p1", Object: "c/0"}, "4"},
			"time":   {Filter{From: start.Add(2 * time.Minute), To: start.Add(4 * time.Minute)}, "3 2"},
			"page":   {Filter{Before: 4, Limit: 2}, "3 2"},
			"none":   {Filter{Actor: "p9"}, ""},
		} {
			got, err := l.List(ctx, "auditor", c.f)
			if err != nil {
				t.Fatal(err)
			}
			var seqs []string
			for _, e := range got {
				seqs = append(seqs, fmt.Sprint(e.Seq))
			}
			if s := strings.Join(seqs, " "); s != c.want {
				t.Errorf("%s: %q, want %q", name, s, c.want)
			}
		}
		got, err := l.List(ctx, "auditor", Filter{Limit: 1})
		if err != nil || len(got) != 1 || got[0].Actor != "auditor" || got[0].Action != "audit.read" {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestBulkVerifyingNeedsLittleMemory(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite(t))
	l := newLog(t, d)
	const n = 3*page + 7
	err := d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for range n {
			if err := l.Record(ctx, tx, "p1", "a.b", "c/1"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := l.Verify(ctx); err != nil || r.Entries != n {
		t.Errorf("%+v, %v", r, err)
	}
	if removed, err := l.Prune(ctx, System, start.Add(3100*time.Minute)); err != nil || removed != n {
		// every entry lies before that moment
		t.Errorf("pruned %d, %v", removed, err)
	}
	if r, err := l.Verify(ctx); err != nil || r.Entries != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}
