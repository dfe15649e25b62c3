package reference

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"supportbot"
	"supportbot/handoff"
	"supportbot/internal/authoring"
)

// maxProblems is how many mistakes of a file are told at once.
const maxProblems = 10

var (
	columnPattern = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	// secret is what nobody may be asked for, so that it is no use on file.
	secret = regexp.MustCompile(`passw|^pin|pin$|cvv|cvc|otp|card_?(no|number)|secret`)
)

// reader reads a file, and goes on after a mistake. No value is in an error.
type reader struct {
	name     string
	table    *table
	names    []string
	lines    map[sum]int // of each merchant
	problems []error
}

func (r *reader) fail(line int, format string, args ...any) {
	r.problems = append(r.problems, fmt.Errorf("%s:%d: %s", r.name, line, fmt.Sprintf(format, args...)))
}

// read reads CSV: a line of NAME:KIND for each column, of which the first names the
// merchant, then a line for each merchant. The error wraps supportbot.ErrInvalid and
// has a line for each mistake.
func read(name string, data []byte) (*table, error) {
	r := &reader{name: name, table: newTable(), lines: map[sum]int{}}
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // Excel writes one
	if fault, wrong := authoring.NotUTF8(string(data)); wrong {
		return nil, fmt.Errorf("%w: %s:%d: %s", supportbot.ErrInvalid, name, fault.Line, fault.Text)
	}
	rows := csv.NewReader(bytes.NewReader(data))
	rows.ReuseRecord = true
	for len(r.problems) < maxProblems {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
			r.fail(parse.Line, "%v", parse.Err)
			continue
		}
		if line, _ := rows.FieldPos(0); r.names == nil {
			r.header(line, row)
		} else {
			r.row(line, row)
		}
	}
	if r.names == nil && len(r.problems) == 0 {
		r.fail(1, "the file is empty; its first line names the columns, such as merchant:digits,owner:words")
	}
	if len(r.problems) > 0 {
		return nil, fmt.Errorf("%w: %w", supportbot.ErrInvalid, errors.Join(r.problems...))
	}
	return r.table, nil
}

func (r *reader) header(line int, row []string) {
	r.names = []string{}
	for i, column := range row {
		name, kind, _ := strings.Cut(strings.TrimSpace(column), ":")
		switch {
		case !columnPattern.MatchString(name):
			r.fail(line, "column %d is called %q; write small letters, digits and _, such as owner:words", i+1, name)
		case !slices.Contains(handoff.Kinds, handoff.Kind(kind)):
			r.fail(line, "column %s has no kind; write %s:KIND, which is one of %v", name, name, handoff.Kinds)
		case secret.MatchString(name):
			r.fail(line, "column %s is a secret; passwords, PINs, codes and full card numbers are never asked for: take it out", name)
		case slices.Contains(r.names, name):
			r.fail(line, "there are two columns %s; keep one", name)
		}
		r.names = append(r.names, name)
		if i == 0 {
			r.table.first = handoff.Kind(kind)
		}
		r.table.columns[name] = handoff.Kind(kind)
	}
}

func (r *reader) row(line int, row []string) {
	merchant := handoff.Normal(r.table.first, row[0])
	if merchant == "" {
		r.fail(line, "%s is empty, or none of its kind", r.names[0])
		return
	}
	key := r.table.sum(merchant)
	if other, twice := r.lines[key]; twice {
		r.fail(line, "the merchant of this line is also that of line %d; keep one", other)
		return
	}
	r.lines[key] = line
	for i, value := range row {
		name := r.names[i]
		normal := handoff.Normal(r.table.columns[name], value)
		switch {
		case normal != "":
			r.table.put(merchant, name, normal)
		case strings.TrimSpace(value) != "":
			r.fail(line, "%s is no value of the kind %s; correct it or leave it empty", name, r.table.columns[name])
		}
	}
}
