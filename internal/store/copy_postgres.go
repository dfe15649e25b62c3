package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// plainPostgres is a database as it is: it is not migrated.
func plainPostgres(place string) (*sql.DB, error) {
	config, err := pgxpool.ParseConfig(place) // which knows the settings of a pool
	if err != nil {
		return nil, err
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectLimit
	}
	return stdlib.OpenDB(*config.ConnConfig), nil
}

// byBytes has PostgreSQL sort texts as SQLite does.
const byBytes = ` COLLATE "C"`

// pgColumn is a column of PostgreSQL.
type pgColumn struct {
	table, name string
	kind        string // bigint, text, bytea …
	identity    bool
}

// pgColumns lists the columns of the same tables in PostgreSQL. That they are
// the same is checked: a copy must not leave anything out.
func pgColumns(ctx context.Context, c conn, tables []table) ([]pgColumn, error) {
	columns, err := list(ctx, c, func(row scanner) (c pgColumn, err error) {
		err = row.Scan(&c.table, &c.name, &c.kind, &c.identity)
		return c, err
	}, `SELECT c.table_name, c.column_name, c.data_type, c.is_identity = 'YES'
		FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
		WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
			AND c.is_generated = 'NEVER' AND c.table_name <> 'goose_db_version'`)
	if err != nil {
		return nil, err
	}
	var here, there []string
	for _, t := range tables {
		for _, c := range t.columns {
			here = append(here, t.name+"."+c.name)
		}
	}
	columns = slices.DeleteFunc(columns, func(c pgColumn) bool { // tables of others are none of ours
		return !slices.ContainsFunc(tables, func(t table) bool { return t.name == c.table })
	})
	for _, c := range columns {
		there = append(there, c.table+"."+c.name)
	}
	slices.Sort(here)
	slices.Sort(there)
	if !slices.Equal(here, there) {
		return nil, fmt.Errorf("the schemas of SQLite and PostgreSQL differ: %v and %v", here, there)
	}
	return columns, nil
}

// pgSide is a transaction of PostgreSQL, on a connection, as one side of a copy.
func pgSide(c *sql.Conn, tx *sql.Tx, columns []pgColumn) side {
	return side{conn: tx, collate: byBytes, insert: func(ctx context.Context, t table, r *tally) error {
		source := &pgSource{tally: r}
		var names []string
		for _, c := range t.columns {
			i := slices.IndexFunc(columns, func(pg pgColumn) bool { return pg.table == t.name && pg.name == c.name })
			source.kinds = append(source.kinds, columns[i].kind)
			names = append(names, c.name)
		}
		return c.Raw(func(driver any) error {
			_, err := driver.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{t.name}, names, source)
			return err
		})
	}}
}

// pgSource gives rows out as PostgreSQL takes them.
type pgSource struct {
	*tally
	kinds []string
}

// Values implements pgx.CopyFromSource.
func (s *pgSource) Values() ([]any, error) {
	values := slices.Clone(s.values)
	for i, kind := range s.kinds {
		text, ok := values[i].(string)
		switch {
		case !ok:
		case kind == "bytea":
			values[i] = []byte(text)
		case strings.ContainsRune(text, 0) || !utf8.ValidString(text):
			return nil, fmt.Errorf("row %d, by its key, holds the byte 0 or no UTF-8 in %s, which PostgreSQL cannot keep; replace that with sqlite3 first",
				s.count, s.table.columns[i].name)
		}
	}
	return values, nil
}

// raise sets the counters of identity columns beyond what is there. They never
// go back, also where the table has become shorter.
func raise(ctx context.Context, tx conn, columns []pgColumn) error {
	for _, c := range columns {
		if !c.identity {
			continue
		}
		erased := "0"
		if c.table == "thread" { // its numbers are not given away again
			erased = "(SELECT max(thread_id) FROM erasure)"
		}
		var sequence string
		if err := row(ctx, tx, `SELECT pg_get_serial_sequence($1, $2)`, quoted(c.table), c.name).Scan(&sequence); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, fmt.Sprintf(`
			SELECT setval($1, greatest(max(%[1]s), (SELECT last_value FROM %[2]s), %[3]s)) FROM %[4]s HAVING greatest(max(%[1]s), %[3]s) > 0`,
			quoted(c.name), sequence, erased, quoted(c.table)), sequence)
		if err != nil {
			return fmt.Errorf("set the counter of %s: %w", c.table, err)
		}
	}
	return nil
}
