-- +goose Up

-- The telephone at which an agent is called, sealed; NULL if there is none.
ALTER TABLE agent ADD COLUMN phone BLOB;

-- Tries to bring an agent's telephone and a caller together. data is sealed:
-- handoff.Line.
CREATE TABLE line (
    thread_id INTEGER NOT NULL REFERENCES thread (id),
    case_id   TEXT    NOT NULL,
    fence     INTEGER NOT NULL,
    try       INTEGER NOT NULL, -- 1, 2 … under the fence
    live      INTEGER NOT NULL, -- 1: something is to be done yet
    version   INTEGER NOT NULL,
    data      BLOB    NOT NULL,
    PRIMARY KEY (thread_id, case_id, fence, try)
) STRICT, WITHOUT ROWID;

CREATE INDEX line_live ON line (thread_id) WHERE live = 1;
