-- +goose Up

CREATE TABLE agent (
    name       TEXT   COLLATE "C" PRIMARY KEY,
    role       TEXT   NOT NULL,
    password   TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE token (
    sum        BYTEA  PRIMARY KEY,
    agent      TEXT   COLLATE "C" NOT NULL REFERENCES agent (name),
    created_at BIGINT NOT NULL
);

CREATE TABLE session (
    token      TEXT   COLLATE "C" PRIMARY KEY,
    data       BYTEA  NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE secret (
    name TEXT  COLLATE "C" PRIMARY KEY,
    key  BYTEA NOT NULL
);
