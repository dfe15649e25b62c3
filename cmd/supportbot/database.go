package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/user"
	"path/filepath"
	"strconv"

	"supportbot"
	"supportbot/handoff"
	"supportbot/internal/seal"
	"supportbot/internal/store"
)

// dataDir is where the database is unless --data says otherwise.
func (c *cli) dataDir() string {
	if c.Data != "" {
		return c.Data
	}
	return "data"
}

// stored tells whether a database was named at all.
func (c *cli) stored() bool { return c.Data != "" || c.Database != "" }

// place is the database that --database or --data names: a URL or a directory.
func (c *cli) place() (string, error) {
	if c.Database == "" {
		return c.dataDir(), nil
	}
	if !store.IsURL(c.Database) {
		return "", errors.New("--database must be a URL such as postgres://bot@db.example.com/supportbot; a directory is named by --data")
	}
	return c.Database, nil
}

// existing is place for what makes no sense on an empty database.
func (c *cli) existing() (string, error) {
	if c.Database == "" {
		if _, err := os.Stat(filepath.Join(c.dataDir(), "supportbot.db")); err != nil {
			return "", fmt.Errorf("there is no database in %s; name its directory with --data, or its URL with --database", c.dataDir())
		}
	}
	return c.place()
}

// key is where the key of the database is.
func (c *cli) key() seal.Place {
	switch {
	case c.KeyFile != "":
		return seal.Place{File: c.KeyFile, Make: true}
	case c.Key != "":
		return seal.Place{Given: c.Key}
	}
	return seal.Place{File: filepath.Join(c.dataDir(), "supportbot.key"), Make: true}
}

// openStore opens the database at place, and makes it if it is not there.
func (c *cli) openStore(ctx context.Context) (*store.Store, error) {
	place, err := c.place()
	if err != nil {
		return nil, err
	}
	return c.openAt(ctx, place)
}

// openExisting opens the database at existing.
func (c *cli) openExisting(ctx context.Context) (*store.Store, error) {
	place, err := c.existing()
	if err != nil {
		return nil, err
	}
	return c.openAt(ctx, place)
}

// minAuditKey is the least length of --audit-key, in bytes.
const minAuditKey = 32

// operator names whoever works at the machine.
func operator() string {
	u, err := user.Current()
	if err != nil {
		return handoff.OperatorPrefix + strconv.Itoa(os.Getuid())
	}
	return handoff.OperatorPrefix + u.Username
}

// openAt opens the database at a place with the key of its audit log, for whoever
// works at the machine.
func (c *cli) openAt(ctx context.Context, place string) (*store.Store, error) {
	if c.AuditKey != "" && len(c.AuditKey) < minAuditKey {
		return nil, fmt.Errorf("--audit-key needs %d characters at least, such as from: openssl rand -hex 32", minAuditKey)
	}
	s, err := store.Open(ctx, place, c.key())
	if err != nil {
		return nil, err
	}
	if c.AuditKey != "" {
		s.AuditKey([]byte(c.AuditKey))
	}
	s.Operator(operator())
	return s, nil
}

// withoutPassword is a URL as it may be shown.
func withoutPassword(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "********"
	}
	query := u.Query()
	if query.Has("password") {
		query.Set("password", "xxxxx")
		u.RawQuery = query.Encode()
	}
	return u.Redacted()
}

// auditAt adds an act to the audit log of the database at a place.
func (c *cli) auditAt(ctx context.Context, place string, act supportbot.Audited) error {
	s, err := c.openAt(ctx, place)
	if err != nil {
		return err
	}
	defer s.Close()
	return s.Audit(ctx, act)
}

type migrateCmd struct{}

// Run migrates. Programs of the version before go on with the new schema, so
// that it can be run before they are replaced.
func (migrateCmd) Run(ctx context.Context, c *cli) error {
	s, err := c.openStore(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	version, err := s.Schema(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("the schema is version %d\n", version)
	return nil
}
