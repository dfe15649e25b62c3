-- +goose Up

-- What a person said about being written to: the latest counts.
CREATE TABLE consent (
    thread_id INTEGER NOT NULL REFERENCES thread (id),
    id        TEXT    NOT NULL, -- of the message that said so
    stopped   INTEGER NOT NULL, -- 1: to hear nothing more
    at        INTEGER NOT NULL,
    PRIMARY KEY (thread_id, id)
) STRICT;

-- What was paid for a day, in segments of SMS.
CREATE TABLE spending (
    day      INTEGER PRIMARY KEY, -- since 1970, UTC
    segments INTEGER NOT NULL
) STRICT;

-- What the provider said became of a message that was sent: a stage that only
-- grows, and the provider's error.
ALTER TABLE outbox ADD COLUMN receipt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN receipt_code INTEGER NOT NULL DEFAULT 0;
