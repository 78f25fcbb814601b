package db_test

import (
	"context"
	"database/sql"
	"fmt"
	"sync/atomic"
	"testing"

	"ambassadeur/internal/db"
	"ambassadeur/internal/db/dbtest"
)

func each(b *testing.B, run func(b *testing.B, d *db.DB)) {
	b.Run("sqlite", func(b *testing.B) { run(b, dbtest.Open(b, dbtest.SQLite(b))) })
	b.Run("postgres", func(b *testing.B) { run(b, dbtest.Open(b, dbtest.Postgres(b))) })
}

// BenchmarkWrite: transactions of one row, from eight goroutines. The test
// server does not wait for the disk; SQLite does.
func BenchmarkWrite(b *testing.B) {
	each(b, func(b *testing.B, d *db.DB) {
		var n atomic.Int64
		b.SetParallelism(4)
		b.ResetTimer() // the server has started
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if err := put(context.Background(), d, fmt.Sprint("name-", n.Add(1)), "value"); err != nil {
					b.Error(err)
				}
			}
		})
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tx/s")
	})
}

// BenchmarkList: a page of 50 rows out of 10,000, while nobody writes.
func BenchmarkList(b *testing.B) {
	each(b, func(b *testing.B, d *db.DB) {
		ctx := context.Background()
		err := d.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
			for i := range 10_000 {
				if _, err := db.Exec(ctx, tx, "insert into setting (name, value) values ($1, $2)", fmt.Sprintf("name-%05d", i), "value"); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		b.SetParallelism(4)
		b.ResetTimer()
		b.RunParallel(func(pb *testing.PB) {
			for i := 0; pb.Next(); i++ {
				names, err := db.List(ctx, d.Reader(), db.Text, "select name from setting where name > $1 order by name limit 50", fmt.Sprintf("name-%05d", i*37%9000))
				if err != nil || len(names) != 50 {
					b.Errorf("%d, %v", len(names), err)
				}
			}
		})
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "lists/s")
	})
}
