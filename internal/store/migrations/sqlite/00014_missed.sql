-- +goose Up

-- Messages that were not understood, for those who write the content. data and
-- meant are sealed: supportbot.Missed, and the topic that it turned out to mean,
-- NULL until that is known.
CREATE TABLE missed (
    thread_id INTEGER NOT NULL REFERENCES thread (id),
    seq       INTEGER NOT NULL, -- of inbox
    missed_at INTEGER NOT NULL,
    data      BLOB    NOT NULL,
    meant     BLOB,
    PRIMARY KEY (thread_id, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX missed_age ON missed (missed_at, thread_id, seq);
