-- +goose Up

-- Where agents are: which case they look at, and what they have begun to write.
-- draft is sealed, NULL if there is none.
CREATE TABLE seat (
    thread_id INTEGER NOT NULL REFERENCES thread (id),
    case_id   TEXT    NOT NULL,
    agent     TEXT    NOT NULL,
    seen_at   INTEGER NOT NULL,
    typed_at  INTEGER NOT NULL DEFAULT 0,
    draft     BLOB,
    PRIMARY KEY (thread_id, case_id, agent)
) STRICT, WITHOUT ROWID;

CREATE INDEX seat_case ON seat (case_id, seen_at);
