-- +goose Up

-- The stamp changes with all that must end the sessions of an agent. The key of
-- the second factor is sealed, '' if there is none; a code of the same or an
-- earlier step of 30 seconds is a repeat.
ALTER TABLE agent ADD COLUMN stamp TEXT NOT NULL DEFAULT '';
ALTER TABLE agent ADD COLUMN totp TEXT NOT NULL DEFAULT '';
ALTER TABLE agent ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;

-- What lets an agent in once without the second factor. Only the SHA-256 is known.
CREATE TABLE recovery (
    agent TEXT NOT NULL REFERENCES agent (name),
    sum   BLOB NOT NULL,
    PRIMARY KEY (agent, sum)
) STRICT, WITHOUT ROWID;

ALTER TABLE token ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0; -- to the minute
CREATE INDEX token_agent ON token (agent);

-- Who did what, in a chain: hash is the HMAC of the row and of the hash before.
CREATE TABLE audit (
    seq     INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    actor   TEXT    NOT NULL, -- an agent, '' whoever works at the machine, or nobody known
    action  TEXT    NOT NULL,
    subject TEXT    NOT NULL,
    details TEXT    NOT NULL, -- JSON
    prev    BLOB    NOT NULL,
    hash    BLOB    NOT NULL
) STRICT;

-- The end of the chain, by which it can be told that rows are missing there.
CREATE TABLE audit_head (
    id     INTEGER PRIMARY KEY, -- 1, there is one row at most
    seq    INTEGER NOT NULL,
    hash   BLOB    NOT NULL,
    mac    BLOB    NOT NULL, -- of seq and hash
    key_id BLOB    NOT NULL  -- tells one key from another
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER audit_never_forgets BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
-- +goose StatementEnd

-- INSERT OR REPLACE would not ask the trigger above.
-- +goose StatementBegin
CREATE TRIGGER audit_never_replaces BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE seq = new.seq)
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
-- +goose StatementEnd
