package dbtest_test

import (
	"fmt"
	"strings"
	"testing"

	"ambassadeur/internal/db"
	"ambassadeur/internal/db/dbtest"
)

// failing is a test that notes that it failed.
type failing struct {
	testing.TB
	said string
}

func (f *failing) Errorf(format string, args ...any) { f.said = fmt.Sprintf(format, args...) }

func TestNoScan(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dbtest.NoScan(t, d, "select value from setting where name = $1", "a")
		dbtest.NoScan(t, d, "select name from setting order by name limit 10")
		f := &failing{TB: t}
		dbtest.NoScan(f, d, "select name from setting where value = $1", "a")
		if !strings.Contains(f.said, "whole table") {
			t.Errorf("a scan went unseen: %v", dbtest.Plan(t, d, "select name from setting where value = $1", "a"))
		}
	})
}
