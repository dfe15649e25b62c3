-- +goose Up

CREATE TABLE agent (
    name       TEXT    PRIMARY KEY,
    role       TEXT    NOT NULL,
    password   TEXT    NOT NULL, -- a PHC string, '' if the agent has only tokens
    created_at INTEGER NOT NULL
) STRICT;

-- API tokens. Of the token itself only the SHA-256 is known.
CREATE TABLE token (
    sum        BLOB    PRIMARY KEY,
    agent      TEXT    NOT NULL REFERENCES agent (name),
    created_at INTEGER NOT NULL
) STRICT;

-- Web sessions of the console.
CREATE TABLE session (
    token      TEXT    PRIMARY KEY,
    data       BLOB    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX session_expiry ON session (expires_at);

-- Random keys that must stay the same over restarts.
CREATE TABLE secret (
    name TEXT PRIMARY KEY,
    key  BLOB NOT NULL
) STRICT;
