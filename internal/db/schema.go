package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Table describes one table of ours.
type Table struct {
	Name    string
	Columns []string // in the order of the definition, without generated ones
	Key     []string // the columns of the primary key, in its order
	Refs    []string // the tables that foreign keys point to, itself left out
}

// Tables returns the tables that the migrations made, each after the tables
// that it points to; where they point in a circle, by name. Tables of the job
// library, of the migrations themselves and of search indexes are left out.
func (d *DB) Tables(ctx context.Context) ([]Table, error) {
	return d.tables(ctx, d.Reader())
}

func (d *DB) tables(ctx context.Context, q Queryer) ([]Table, error) {
	type column struct {
		table, name string
		key         int
	}
	columns, err := List(ctx, q, func(r Row) (c column, err error) {
		return c, r.Scan(&c.table, &c.name, &c.key)
	}, d.dialect.columnQuery())
	if err != nil {
		return nil, fmt.Errorf("list columns: %w", err)
	}
	refs, err := List(ctx, q, func(r Row) (pair [2]string, err error) {
		return pair, r.Scan(&pair[0], &pair[1])
	}, d.dialect.referenceQuery())
	if err != nil {
		return nil, fmt.Errorf("list references: %w", err)
	}

	byName := map[string]*Table{}
	keys := map[string]map[int]string{}
	for _, c := range columns {
		if !ours(c.table) {
			continue
		}
		if byName[c.table] == nil {
			byName[c.table] = &Table{Name: c.table}
			keys[c.table] = map[int]string{}
		}
		byName[c.table].Columns = append(byName[c.table].Columns, c.name)
		if c.key > 0 {
			keys[c.table][c.key] = c.name
		}
	}
	for name, t := range byName {
		for i := 1; keys[name][i] != ""; i++ {
			t.Key = append(t.Key, keys[name][i])
		}
	}
	for _, r := range refs {
		if t := byName[r[0]]; t != nil && r[0] != r[1] && !slices.Contains(t.Refs, r[1]) {
			t.Refs = append(t.Refs, r[1])
		}
	}
	return inOrder(byName), nil
}

func ours(table string) bool {
	for _, prefix := range []string{"river_", "goose_", "sqlite_"} {
		if strings.HasPrefix(table, prefix) {
			return false
		}
	}
	return true
}

// inOrder sorts tables so that those pointed to come first.
func inOrder(tables map[string]*Table) []Table {
	var out []Table
	placed := map[string]bool{}
	for len(out) < len(tables) {
		var ready, waiting []string
		for name, t := range tables {
			switch {
			case placed[name]:
			case slices.ContainsFunc(t.Refs, func(r string) bool { return tables[r] != nil && !placed[r] }):
				waiting = append(waiting, name)
			default:
				ready = append(ready, name)
			}
		}
		if len(ready) == 0 { // a circle
			ready = waiting
		}
		slices.Sort(ready)
		for _, name := range ready {
			placed[name] = true
			slices.Sort(tables[name].Refs)
			out = append(out, *tables[name])
		}
	}
	return out
}

func (sqliteDialect) columnQuery() string {
	return `select t.name, c.name, c.pk from pragma_table_list t, pragma_table_xinfo(t.name) c
		where t.schema = 'main' and t.type = 'table' and c.hidden = 0 order by t.name, c.cid`
}

func (sqliteDialect) referenceQuery() string {
	return `select distinct t.name, f."table" from pragma_table_list t, pragma_foreign_key_list(t.name) f
		where t.schema = 'main' and t.type = 'table'`
}

func (postgresDialect) columnQuery() string {
	return `select c.relname::text, a.attname::text, coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0)
		from pg_class c
		join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
		left join pg_index i on i.indrelid = c.oid and i.indisprimary
		where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
		order by c.relname, a.attnum`
}

func (postgresDialect) referenceQuery() string {
	return `select distinct c.relname::text, t.relname::text
		from pg_constraint f join pg_class c on c.oid = f.conrelid join pg_class t on t.oid = f.confrelid
		where f.contype = 'f' and c.relnamespace = current_schema()::regnamespace`
}
