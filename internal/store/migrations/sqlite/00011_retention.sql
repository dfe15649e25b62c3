-- +goose Up

-- Where the audit log begins: rows up to seq were deleted by age, and hash is
-- that of the last of them.
CREATE TABLE audit_foot (
    id   INTEGER PRIMARY KEY, -- 1, there is one row at most
    seq  INTEGER NOT NULL,
    hash BLOB    NOT NULL,
    mac  BLOB    NOT NULL -- of seq and hash
) STRICT;

DROP TRIGGER audit_never_forgets;

-- +goose StatementBegin
CREATE TRIGGER audit_never_forgets BEFORE DELETE ON audit
WHEN old.seq > coalesce((SELECT seq FROM audit_foot WHERE id = 1), 0)
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
-- +goose StatementEnd

-- From the next migration on peer is the HMAC of the address (base64), by which a
-- conversation is found, and the address is sealed by the conversation's key. Between
-- the two the program turns the one into the other.
ALTER TABLE thread ADD COLUMN address BLOB;

-- Which conversations were erased lately.
CREATE INDEX erasure_at ON erasure (erased_at);
