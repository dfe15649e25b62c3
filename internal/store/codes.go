package store

import (
	"errors"

	"modernc.org/sqlite"
)

// The codes of https://sqlite.org/rescode.html.
const (
	liteError      = 1 // such as a table that is not there
	liteBusy       = 5
	liteReadOnly   = 8
	liteFull       = 13
	liteNoDatabase = 26
)

// liteFails tells whether err comes from SQLite with this code.
func liteFails(err error, code int) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == code
}
