-- +goose Up

ALTER TABLE thread ADD COLUMN key BYTEA;
ALTER TABLE thread RENAME COLUMN session TO plain_session;
ALTER TABLE thread ADD COLUMN session BYTEA;

ALTER TABLE inbox RENAME COLUMN payload TO plain_payload;
ALTER TABLE inbox RENAME COLUMN outcome TO plain_outcome;
ALTER TABLE inbox ADD COLUMN payload BYTEA;
ALTER TABLE inbox ADD COLUMN result BYTEA;

ALTER TABLE message ADD COLUMN body BYTEA;

ALTER TABLE cases RENAME COLUMN data TO plain_data;
ALTER TABLE cases ADD COLUMN data BYTEA;

CREATE TABLE erasure (
    thread_id BIGINT PRIMARY KEY,
    erased_at BIGINT NOT NULL,
    why       TEXT   NOT NULL
);
