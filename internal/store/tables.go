package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// table is a table as a copy needs it. The list is read from the schema of
// SQLite, so that a migration need not tell anybody of a new one.
type table struct {
	name    string
	columns []column
}

// column is one that holds a value of its own: what the database computes is
// not copied.
type column struct {
	name string
	kind string // INTEGER, TEXT or BLOB
	key  int64  // its place in the primary key, from 1 on; 0 if it is not part of it
}

// tablesOf lists the tables of a SQLite database, each after those that it
// refers to. The table in which goose counts migrations is not among them.
func tablesOf(ctx context.Context, c conn) ([]table, error) {
	type field struct {
		table string
		column
	}
	fields, err := list(ctx, c, func(row scanner) (f field, err error) {
		err = row.Scan(&f.table, &f.name, &f.kind, &f.key)
		return f, err
	}, `SELECT t.name, c.name, c.type, c.pk
		FROM sqlite_schema t JOIN pragma_table_xinfo(t.name) c
		WHERE t.type = 'table' AND t.name NOT GLOB 'sqlite_*' AND t.name <> 'goose_db_version' AND c.hidden = 0
		ORDER BY t.name, c.cid`)
	if err != nil {
		return nil, err
	}
	var tables []table
	for _, f := range fields {
		if len(tables) == 0 || tables[len(tables)-1].name != f.table {
			tables = append(tables, table{name: f.table})
		}
		last := &tables[len(tables)-1]
		last.columns = append(last.columns, f.column)
	}
	references, err := list(ctx, c, func(row scanner) (r [2]string, err error) {
		err = row.Scan(&r[0], &r[1])
		return r, err
	}, `SELECT t.name, f."table" FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'`)
	if err != nil {
		return nil, err
	}
	return referredFirst(tables, references), nil
}

// referredFirst sorts tables by references from one to another.
func referredFirst(tables []table, references [][2]string) (sorted []table) {
	waits := func(t table) bool {
		return slices.ContainsFunc(references, func(r [2]string) bool {
			there := slices.ContainsFunc(sorted, func(s table) bool { return s.name == r[1] })
			return r[0] == t.name && r[1] != t.name && !there
		})
	}
	for len(tables) > 0 {
		i := max(0, slices.IndexFunc(tables, func(t table) bool { return !waits(t) })) // a circle is begun anywhere
		sorted = append(sorted, tables[i])
		tables = slices.Delete(tables, i, i+1)
	}
	return sorted
}

func quoted(name string) string { return `"` + name + `"` }

// names lists the columns for a statement.
func (t table) names() string {
	var names []string
	for _, c := range t.columns {
		names = append(names, quoted(c.name))
	}
	return strings.Join(names, ", ")
}

// selectAll reads a table in the order of its key, which both databases sort by
// bytes; collate says so to the one that would not.
func (t table) selectAll(collate string) string {
	var key []column
	for _, c := range t.columns {
		if c.key > 0 {
			key = append(key, c)
		}
	}
	slices.SortFunc(key, func(a, b column) int { return int(a.key - b.key) })
	var order []string
	for _, c := range key {
		by := quoted(c.name)
		if c.kind == "TEXT" {
			by += collate
		}
		order = append(order, by)
	}
	return fmt.Sprintf(`SELECT %s FROM %s ORDER BY %s`, t.names(), quoted(t.name), strings.Join(order, ", "))
}
