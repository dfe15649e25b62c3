-- +goose Up

-- The line of messages that must be sent to a person: those up to head are
-- settled, those up to tail are there. Who claims it counts up epoch; what is
-- written under an older one has no effect. It is a table of its own, since
-- lane changes with every turn and should have few indexes.
CREATE TABLE outlane (
    thread_id INTEGER PRIMARY KEY REFERENCES thread (id),
    channel   TEXT    NOT NULL,
    head      INTEGER NOT NULL DEFAULT 0,
    tail      INTEGER NOT NULL DEFAULT 0,
    epoch     INTEGER NOT NULL DEFAULT 0,
    ready_at  INTEGER NOT NULL -- when it may be claimed: at the end of a claim or of a pause
) STRICT;

CREATE INDEX outlane_ready ON outlane (channel, ready_at) WHERE tail > head;

CREATE TABLE outbox (
    thread_id   INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    message_seq INTEGER NOT NULL,
    idem        TEXT    NOT NULL,            -- the same on every try, so that a receiver can tell a repeat
    trace       TEXT    NOT NULL DEFAULT '', -- W3C traceparent of the turn
    status      TEXT    NOT NULL,            -- waiting, sending, sent, parked, resent
    tries       INTEGER NOT NULL DEFAULT 0,
    refusals    INTEGER NOT NULL DEFAULT 0,  -- tries that were refused for what the message is
    unsure      INTEGER NOT NULL DEFAULT 0,  -- 1 if a try that failed may have arrived
    error       TEXT    NOT NULL DEFAULT '', -- of the last try
    changed_at  INTEGER NOT NULL,
    PRIMARY KEY (thread_id, seq),
    FOREIGN KEY (thread_id, message_seq) REFERENCES message (thread_id, seq)
) STRICT;

CREATE INDEX outbox_parked ON outbox (changed_at) WHERE status = 'parked';

-- Why a row of the inbox was given up; NULL if it was not.
ALTER TABLE inbox ADD COLUMN failure TEXT;
CREATE INDEX inbox_failed ON inbox (accepted_at) WHERE failure IS NOT NULL;
