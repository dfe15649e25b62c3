-- +goose Up

-- Cases that have ended, for reports: supportbot.Ended. A time is 0 for never. No
-- word in it was written by a person. A row goes with its case.
CREATE TABLE ended (
    thread_id  INTEGER NOT NULL REFERENCES thread (id),
    id         TEXT    NOT NULL UNIQUE, -- of cases
    state      TEXT    NOT NULL,
    verdict    TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    channel    TEXT    NOT NULL,
    language   TEXT    NOT NULL,
    agent      TEXT    NOT NULL, -- the last owner
    opened_at  INTEGER NOT NULL,
    claimed_at INTEGER NOT NULL,
    replied_at INTEGER NOT NULL,
    ended_at   INTEGER NOT NULL,
    code       TEXT    NOT NULL,
    score      INTEGER NOT NULL, -- 1 to 5, 0 for none
    PRIMARY KEY (thread_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX ended_age ON ended (ended_at);
