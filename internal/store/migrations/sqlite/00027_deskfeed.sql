-- +goose Up

-- How many events of a conversation another desk was to be told so far. Rows of
-- deskfeed go by age, the number goes on.
ALTER TABLE thread ADD COLUMN fed INTEGER NOT NULL DEFAULT 0;

-- What another desk is told of cases. The first row of a conversation that is
-- waiting or sending is the next one; whoever claims it counts up epoch.
CREATE TABLE deskfeed (
    thread_id   INTEGER NOT NULL REFERENCES thread (id),
    seq         INTEGER NOT NULL,
    idem        TEXT    NOT NULL,            -- the same on every try, so that a receiver can tell a repeat
    event       TEXT    NOT NULL,            -- supportbot.CaseEvent as JSON: nobody's words
    status      TEXT    NOT NULL,            -- waiting, sending, sent, parked, dropped
    epoch       INTEGER NOT NULL DEFAULT 0,
    tries       INTEGER NOT NULL DEFAULT 0,
    refusals    INTEGER NOT NULL DEFAULT 0,
    unsure      INTEGER NOT NULL DEFAULT 0,
    error       TEXT    NOT NULL DEFAULT '', -- of the last try
    fed_at      INTEGER NOT NULL,
    ready_at    INTEGER NOT NULL,            -- when it may be claimed: at the end of a claim or of a pause
    changed_at  INTEGER NOT NULL,
    PRIMARY KEY (thread_id, seq)
) STRICT;

CREATE INDEX deskfeed_next ON deskfeed (thread_id, seq) WHERE status IN ('waiting', 'sending');
CREATE INDEX deskfeed_parked ON deskfeed (changed_at) WHERE status = 'parked';
CREATE INDEX deskfeed_old ON deskfeed (changed_at) WHERE status <> 'parked';
