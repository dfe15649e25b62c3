package store

import (
	"context"
	"database/sql"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryStatementFitsItsDatabases: both databases can read what the package
// may ask of them, so that a typo or a column that is gone is found also where no
// other test comes by. Left out is what is put together only while the program
// runs: copies of tables, the list of cases, a conversation's first turn; and what
// reads the schema between two migrations, which TestFromTheOldestSchema runs.
func TestEveryStatementFitsItsDatabases(t *testing.T) {
	statements := written(t)
	if len(statements) < 90 {
		t.Fatalf("only %d statements were found, there were more than 100 once", len(statements))
	}
	both(t, func(t *testing.T, place string) {
		s := openAt(t, place)
		for query, where := range statements {
			if err := prepare(t.Context(), s, query); err != nil {
				t.Errorf("%s: %v:\n%s", where, err, query)
			}
		}
	})
}

// prepare has the database of a store read a statement, if it is meant for it.
func prepare(ctx context.Context, s *Store, query string) error {
	var stmt *sql.Stmt
	var err error
	switch c := s.read.(type) {
	case *lite:
		if onlyPostgres.MatchString(query) {
			return nil
		}
		stmt, err = c.statement(ctx, query)
	case *postgresReads:
		if onlySQLite.MatchString(query) {
			return nil
		}
		stmt, err = c.PrepareContext(ctx, newNamed(query).text)
	}
	if err != nil {
		return err
	}
	defer stmt.Close()
	return nil
}

var (
	statement  = regexp.MustCompile(`^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b`)
	unfinished = regexp.MustCompile(`%(\[\d\])?s|(FROM|WHERE|INTO)\s*$`)

	// What only one of the databases knows.
	onlyPostgres = regexp.MustCompile(`\bpg_|\bset_config\b|\binformation_schema\b|@\w`)
	onlySQLite   = regexp.MustCompile(`\bsqlite_|\bpragma_|\bstrftime\b`)
)

// written finds the statements in the source, and where they stand: the constant
// texts that are part of no longer one. Imports are not followed, since no part
// of a statement comes from there.
func written(t *testing.T) map[string]token.Position {
	t.Helper()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	var files []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") || path == "sealing.go" {
			continue
		}
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	info := types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	config := types.Config{Error: func(error) {}} // of imports
	config.Check("store", set, files, &info)

	found := map[string]token.Position{}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			expr, ok := n.(ast.Expr)
			if !ok {
				return true
			}
			value := info.Types[expr].Value
			if value == nil || value.Kind() != constant.String {
				return true
			}
			text := constant.StringVal(value)
			if statement.MatchString(text) && !unfinished.MatchString(text) {
				found[text] = set.Position(expr.Pos())
			}
			return false
		})
	}
	return found
}
