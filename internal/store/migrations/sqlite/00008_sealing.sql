-- +goose Up

-- What people say is sealed from here on. Between this migration and the next
-- the program seals what is there, in columns beside the plain ones. Programs
-- that know no sealing can neither read nor write from now on.

-- The key of the conversation, itself sealed by the key of the database. NULL:
-- its rows are not sealed yet.
ALTER TABLE thread ADD COLUMN key BLOB;
ALTER TABLE thread RENAME COLUMN session TO plain_session;
ALTER TABLE thread ADD COLUMN session BLOB;

-- result is the outcome together with what the turn has logged.
ALTER TABLE inbox RENAME COLUMN payload TO plain_payload;
ALTER TABLE inbox RENAME COLUMN outcome TO plain_outcome;
ALTER TABLE inbox ADD COLUMN payload BLOB;
ALTER TABLE inbox ADD COLUMN result BLOB;

ALTER TABLE message ADD COLUMN body BLOB; -- author, text, spoken, choices

ALTER TABLE cases RENAME COLUMN data TO plain_data;
ALTER TABLE cases ADD COLUMN data BLOB;

-- Conversations that were erased, so that no number is given away twice.
CREATE TABLE erasure (
    thread_id INTEGER PRIMARY KEY,
    erased_at INTEGER NOT NULL,
    why       TEXT    NOT NULL -- request, age
) STRICT;
