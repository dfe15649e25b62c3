package main

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// table is one whose rows belong to conversations.
type table struct {
	name    string
	columns []string
	key     []int  // which of them are the primary key
	id      string // the one that is the number of the conversation
}

type row []any

type rows map[string]row // by their keys

// perConversation lists the tables, the conversation itself first.
func perConversation(ctx context.Context, db *sql.DB) ([]table, error) {
	names, err := column[string](ctx, db, `
		SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND (c.name = 'thread_id' OR m.name = 'thread' AND c.name = 'id') ORDER BY m.name <> 'thread', m.name`)
	if err != nil {
		return nil, err
	}
	var tables []table
	for _, name := range names {
		t := table{name: name, id: "thread_id"}
		if name == "thread" {
			t.id = "id"
		}
		if t.columns, err = column[string](ctx, db, `SELECT name FROM pragma_table_info(?) ORDER BY cid`, name); err != nil {
			return nil, err
		}
		if t.key, err = column[int](ctx, db, `SELECT cid FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk`, name); err != nil {
			return nil, err
		}
		tables = append(tables, t)
	}
	return tables, nil
}

// read returns the rows of the only conversation that there is.
func (t table) read(ctx context.Context, db *sql.DB) (rows, error) {
	found, err := db.QueryContext(ctx, "SELECT "+strings.Join(t.columns, ", ")+" FROM "+t.name)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	all := rows{}
	for found.Next() {
		one, into := make(row, len(t.columns)), make([]any, len(t.columns))
		for i := range one {
			into[i] = &one[i]
		}
		if err := found.Scan(into...); err != nil {
			return nil, err
		}
		all[fmt.Sprint(t.keyOf(one))] = one
	}
	return all, found.Err()
}

func (t table) keyOf(r row) (key []any) {
	for _, i := range t.key {
		key = append(key, r[i])
	}
	return key
}

// changes tells how rows came from what they were before.
func (t table) changes(before, now rows) (changed []change) {
	for key, r := range now {
		old, known := before[key]
		switch {
		case !known:
			marks := strings.TrimSuffix(strings.Repeat("?, ", len(r)), ", ")
			changed = append(changed, t.change("INSERT INTO "+t.name+" ("+strings.Join(t.columns, ", ")+") VALUES ("+marks+")", t.columns, r))
		case !reflect.DeepEqual(old, r):
			var columns, sets []string
			var values row
			for i, value := range r {
				if !reflect.DeepEqual(old[i], value) {
					columns, sets, values = append(columns, t.columns[i]), append(sets, t.columns[i]+" = ?"), append(values, value)
				}
			}
			changed = append(changed, t.change("UPDATE "+t.name+" SET "+strings.Join(sets, ", ")+t.where(), append(columns, t.keyColumns()...), append(values, t.keyOf(r)...)))
		}
	}
	for key, r := range before {
		if now[key] == nil {
			changed = append(changed, t.change("DELETE FROM "+t.name+t.where(), t.keyColumns(), t.keyOf(r)))
		}
	}
	slices.SortFunc(changed, func(a, b change) int { return strings.Compare(fmt.Sprint(a.Args...), fmt.Sprint(b.Args...)) })
	return changed
}

func (t table) keyColumns() (names []string) {
	for _, i := range t.key {
		names = append(names, t.columns[i])
	}
	return names
}

func (t table) where() string { return " WHERE " + strings.Join(t.keyColumns(), " = ? AND ") + " = ?" }

func (t table) change(statement string, columns []string, args row) change {
	c := change{SQL: statement, Args: args, Place: slices.Index(columns, "peer")}
	for i, column := range columns {
		if column == t.id {
			c.IDs = append(c.IDs, i)
		}
	}
	return c
}

// column is the first value of each row of a query.
func column[T any](ctx context.Context, db *sql.DB, query string, args ...any) ([]T, error) {
	found, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var all []T
	for found.Next() {
		var one T
		if err := found.Scan(&one); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, found.Err()
}
